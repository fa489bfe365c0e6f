// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Opens incidents, lets signals join them, and keeps their timelines. Every change is a record in the trail that holds
 * the whole incident, and an event for the listeners.
 */
public final class IncidentDesk implements Incidents, RetentionHold {
    private static final String LIBRARY = "incident4j";
    private static final Duration ONE_CAUSE = Duration.ofHours(1);
    private static final int MAX_RESOLVED = 1_000;
    private static final int SIGNALS_TOLD = 8;

    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Consumer<IncidentEvent> listeners;
    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private final Map<String, PlanState> plans = new HashMap<>(); // of the open ones
    private long lastId;

    /**
     * Creates a desk without incidents.
     *
     * @param time the clocks
     * @param trail takes the records
     * @param listeners is told of every event; returns at once
     */
    public IncidentDesk(TimeSource time, Consumer<TrailEntry> trail, Consumer<IncidentEvent> listeners) {
        this.time = time;
        this.trail = trail;
        this.listeners = listeners;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param stored any record of the trail
     * @return what happened in an incident, if it is a record of that
     */
    public synchronized Optional<IncidentEvent> replay(StoredRecord stored) {
        if (stored.type().startsWith(IncidentRecord.PREFIX)) {
            Incident incident = IncidentJson.read(stored.json().path("incident"));
            keep(incident, PlanJson.read(stored.json().path("plan")));
            lastId = Math.max(lastId, numberOf(incident.id()));
            return newest(incident).map(entry -> new IncidentEvent(incident, entry));
        }
        return Optional.empty();
    }

    private static Optional<TimelineEntry> newest(Incident incident) {
        List<TimelineEntry> timeline = incident.timeline();
        return timeline.isEmpty() ? Optional.empty() : Optional.of(timeline.get(timeline.size() - 1));
    }

    private static long numberOf(String id) {
        try {
            return Long.parseLong(id.substring(id.indexOf('-') + 1));
        } catch (NumberFormatException e) {
            return 0; // not an id of ours, so none that we could give again
        }
    }

    /**
     * Files a signal: it joins the open incident that has the same cause, or opens one.
     *
     * @param signal the signal
     * @param asks says whether the response plan has something to do about it, for an incident and where its plan
     *     stands
     * @return the incident
     */
    public synchronized Incident file(Signal signal, BiPredicate<Incident, PlanState> asks) {
        Optional<Incident> same = incidents.values().stream()
                .filter(each -> isSameCause(each, signal))
                .findFirst();
        if (same.isEmpty()) {
            Incident opened = open(signal);
            PlanState plan = due(signal, opened, PlanState.NEW, asks);
            return told(signal, opened, plan, Kind.OPENED, signal.sentence());
        }
        Incident joined = IncidentChange.counting(same.get());
        PlanState before = plan(joined.id());
        if (signal.severity().compareTo(joined.severity()) < 0) {
            Incident worse = IncidentChange.worsenedBy(joined, signal);
            String what = "from " + joined.severity() + " to " + signal.severity() + ": " + signal.sentence();
            return told(signal, worse, due(signal, worse, before.anew(), asks), Kind.SEVERITY_RAISED, what);
        }
        PlanState plan = due(signal, joined, before, asks);
        // Of a storm the first signals are told, and then fewer and fewer; all of them count.
        if (joined.signals() <= SIGNALS_TOLD || Long.bitCount(joined.signals()) == 1 || !plan.equals(before)) {
            return told(signal, joined, plan, Kind.SIGNAL, "on " + signal.route() + ": " + signal.sentence());
        }
        incidents.put(joined.id(), joined);
        return joined;
    }

    /** What was due before is done or void by now: a plan that has been kept from a step goes on before any signal. */
    private static PlanState due(
            Signal signal, Incident incident, PlanState plan, BiPredicate<Incident, PlanState> asks) {
        return asks.test(incident, plan) ? plan.dueOn(signal.route()) : plan.atRest();
    }

    private Incident told(Signal signal, Incident incident, PlanState plan, Kind kind, String what) {
        trail.accept(new SignalRecord(signal, incident.id(), time.nanoTime()));
        return publish(incident, plan, kind, signal.detector(), what);
    }

    /**
     * Where the response plan of an incident stands; also by what an earlier run has recorded.
     *
     * @param id the incident's id
     * @return the state: that of a plan that has not begun if there is no open incident of this id
     */
    public synchronized PlanState plan(String id) {
        return plans.getOrDefault(id, PlanState.NEW);
    }

    /**
     * One cause is one incident: signals of one type on the same part of the traffic, and a lesser signal of another
     * type that set in about the same time, or a worse one, which then gives the incident its type. The same harm to
     * another segment, and harm of another type that is as bad, are incidents of their own with their own containment.
     */
    private static boolean isSameCause(Incident incident, Signal signal) {
        if (!incident.isOpen() || !incident.model().equals(signal.model())) {
            return false;
        }
        return incident.type() == signal.type()
                ? incident.segment().equals(signal.segment())
                : incident.severity() != signal.severity()
                        && Duration.between(incident.onset(), signal.onset())
                                        .abs()
                                        .compareTo(ONE_CAUSE)
                                <= 0;
    }

    private Incident open(Signal signal) {
        return new Incident(
                "inc-" + ++lastId,
                fingerprint(signal.model(), signal.type(), signal.segment().map(Segment::toString)),
                signal.model(),
                signal.type(),
                signal.severity(),
                IncidentState.DETECTED,
                signal.segment(),
                signal.detector(),
                signal.sentence(),
                Optional.of(signal.evidence()),
                signal.onset(),
                signal.onsetDecision(),
                signal.time(),
                signal.decision(),
                1,
                List.of());
    }

    /** No two that are open have the same one, as of an incident that has changed its type and of another one. */
    private String fingerprint(String model, IncidentType type, Optional<String> part) {
        String whole = IncidentJson.fingerprint(model, type, part);
        long alike = open().stream()
                .filter(each ->
                        each.fingerprint().equals(whole) || each.fingerprint().startsWith(whole + "#"))
                .count();
        return alike == 0 ? whole : whole + "#" + (alike + 1);
    }

    /**
     * Opens an incident about the library's own work, such as a trail that cannot be written. While one of the same
     * finding is open, nothing happens.
     *
     * @param type what kind of harm
     * @param severity how bad
     * @param finding what was found
     */
    public synchronized void raise(IncidentType type, Severity severity, String finding) {
        boolean known = open().stream()
                .anyMatch(
                        each -> each.source().equals(LIBRARY) && each.finding().equals(finding));
        if (known) {
            return;
        }
        Instant now = time.instant();
        Incident incident = new Incident(
                "inc-" + ++lastId,
                fingerprint(LIBRARY, type, Optional.of(finding)),
                LIBRARY,
                type,
                severity,
                IncidentState.DETECTED,
                Optional.empty(),
                LIBRARY,
                finding,
                Optional.empty(),
                now,
                -1,
                now,
                -1,
                0,
                List.of());
        publish(incident, PlanState.NEW, Kind.OPENED, LIBRARY, finding);
    }

    /**
     * Notes what was done in an incident.
     *
     * @param id the incident's id
     * @param kind what sort of thing
     * @param what what happened
     */
    public synchronized void note(String id, Kind kind, String what) {
        note(id, kind, what, plan(id));
    }

    /**
     * Notes what was done in an incident by its response plan.
     *
     * @param id the incident's id
     * @param kind what sort of thing
     * @param what what happened
     * @param plan where the plan stands now
     */
    public synchronized void note(String id, Kind kind, String what, PlanState plan) {
        Incident incident = incidents.get(id);
        if (incident != null) {
            IncidentState state = incident.isOpen() ? stateAfter(kind, incident.state()) : incident.state();
            publish(IncidentChange.in(incident, state), plan, kind, LIBRARY, what);
        }
    }

    /** A plan does something where harm is seen; what becomes of a ramp tells nothing about that. */
    private static IncidentState stateAfter(Kind kind, IncidentState before) {
        return switch (kind) {
            case CONTAINED -> IncidentState.CONTAINED;
            case CONTAINMENT,
                    CONTAINMENT_PROPOSED,
                    CONTAINMENT_SKIPPED,
                    CONTAINMENT_INEFFECTIVE,
                    CONTAINMENT_LIFTED,
                    PLAN_EXHAUSTED -> IncidentState.DETECTED;
            default -> before;
        };
    }

    private Incident publish(Incident incident, PlanState plan, Kind kind, String by, String what) {
        TimelineEntry entry = new TimelineEntry(IncidentChange.nextNumber(incident), time.instant(), kind, by, what);
        Incident changed = IncidentChange.with(incident, entry);
        keep(changed, plan);
        trail.accept(new IncidentRecord(changed, plan, entry, time.nanoTime()));
        listeners.accept(new IncidentEvent(changed, entry));
        return changed;
    }

    private void keep(Incident incident, PlanState plan) {
        incidents.put(incident.id(), incident);
        if (incident.isOpen()) {
            plans.put(incident.id(), plan);
        } else {
            plans.remove(incident.id());
        }
        if (incidents.size() > MAX_RESOLVED) {
            incidents.values().stream()
                    .filter(each -> !each.isOpen())
                    .findFirst()
                    .ifPresent(oldest -> incidents.remove(oldest.id()));
        }
    }

    @Override
    public synchronized List<Incident> open() {
        return incidents.values().stream().filter(Incident::isOpen).toList();
    }

    /** An open incident needs what was recorded since it began. */
    @Override
    public Optional<Instant> heldSince() {
        return open().stream()
                .map(incident ->
                        incident.onset().isBefore(incident.detected()) ? incident.onset() : incident.detected())
                .min(Instant::compareTo);
    }

    @Override
    public synchronized List<Incident> all() {
        return List.copyOf(incidents.values());
    }

    @Override
    public synchronized Optional<Incident> find(String id) {
        return Optional.ofNullable(incidents.get(id));
    }

    @Override
    public synchronized Optional<Incident> acknowledge(String id, Cause cause) {
        Incident incident = incidents.get(id);
        if (incident == null || !incident.isOpen() || incident.isAcknowledged()) {
            return Optional.ofNullable(incident);
        }
        return Optional.of(publish(incident, plan(id), Kind.ACKNOWLEDGED, cause.by(), cause.because()));
    }

    @Override
    public synchronized Optional<Incident> resolve(String id, Cause cause) {
        Incident incident = incidents.get(id);
        if (incident == null || !incident.isOpen()) {
            return Optional.ofNullable(incident);
        }
        Incident resolved = IncidentChange.in(incident, IncidentState.RESOLVED);
        return Optional.of(publish(resolved, PlanState.NEW, Kind.RESOLVED, cause.by(), cause.because()));
    }
}
