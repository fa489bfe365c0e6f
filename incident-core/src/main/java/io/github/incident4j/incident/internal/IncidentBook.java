// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The incidents as they stand, and the one way in which they change: an entry in the timeline, a record in the trail
 * that holds the whole incident, and an event for the listeners. Not thread-safe.
 */
final class IncidentBook {
    private static final int MAX_ENDED = 1_000;

    /** What the whole is not told of its parts: what is said of the whole, or of every one of many signals. */
    private static final Set<Kind> NOT_FOR_THE_WHOLE = EnumSet.of(Kind.SIGNAL, Kind.MERGED, Kind.SPLIT, Kind.PART);

    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private final Map<String, PlanState> plans = new HashMap<>();
    private final Map<String, Harm> harms = new HashMap<>(); // of those that a detector has found
    private final TimeSource time;
    private final Deadlines deadlines;
    private final Consumer<TrailEntry> trail;
    private final Consumer<IncidentEvent> listeners;
    private long lastId;

    IncidentBook(TimeSource time, Deadlines deadlines, Consumer<TrailEntry> trail, Consumer<IncidentEvent> listeners) {
        this.time = time;
        this.deadlines = deadlines;
        this.trail = trail;
        this.listeners = listeners;
    }

    /** An incident as an earlier run has recorded it. */
    void restore(Incident incident, PlanState plan, Optional<Harm> harm) {
        harm.ifPresent(seen -> harms.put(incident.id(), seen));
        keep(incident, plan);
        lastId = Math.max(lastId, numberOf(incident.id()));
    }

    private static long numberOf(String id) {
        try {
            return Long.parseLong(id.substring(id.indexOf('-') + 1));
        } catch (NumberFormatException e) {
            return 0; // not an id of ours, so none that we could give again
        }
    }

    /** The incident once more; one whose key another incident has by now has another one. */
    IncidentDraft reopened(Incident incident) {
        IncidentDraft again = new IncidentDraft(incident).reopened();
        harm(incident.id()).ifPresent(harm -> see(incident.id(), harm.ofAnEarlierEpisode()));
        boolean isTaken = open().anyMatch(each -> each.fingerprint().equals(incident.fingerprint()));
        return isTaken
                ? again.fingerprint(fingerprint(
                        incident.model(), incident.type(), incident.segment().map(Segment::toString)))
                : again;
    }

    String newId() {
        return "inc-" + ++lastId;
    }

    /** No two that are open have the same one, as of an incident that has changed its type and of another one. */
    String fingerprint(String model, IncidentType type, Optional<String> part) {
        String whole = IncidentJson.fingerprint(model, type, part);
        Set<String> taken = new HashSet<>();
        open().forEach(each -> taken.add(each.fingerprint()));
        String free = whole;
        for (int number = 2; taken.contains(free); number++) {
            free = whole + "#" + number;
        }
        return free;
    }

    Stream<Incident> open() {
        return all().filter(Incident::isOpen);
    }

    /** All of them, oldest first. */
    Stream<Incident> all() {
        return incidents.values().stream();
    }

    Optional<Incident> find(String id) {
        return Optional.ofNullable(incidents.get(id));
    }

    /** Where the plan of an incident stands. */
    PlanState plan(String id) {
        return plans.getOrDefault(id, PlanState.NEW);
    }

    /** The worst that detectors have seen in an incident, if they have seen it. */
    Optional<Harm> harm(String id) {
        return Optional.ofNullable(harms.get(id));
    }

    /** Detectors have seen that in an incident; it is recorded with the next change. */
    void see(String id, Harm harm) {
        harms.put(id, harm);
    }

    /** An incident as the detectors see it, whatever people say of it. */
    Incident seen(Incident incident) {
        return harm(incident.id())
                .map(harm -> new IncidentDraft(incident).seenAs(harm).build())
                .orElse(incident);
    }

    List<Incident> partsOf(String id) {
        return all().filter(
                        each -> each.handling().mergedInto().filter(id::equals).isPresent())
                .toList();
    }

    /** A change that only counts: no entry, no record. */
    Incident count(IncidentDraft draft) {
        Incident changed = draft.build();
        incidents.put(changed.id(), changed);
        return changed;
    }

    /** A change that leaves the plan as it was. */
    Incident publish(IncidentDraft draft, Kind kind, String by, String what) {
        return publish(draft, plan(draft.before().id()), kind, by, what);
    }

    Incident publish(IncidentDraft draft, PlanState plan, Kind kind, String by, String what) {
        Incident before = draft.before();
        Instant now = time.instant();
        TimelineEntry entry = new TimelineEntry(draft.nextNumber(), now, kind, by, what);
        Incident changed = draft.with(entry).build();
        Clocks.Change change = new Clocks.Change(before.severity(), isUpdate(kind));
        changed = new IncidentDraft(changed)
                .clocks(Clocks.of(changed, change, now, deadlines))
                .build();
        keep(changed, plan);
        trail.accept(new IncidentRecord(changed, plan, harm(changed.id()), entry, time.nanoTime()));
        listeners.accept(new IncidentEvent(changed, entry));
        tellWhole(changed, entry);
        return changed;
    }

    private static boolean isUpdate(Kind kind) {
        return switch (kind) {
            case UPDATED, TRIAGED, INVESTIGATING, REMEDIATED, RECOVERING -> true;
            default -> false;
        };
    }

    /** People look at the whole only: it is as bad as the worst of its parts. */
    private void tellWhole(Incident part, TimelineEntry entry) {
        Optional<Incident> whole = part.handling().mergedInto().flatMap(this::find);
        if (whole.isEmpty() || NOT_FOR_THE_WHOLE.contains(entry.kind())) {
            return;
        }
        String what = part.id() + ": " + entry.what();

        if (whole.get().isOpen()) {
            publishPart(whole.get(), lent(whole.get(), part, entry.kind()), entry.by(), what);
        } else if (part.isOpen()) {
            publish(
                    reopened(whole.get()).rated(whole.get().severity().worse(part.severity())),
                    Kind.REOPENED,
                    entry.by(),
                    what);
        }
    }

    /** How bad the whole is by what has become of a part: a person's rating of the whole stands until that is worse. */
    private static Severity lent(Incident whole, Incident part, Kind kind) {
        return switch (kind) {
            case SEVERITY_RAISED, REOPENED, TRIAGED ->
                part.isOpen() ? whole.severity().worse(part.severity()) : whole.severity();
            default -> whole.severity();
        };
    }

    /** Something of a part is told by its whole, which may be worse by that. */
    void publishPart(Incident whole, Severity severity, String by, String what) {
        Kind kind = severity == whole.severity() ? Kind.PART : Kind.SEVERITY_RAISED;
        publish(new IncidentDraft(whole).rated(severity), kind, by, what);
    }

    private void keep(Incident incident, PlanState plan) {
        incidents.put(incident.id(), incident);
        plans.put(incident.id(), plan);
        if (incidents.size() > MAX_ENDED) {
            List<Incident> over = all().filter(each -> !each.isOpen()).toList();
            if (over.size() > MAX_ENDED) {
                forget(over.stream()
                        .filter(each -> !Clocks.run(each))
                        .findFirst()
                        .orElse(over.get(0)));
            }
        }
    }

    private void forget(Incident incident) {
        incidents.remove(incident.id());
        plans.remove(incident.id());
        harms.remove(incident.id());
    }
}
