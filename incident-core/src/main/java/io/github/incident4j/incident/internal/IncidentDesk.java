// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Assessment;
import io.github.incident4j.incident.Handling;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Incidents;
import io.github.incident4j.incident.Report;
import io.github.incident4j.incident.Role;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.incident.SeverityRules;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Opens incidents, lets signals and reports join them, does what people ask for, and watches the clocks. */
public final class IncidentDesk implements Incidents, RetentionHold {
    static final String LIBRARY = "incident4j";
    private static final Duration NEXT_NAME_OF_A_NOTICE = Duration.ofHours(1);
    private static final int SIGNALS_TOLD = 8;

    private final TimeSource time;
    private final IncidentRules rules;
    private final Consumer<TrailEntry> trail;
    private final IncidentBook book;

    /**
     * Creates a desk without incidents.
     *
     * @param time the clocks
     * @param rules how incidents are kept
     * @param trail takes the records
     * @param listeners is told of every event; returns at once
     */
    public IncidentDesk(
            TimeSource time, IncidentRules rules, Consumer<TrailEntry> trail, Consumer<IncidentEvent> listeners) {
        this.time = time;
        this.rules = rules;
        this.trail = trail;
        this.book = new IncidentBook(time, rules.deadlines(), trail, listeners);
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
            book.restore(
                    incident,
                    PlanJson.read(stored.json().path("plan")),
                    IncidentJson.readHarm(stored.json().path("harm"), incident));
            return newest(incident).map(entry -> new IncidentEvent(incident, entry));
        }
        return Optional.empty();
    }

    private static Optional<TimelineEntry> newest(Incident incident) {
        List<TimelineEntry> timeline = incident.timeline();
        return timeline.isEmpty() ? Optional.empty() : Optional.of(timeline.get(timeline.size() - 1));
    }

    /**
     * Files a signal: it joins the open incident that has the same cause, opens one again that ended lately, or opens
     * one.
     *
     * @param signal the signal
     * @param asks says whether the response plan has something to do about it, for an incident and where its plan
     *     stands
     * @return the incident
     */
    public synchronized Incident file(Signal signal, BiPredicate<Incident, PlanState> asks) {
        Optional<Incident> same = book.open()
                .filter(each -> Correlation.isSameHarm(book.seen(each), signal))
                .findFirst()
                .or(() -> book.open()
                        .filter(each -> Correlation.isSameCause(each, book.harm(each.id()), signal))
                        .findFirst());
        if (same.isPresent()) {
            return join(signal, new IncidentDraft(same.get()).counting(), asks);
        }
        Optional<Incident> ended =
                endedLately(book.all().filter(each -> Correlation.isSameHarm(book.seen(each), signal)));
        if (ended.isPresent()) {
            boolean wasFalseAlarm = ended.get().state() == IncidentState.DISMISSED;
            IncidentDraft again = book.reopened(ended.get()).counting();
            again.rated(
                    wasFalseAlarm ? signal.severity() : ended.get().severity().worse(signal.severity()));
            book.see(ended.get().id(), Harm.of(signal)); // what an earlier episode was drives nothing in this one
            PlanState plan = due(signal, again, book.plan(ended.get().id()), asks);
            return told(signal, again, plan, Kind.REOPENED, signal.sentence());
        }
        IncidentDraft opened = opened(newOf(signal));
        see(opened.before().id(), signal);
        return told(signal, opened, due(signal, opened, PlanState.NEW, asks), Kind.OPENED, signal.sentence());
    }

    private Incident join(Signal signal, IncidentDraft joined, BiPredicate<Incident, PlanState> asks) {
        Incident incident = joined.before();
        PlanState before = book.plan(incident.id());
        if (see(incident.id(), signal)) {
            boolean isWorse = signal.severity().compareTo(incident.severity()) < 0;
            String what = isWorse
                    ? "from " + incident.severity() + " to " + signal.severity() + ": " + signal.sentence()
                    : "on " + signal.route() + ": " + signal.sentence();
            joined.worsenedBy(signal);
            PlanState plan = due(signal, joined, before.anew(), asks);
            return told(signal, joined, plan, isWorse ? Kind.SEVERITY_RAISED : Kind.SIGNAL, what);
        }
        PlanState plan = due(signal, joined, before, asks);
        if (plan.due().isEmpty() && isTakenForOver(incident) && Correlation.isSameHarm(book.seen(incident), signal)) {
            return told(
                    signal,
                    joined.harmed(),
                    plan,
                    Kind.CONTAINMENT_INEFFECTIVE,
                    "there is harm again: " + signal.sentence());
        }
        // Of a storm the first signals are told, and then fewer and fewer; all of them count.
        if (isTold(incident.signals() + 1) || !plan.equals(before)) {
            return told(signal, joined, plan, Kind.SIGNAL, "on " + signal.route() + ": " + signal.sentence());
        }
        return book.count(joined);
    }

    /** Takes a signal for the worst that detectors have seen, if it is; returns whether so. */
    private boolean see(String id, Signal signal) {
        boolean isWorst = book.harm(id)
                .filter(harm -> harm.severity().compareTo(signal.severity()) <= 0)
                .isEmpty();
        if (isWorst) {
            book.see(id, Harm.of(signal));
        }
        return isWorst;
    }

    /** Whether people believe that there is no harm any more, and the plan has nothing to say about it. */
    private static boolean isTakenForOver(Incident incident) {
        return incident.contained()
                || incident.state() == IncidentState.REMEDIATED
                || incident.state() == IncidentState.RECOVERING;
    }

    private static boolean isTold(long signals) {
        return signals <= SIGNALS_TOLD || Long.bitCount(signals) == 1;
    }

    /** What was due before is done or void by now: a plan that has been kept from a step goes on before any signal. */
    private PlanState due(Signal signal, IncidentDraft draft, PlanState plan, BiPredicate<Incident, PlanState> asks) {
        return asks.test(book.seen(draft.build()), plan) ? plan.dueOn(signal.route()) : plan.atRest();
    }

    private Incident told(Signal signal, IncidentDraft draft, PlanState plan, Kind kind, String what) {
        trail.accept(new SignalRecord(signal, draft.before().id(), time.nanoTime()));
        return book.publish(draft, plan, kind, signal.detector(), what);
    }

    private Optional<Incident> endedLately(Stream<Incident> alike) {
        return Correlation.endedLately(alike, time.instant(), rules.recurrence());
    }

    private IncidentDraft opened(Incident incident) {
        return new IncidentDraft(incident).assign(rules.responsibilities().roles(incident.severity()));
    }

    private Incident newOf(Signal signal) {
        return new Incident(
                book.newId(),
                book.fingerprint(signal.model(), signal.type(), signal.segment().map(Segment::toString)),
                signal.model(),
                signal.type(),
                signal.severity(),
                IncidentState.DETECTED,
                false,
                signal.segment(),
                signal.detector(),
                signal.sentence(),
                Optional.of(signal.evidence()),
                signal.onset(),
                signal.onsetDecision(),
                signal.time(),
                signal.decision(),
                1,
                Handling.NONE,
                List.of());
    }

    /** An incident that no detector found. */
    private Incident newOf(
            String model,
            IncidentType type,
            Severity severity,
            Optional<Segment> segment,
            String source,
            String finding,
            Optional<Instant> since) {
        Instant now = time.instant();
        Optional<String> part = source.equals(LIBRARY) ? Optional.of(finding) : segment.map(Segment::toString);
        return new Incident(
                book.newId(),
                book.fingerprint(model, type, part),
                model,
                type,
                severity,
                IncidentState.DETECTED,
                false,
                segment,
                source,
                finding,
                Optional.empty(),
                since.orElse(now),
                -1,
                now,
                -1,
                0,
                Handling.NONE,
                List.of());
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
        boolean known = book.open()
                .anyMatch(
                        each -> each.source().equals(LIBRARY) && each.finding().equals(finding));
        if (!known) {
            Incident raised = newOf(LIBRARY, type, severity, Optional.empty(), LIBRARY, finding, Optional.empty());
            book.publish(opened(raised), Kind.OPENED, LIBRARY, finding);
        }
    }

    @Override
    public synchronized Incident report(Report report) {
        Optional<Incident> same =
                book.open().filter(each -> Correlation.isSameHarm(each, report)).findFirst();
        Optional<Incident> known =
                same.or(() -> endedLately(book.all().filter(each -> Correlation.isSameHarm(each, report))));
        String by = "report: " + report.source().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (known.isEmpty()) {
            Incident reported = newOf(
                    report.model().orElse(Correlation.NO_MODEL),
                    report.type(),
                    report.severity(),
                    report.segment(),
                    by,
                    report.sentence(),
                    report.since());
            record(report, reported.id());
            return book.publish(opened(reported).counting(), Kind.OPENED, by, report.sentence());
        }
        Incident incident = known.get();
        record(report, incident.id());
        IncidentDraft draft = new IncidentDraft(incident).counting();
        draft.rated(incident.severity().worse(report.severity()));
        if (!incident.isOpen()) {
            draft = book.reopened(incident).counting().rated(incident.severity().worse(report.severity()));
            return book.publish(draft, Kind.REOPENED, by, report.sentence());
        }
        boolean isWorse = report.severity().compareTo(incident.severity()) < 0;
        return isWorse || isTold(incident.signals() + 1) || reportsTold(incident) < SIGNALS_TOLD
                ? book.publish(draft, isWorse ? Kind.SEVERITY_RAISED : Kind.REPORTED, by, report.sentence())
                : book.count(draft);
    }

    private static long reportsTold(Incident incident) {
        return incident.timeline().stream()
                .filter(entry -> entry.kind() == Kind.REPORTED)
                .count();
    }

    private void record(Report report, String incident) {
        trail.accept(new ReportRecord(report, incident, time.nanoTime()));
    }

    /**
     * Where the response plan of an incident stands; also by what an earlier run has recorded.
     *
     * @param id the incident's id
     * @return the state: that of a plan that has not begun if there is no incident of this id
     */
    public synchronized PlanState plan(String id) {
        return book.plan(id);
    }

    /**
     * An incident as the detectors see it: with the type, the severity and the segment of the worst signal, whatever
     * people say of it. The response plan goes by that.
     *
     * @param id the incident's id
     * @return the incident, if there is one
     */
    public synchronized Optional<Incident> seen(String id) {
        return book.find(id).map(book::seen);
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
        book.find(id).ifPresent(incident -> {
            IncidentDraft draft = new IncidentDraft(incident);
            if (incident.isOpen()) {
                follow(kind, draft);
            }
            book.publish(draft, plan, kind, LIBRARY, what);
        });
    }

    /**
     * Notes that a person has approved a containment.
     *
     * @param id the incident's id
     * @param cause who and why
     * @param what which one, and what becomes of it
     */
    public synchronized void noteApproval(String id, Cause cause, String what) {
        book.find(id)
                .ifPresent(incident -> book.publish(
                        new IncidentDraft(incident),
                        Kind.CONTAINMENT_APPROVED,
                        cause.by(),
                        what + ": " + cause.because()));
    }

    /** A plan does something where harm is seen. */
    private static void follow(Kind kind, IncidentDraft draft) {
        switch (kind) {
            case CONTAINED -> draft.quiet();
            case CONTAINMENT,
                    CONTAINMENT_PROPOSED,
                    CONTAINMENT_SKIPPED,
                    CONTAINMENT_INEFFECTIVE,
                    CONTAINMENT_LIFTED,
                    PLAN_EXHAUSTED -> draft.harmed();
            default -> draft.ramped(kind);
        }
    }

    /** Says what is overdue; from time to time. */
    public synchronized void tick() {
        Instant now = time.instant();
        for (String id : book.all().map(Incident::id).toList()) { // one may change another
            book.find(id)
                    .ifPresent(
                            incident -> Clocks.overdue(incident, now).ifPresent(clock -> missed(incident, clock, now)));
        }
    }

    private void missed(Incident incident, IncidentClock clock, Instant now) {
        List<String> names = rules.responsibilities().escalation(incident.model());
        Duration next = clock.kind() == IncidentClock.Kind.NOTICE
                ? NEXT_NAME_OF_A_NOTICE
                : rules.deadlines().of(clock.kind(), incident.severity()).orElse(NEXT_NAME_OF_A_NOTICE);
        String who = clock.missed() < names.size() ? names.get(clock.missed()) : "somebody";
        String what =
                clock.what() + " is missing, it was due at " + clock.due().orElse(now) + ": " + who + " must see to it";
        IncidentDraft draft = new IncidentDraft(incident);
        draft.clocks(Clocks.with(incident.handling().clocks(), Clocks.missed(clock, now, next, names.size())));
        book.publish(draft, Kind.OVERDUE, LIBRARY, what);
        if (!incident.isOpen()) { // pagers have forgotten it
            raise(
                    IncidentType.COMPLIANCE,
                    Severity.P2,
                    "of incident " + incident.id() + ", which is over, " + clock.what() + " is missing");
        }
    }

    @Override
    public synchronized List<Incident> open() {
        return book.open().toList();
    }

    /** An open incident needs what was recorded since it began, and one that is over what says that a clock runs. */
    @Override
    public synchronized Optional<Instant> heldSince() {
        return book.all()
                .flatMap(incident -> incident.isOpen()
                        ? Stream.of(incident.onset(), incident.detected())
                        : Clocks.run(incident) ? newest(incident).map(TimelineEntry::time).stream() : Stream.empty())
                .min(Instant::compareTo);
    }

    @Override
    public synchronized List<Incident> all() {
        return book.all().toList();
    }

    @Override
    public synchronized Optional<Incident> find(String id) {
        return book.find(id);
    }

    @Override
    public synchronized Optional<Incident> acknowledge(String id, Cause cause) {
        return book.find(id).map(incident -> acknowledged(incident, cause));
    }

    private Incident acknowledged(Incident incident, Cause cause) {
        return !incident.isOpen() || incident.isAcknowledged()
                ? incident
                : publish(
                        new IncidentDraft(incident).acknowledgedBy(Optional.of(cause.by())), Kind.ACKNOWLEDGED, cause);
    }

    private Incident publish(IncidentDraft draft, Kind kind, Cause cause) {
        return book.publish(draft, kind, cause.by(), cause.because());
    }

    @Override
    public Optional<Incident> triage(String id, Assessment assessment, Cause cause) {
        Optional<Incident> found = find(id);
        if (found.isEmpty()) {
            return found;
        }
        SeverityRules.Rating rating = rules.severities() // the host's, so no containment waits for it
                .rate(assessment.type().orElse(found.get().type()), assessment);
        return triaged(id, assessment, rating, cause);
    }

    private synchronized Optional<Incident> triaged(
            String id, Assessment assessment, SeverityRules.Rating rating, Cause cause) {
        return open(id, "triaged").map(found -> {
            Incident incident = acknowledged(found, cause);
            IncidentDraft draft = new IncidentDraft(incident).assessed(assessment, rating.severity());
            String what = rating.severity() + " (" + String.join("; ", rating.reasons()) + "): " + cause.because();
            return book.publish(draft, Kind.TRIAGED, cause.by(), what);
        });
    }

    @Override
    public synchronized Optional<Incident> rate(String id, Severity severity, Cause cause) {
        return open(id, "rated").map(incident -> {
            if (incident.severity() == severity) {
                return incident;
            }
            boolean isWorse = severity.compareTo(incident.severity()) < 0;
            IncidentDraft draft = new IncidentDraft(incident).rated(severity);
            String what = "from " + incident.severity() + " to " + severity + ": " + cause.because();
            Kind kind = isWorse ? Kind.SEVERITY_RAISED : Kind.SEVERITY_LOWERED;
            return book.publish(draft, kind, cause.by(), what);
        });
    }

    @Override
    public synchronized Optional<Incident> assign(String id, Role role, String person, Cause cause) {
        if (person.isBlank()) {
            throw new IllegalArgumentException("the one who is to be " + role + " is blank; name somebody");
        }
        return book.find(id)
                .map(incident -> book.publish(
                        new IncidentDraft(incident).assign(Map.of(role, person)),
                        Kind.ASSIGNED,
                        cause.by(),
                        person + " is " + role.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": "
                                + cause.because()));
    }

    @Override
    public synchronized Optional<Incident> update(String id, Cause cause) {
        return open(id, "updated").map(incident -> publish(new IncidentDraft(incident), Kind.UPDATED, cause));
    }

    @Override
    public synchronized Optional<Incident> rootCause(String id, RootCause rootCause, Cause cause) {
        return book.find(id)
                .map(incident -> book.publish(
                        new IncidentDraft(incident).because(rootCause),
                        Kind.ROOT_CAUSE,
                        cause.by(),
                        rootCause.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + cause.because()));
    }

    @Override
    public synchronized Optional<Incident> move(String id, IncidentState state, Cause cause) {
        return book.find(id).map(incident -> {
            boolean isContained = state == IncidentState.CONTAINED && incident.contained();
            if (incident.state() == state || isContained) {
                return incident;
            }
            Lifecycle.refusal(incident, state).ifPresent(why -> {
                throw new IllegalStateException(id + " cannot become " + state + ": " + why);
            });
            return moved(incident, state, cause);
        });
    }

    private Incident moved(Incident incident, IncidentState state, Cause cause) {
        PlanState plan = book.plan(incident.id());
        IncidentDraft draft = new IncidentDraft(incident);
        boolean isContained = state == IncidentState.CONTAINED;
        PlanState open = isContained ? plan.quietSince(time.instant()) : plan;
        Incident moved = book.publish(
                isContained ? draft.quiet() : draft.in(state),
                state.isOpen() ? open : plan.anew(),
                Lifecycle.kindOf(state),
                cause.by(),
                cause.because());
        if (incident.isOpen() && !state.isOpen()) {
            book.partsOf(incident.id()).stream().filter(Incident::isOpen).forEach(part -> moved(part, state, cause));
        }
        return moved;
    }

    @Override
    public synchronized Optional<Incident> resolve(String id, Cause cause) {
        return book.find(id)
                .map(incident -> incident.isOpen() ? moved(incident, IncidentState.RESOLVED, cause) : incident);
    }

    @Override
    public synchronized Optional<Incident> reopen(String id, Cause cause) {
        return book.find(id)
                .map(incident -> incident.isOpen() ? incident : publish(book.reopened(incident), Kind.REOPENED, cause));
    }

    @Override
    public synchronized Optional<Incident> merge(String id, String into, Cause cause) {
        return open(id, "merged").map(part -> {
            Incident whole = wholeFor(part, into);
            for (Incident each : book.partsOf(id)) { // a part has no parts
                partOf(each, whole, cause);
            }
            return partOf(part, book.find(into).orElseThrow(), cause);
        });
    }

    private Incident wholeFor(Incident part, String into) {
        Incident whole = book.find(into)
                .filter(Incident::isOpen)
                .orElseThrow(() -> new IllegalStateException(part.id() + " cannot be merged into " + into
                        + ": there is no open incident of that id; name one of incidents().open()"));
        if (whole.id().equals(part.id())) {
            throw new IllegalStateException(part.id() + " cannot be merged into itself; name another one");
        }
        whole.handling().mergedInto().ifPresent(other -> {
            throw new IllegalStateException(part.id() + " cannot be merged into " + into + ", which is a part of "
                    + other + "; merge it into " + other);
        });
        return whole;
    }

    private Incident partOf(Incident part, Incident whole, Cause cause) {
        if (part.handling().mergedInto().filter(whole.id()::equals).isPresent()) {
            return part;
        }
        Incident merged = book.publish(
                new IncidentDraft(part).partOf(Optional.of(whole.id())),
                Kind.MERGED,
                cause.by(),
                "it is a part of " + whole.id() + ": " + cause.because());
        Incident present = book.find(whole.id()).orElseThrow();
        book.publishPart(
                present,
                part.isOpen() ? present.severity().worse(part.severity()) : present.severity(),
                cause.by(),
                part.id() + " is a part of it: " + cause.because());
        return merged;
    }

    @Override
    public synchronized Optional<Incident> split(String id, Cause cause) {
        return book.find(id)
                .map(part -> part.handling()
                        .mergedInto()
                        .map(whole -> split(part, whole, cause))
                        .orElse(part));
    }

    private Incident split(Incident part, String whole, Cause cause) {
        Incident own = publish(new IncidentDraft(part).partOf(Optional.empty()), Kind.SPLIT, cause);
        book.find(whole)
                .ifPresent(rest -> book.publish(
                        new IncidentDraft(rest),
                        Kind.PART,
                        cause.by(),
                        part.id() + " is no part of it any more: " + cause.because()));
        return own;
    }

    @Override
    public synchronized Optional<Incident> startNotice(String id, String notice, Instant due, Cause cause) {
        if (notice.isBlank()) {
            throw new IllegalArgumentException("the notice is blank; say what must be given to whom");
        }
        return book.find(id).map(incident -> {
            if (noticeOf(incident, notice).isPresent()) {
                throw new IllegalStateException("the clock of the notice '" + notice + "' of " + id
                        + " runs already; stop it, or give this one another name");
            }
            List<IncidentClock> clocks =
                    Clocks.with(incident.handling().clocks(), Clocks.notice(notice, time.instant(), due));
            return book.publish(
                    new IncidentDraft(incident).clocks(clocks),
                    Kind.NOTICE_DUE,
                    cause.by(),
                    notice + " is due at " + due + ": " + cause.because());
        });
    }

    @Override
    public synchronized Optional<Incident> stopNotice(String id, String notice, Cause cause) {
        return book.find(id).map(incident -> {
            IncidentClock clock = noticeOf(incident, notice)
                    .orElseThrow(() -> new IllegalStateException("no clock of a notice '" + notice + "' of " + id
                            + " runs; those that run are "
                            + incident.handling().clocks().stream()
                                    .filter(each -> each.kind() == IncidentClock.Kind.NOTICE)
                                    .map(IncidentClock::what)
                                    .toList()));
            List<IncidentClock> clocks = Clocks.without(incident.handling().clocks(), clock.kind(), notice);
            return book.publish(
                    new IncidentDraft(incident).clocks(clocks),
                    Kind.NOTICE_GIVEN,
                    cause.by(),
                    notice + ": " + cause.because());
        });
    }

    private static Optional<IncidentClock> noticeOf(Incident incident, String notice) {
        return incident.handling().clocks().stream()
                .filter(clock -> clock.kind() == IncidentClock.Kind.NOTICE
                        && clock.what().equals(notice))
                .findFirst();
    }

    private Optional<Incident> open(String id, String how) {
        Optional<Incident> found = book.find(id);
        found.filter(incident -> !incident.isOpen()).ifPresent(incident -> {
            throw new IllegalStateException(
                    id + " cannot be " + how + ": it is " + incident.state() + "; reopen(…) it first");
        });
        return found;
    }
}
