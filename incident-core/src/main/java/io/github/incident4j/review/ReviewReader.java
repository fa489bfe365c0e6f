// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailQuery;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads what a review needs from a trail. */
final class ReviewReader {
    /** The type of the record of a change that the host has told. */
    static final String CHANGE = "host.change";

    private static final int SLICES = 48;
    private static final Duration LEAST_BEFORE = Duration.ofHours(1);
    private static final Duration MOST_BEFORE = Duration.ofDays(30);
    private static final Duration CHANGES_BEFORE = Duration.ofDays(7);

    private final AuditTrail trail;

    ReviewReader(AuditTrail trail) {
        this.trail = trail;
    }

    Review read(String id) {
        IncidentHistory history = IncidentHistory.of(trail);
        Incident incident = history.incident(id);
        List<TimelineEntry> timeline = history.timeline(id);
        Optional<Instant> contained = Containments.firstThatHeld(timeline).map(TimelineEntry::time);
        Optional<Instant> ended = incident.isOpen() ? Optional.empty() : end(timeline);
        Instant onset = incident.onset().isBefore(incident.detected()) ? incident.onset() : incident.detected();
        Instant last = ended.orElseGet(this::newest);
        Instant over = (last.isAfter(onset) ? last : onset).plusNanos(1);
        Duration harm = Duration.between(onset, over);
        Duration around = shorter(longer(harm, LEAST_BEFORE), MOST_BEFORE);
        Instant from = onset.minus(around);
        Instant until = over.plus(around.dividedBy(4));
        Instant harmEnd = contained.filter(time -> time.isAfter(onset)).orElse(over);
        return new Review(
                incident,
                timeline,
                contained,
                ended,
                traffic(incident, edges(from, until)),
                traffic(incident, List.copyOf(new TreeSet<>(List.of(from, onset, harmEnd, until)))),
                harmed(incident, onset, harmEnd),
                changes(onset.minus(CHANGES_BEFORE), incident.detected()));
    }

    /** When the newest record was made: what is open goes on until then, as far as the trail knows. */
    private Instant newest() {
        try (Stream<TrailRecord> records = trail.query().newestFirst().records()) {
            return records.findFirst().map(TrailRecord::time).orElse(Instant.EPOCH);
        }
    }

    private static Optional<Instant> end(List<TimelineEntry> timeline) {
        return timeline.stream()
                .filter(entry -> entry.kind() == Kind.RESOLVED || entry.kind() == Kind.DISMISSED)
                .map(TimelineEntry::time)
                .max(Comparator.naturalOrder());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static List<Instant> edges(Instant from, Instant until) {
        Duration step = Duration.between(from, until).dividedBy(SLICES);
        List<Instant> edges = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) {
            edges.add(from.plus(step.multipliedBy(i)));
        }
        edges.add(until);
        return edges;
    }

    private TrailQuery decisions(Incident incident, Instant from, Instant until) {
        return trail.query().type("decision").model(incident.model()).from(from).until(until);
    }

    private Traffic traffic(Incident incident, List<Instant> edges) {
        List<Map<String, Long>> counts = new ArrayList<>();
        edges.forEach(edge -> counts.add(new HashMap<>()));
        try (Stream<TrailRecord> records =
                decisions(incident, edges.get(0), edges.get(edges.size() - 1)).records()) {
            records.forEach(record -> {
                int slice = 0;
                while (slice < edges.size() - 2 && !record.time().isBefore(edges.get(slice + 1))) {
                    slice++;
                }
                counts.get(slice).merge(routeOf(record), 1L, Long::sum);
            });
        }
        List<Traffic.Slice> slices = new ArrayList<>();
        for (int i = 0; i < edges.size() - 1; i++) {
            slices.add(new Traffic.Slice(edges.get(i), edges.get(i + 1), counts.get(i)));
        }
        return new Traffic(slices);
    }

    private static String routeOf(TrailRecord record) {
        Object route = record.members().get("route");
        return "answered".equals(record.members().get("outcome")) && route != null
                ? String.valueOf(route)
                : Traffic.REFUSED;
    }

    private long harmed(Incident incident, Instant onset, Instant until) {
        TrailQuery query = decisions(incident, onset, until);
        Optional<Segment> segment = incident.segment();
        return segment.isEmpty()
                ? query.count()
                : query.unsealed()
                        .segment(segment.get().attribute(), segment.get().value())
                        .count();
    }

    private List<HostChange> changes(Instant from, Instant until) {
        try (Stream<TrailRecord> records = trail.query().type(CHANGE).records()) {
            return records.map(ReviewReader::change)
                    .filter(change ->
                            !change.at().isBefore(from) && !change.at().isAfter(until))
                    .sorted(Comparator.comparing(HostChange::at).reversed())
                    .toList();
        }
    }

    private static HostChange change(TrailRecord record) {
        Map<String, Object> members = record.members();
        return new HostChange(
                String.valueOf(members.get("what")),
                Instant.parse(String.valueOf(members.get("at"))),
                String.valueOf(members.get("by")),
                String.valueOf(members.get("because")));
    }
}
