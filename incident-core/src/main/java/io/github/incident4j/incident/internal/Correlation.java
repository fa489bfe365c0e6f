// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.Report;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which incident a signal or a report belongs to. One cause is one incident.
 *
 * <p>Signals of one type on the same part of the traffic belong together, and a lesser signal of another type that set
 * in about the same time, or a worse one, which then gives the incident its type. The same harm to another segment, and
 * harm of another type that is as bad, are incidents of their own with their own containment.
 */
final class Correlation {
    static final String NO_MODEL = "unknown";

    private static final Duration ONE_CAUSE = Duration.ofHours(1);

    private Correlation() {}

    /** Of an open incident that no detector has seen yet, only the same harm; people may merge the rest. */
    static boolean isSameCause(Incident incident, Optional<Harm> seen, Signal signal) {
        if (!incident.model().equals(signal.model())) {
            return false;
        }
        if (seen.isEmpty()) {
            return isSameHarm(incident, signal);
        }
        Harm harm = seen.get();
        return harm.type() == signal.type()
                ? harm.segment().equals(signal.segment())
                : harm.severity() != signal.severity()
                        && Duration.between(incident.onset(), signal.onset())
                                        .abs()
                                        .compareTo(ONE_CAUSE)
                                <= 0;
    }

    static boolean isSameHarm(Incident incident, Signal signal) {
        return incident.model().equals(signal.model())
                && incident.type() == signal.type()
                && incident.segment().equals(signal.segment());
    }

    /** Of a report that says little, the little is the same. */
    static boolean isSameHarm(Incident incident, Report report) {
        return incident.model().equals(report.model().orElse(NO_MODEL))
                && incident.type() == report.type()
                && incident.segment().equals(report.segment());
    }

    /** The latest of the incidents that ended lately. */
    static Optional<Incident> endedLately(Stream<Incident> alike, Instant now, Duration window) {
        return alike.filter(each -> !each.isOpen() && each.state() != IncidentState.CLOSED)
                .filter(each -> end(each)
                        .filter(end -> !end.isBefore(now.minus(window)))
                        .isPresent())
                .max(Comparator.comparing(each -> end(each).orElseThrow()));
    }

    private static Optional<Instant> end(Incident incident) {
        return Stream.of(incident.last(Kind.RESOLVED), incident.last(Kind.DISMISSED))
                .flatMap(Optional::stream)
                .map(TimelineEntry::time)
                .max(Comparator.naturalOrder());
    }
}
