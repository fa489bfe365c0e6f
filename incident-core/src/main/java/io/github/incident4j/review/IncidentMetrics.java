// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.RootCause;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How incidents went: how many, how bad, and how fast people and the library were. Of incidents that were dismissed as
 * false alarms only their number counts; those that are parts of others count as their whole.
 *
 * @param incidents how many there were, without false alarms
 * @param open how many of them are open
 * @param falseAlarms how many were dismissed
 * @param bySeverity how many of each severity
 * @param byType how many of each type
 * @param byModel how many of each model
 * @param byRootCause how many of each root cause that is known
 * @param toDetect from the estimated onset to the detection (MTTD)
 * @param toAcknowledge from the detection to the first acknowledgement (MTTA)
 * @param toContain from the detection to the containment that held first (MTTC)
 * @param toRecover from the detection to the end of the recovery ramp that brought all of the traffic back last
 * @param toResolve from the detection to the latest resolution (MTTR)
 * @param reviewed how many of those that are over have their review, where the severity asks for one (P0 to P2)
 * @param toReview how many of those there are
 * @param overdue how often something was due and was not done
 */
public record IncidentMetrics(
        int incidents,
        int open,
        int falseAlarms,
        Map<Severity, Long> bySeverity,
        Map<IncidentType, Long> byType,
        Map<String, Long> byModel,
        Map<RootCause, Long> byRootCause,
        Spread toDetect,
        Spread toAcknowledge,
        Spread toContain,
        Spread toRecover,
        Spread toResolve,
        int reviewed,
        int toReview,
        int overdue) {

    /**
     * Some lengths of time.
     *
     * @param count of how many incidents they are; those to which it has not happened are left out
     * @param mean their mean, zero if there are none
     * @param median their median, the lower one of two in the middle; zero if there are none
     * @param longest the longest, zero if there are none
     */
    public record Spread(int count, Duration mean, Duration median, Duration longest) {
        private static Spread of(Collection<Duration> lengths) {
            List<Duration> sorted = lengths.stream().sorted().toList();
            if (sorted.isEmpty()) {
                return new Spread(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
            }
            Duration sum = sorted.stream().reduce(Duration.ZERO, Duration::plus);
            return new Spread(
                    sorted.size(),
                    sum.dividedBy(sorted.size()),
                    sorted.get((sorted.size() - 1) / 2),
                    sorted.get(sorted.size() - 1));
        }
    }

    /**
     * The metrics of some incidents.
     *
     * @param history the incidents, such as those of {@link IncidentHistory}
     * @param from counts those that were detected at this instant or later
     * @param until and before this instant
     * @return the metrics
     */
    public static IncidentMetrics of(Collection<Incident> history, Instant from, Instant until) {
        List<Incident> wholes = history.stream()
                .filter(incident -> !incident.isPart()
                        && !incident.detected().isBefore(from)
                        && incident.detected().isBefore(until))
                .toList();
        List<Incident> real = wholes.stream()
                .filter(incident -> incident.state() != IncidentState.DISMISSED)
                .toList();
        List<Incident> toReview = real.stream()
                .filter(incident -> !incident.isOpen() && incident.severity().compareTo(Severity.P3) < 0)
                .toList();
        return new IncidentMetrics(
                real.size(),
                (int) real.stream().filter(Incident::isOpen).count(),
                wholes.size() - real.size(),
                counts(real, Incident::severity),
                counts(real, Incident::type),
                counts(real, Incident::model),
                counts(
                        real.stream()
                                .filter(incident ->
                                        incident.handling().rootCause().isPresent())
                                .toList(),
                        incident -> incident.handling().rootCause().orElseThrow()),
                spread(real, incident -> Optional.of(between(incident.onset(), incident.detected()))),
                spread(real, incident -> first(incident, Kind.ACKNOWLEDGED).map(since(incident))),
                spread(
                        real,
                        incident ->
                                Containments.firstThatHeld(incident.timeline()).map(since(incident))),
                spread(real, incident -> incident.last(Kind.RAMP_COMPLETED).map(since(incident))),
                spread(
                        real,
                        incident -> incident.isOpen()
                                ? Optional.empty()
                                : incident.last(Kind.RESOLVED).map(since(incident))),
                (int) toReview.stream()
                        .filter(incident -> incident.last(Kind.REVIEWED).isPresent())
                        .count(),
                toReview.size(),
                (int) wholes.stream()
                        .flatMap(incident -> incident.timeline().stream())
                        .filter(entry -> entry.kind() == Kind.OVERDUE)
                        .count());
    }

    private static <K> Map<K, Long> counts(List<Incident> incidents, Function<Incident, K> key) {
        return incidents.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
    }

    private static Spread spread(List<Incident> incidents, Function<Incident, Optional<Duration>> length) {
        return Spread.of(
                incidents.stream().map(length).flatMap(Optional::stream).toList());
    }

    private static Function<TimelineEntry, Duration> since(Incident incident) {
        return entry -> between(incident.detected(), entry.time());
    }

    private static Duration between(Instant from, Instant until) {
        return until.isBefore(from) ? Duration.ZERO : Duration.between(from, until);
    }

    private static Optional<TimelineEntry> first(Incident incident, Kind kind) {
        return incident.timeline().stream()
                .filter(entry -> entry.kind() == kind)
                .findFirst();
    }
}
