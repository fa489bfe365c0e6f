// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.incident.Clock;
import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which clocks run in an incident. Pure: the clocks follow from what the incident is and from those it had. */
final class Clocks {

    private Clocks() {}

    /**
     * The clocks of an incident that has just changed.
     *
     * @param changed the incident, with the clocks that it had before
     * @param rated whether its severity was another one before
     * @param updated whether a person has just told how it stands
     * @param now when
     * @param deadlines how long people have
     */
    static List<Clock> of(Incident changed, boolean rated, boolean updated, Instant now, Deadlines deadlines) {
        Set<Clock.Kind> wanted = wanted(changed);
        List<Clock> clocks = new ArrayList<>();
        for (Clock clock : changed.handling().clocks()) {
            boolean begins = updated && clock.kind() == Clock.Kind.UPDATE;
            if (clock.kind() == Clock.Kind.NOTICE && changed.state() != IncidentState.DISMISSED) {
                clocks.add(clock);
            } else if (wanted.contains(clock.kind()) && !begins) {
                wanted.remove(clock.kind());
                if (!rated || clock.missed() > 0) {
                    clocks.add(clock);
                } else {
                    started(clock.kind(), changed, clock.since(), deadlines).ifPresent(clocks::add);
                }
            }
        }
        for (Clock.Kind kind : wanted) {
            started(kind, changed, now, deadlines).ifPresent(clocks::add);
        }
        return sorted(clocks);
    }

    private static Set<Clock.Kind> wanted(Incident incident) {
        Set<Clock.Kind> wanted = EnumSet.noneOf(Clock.Kind.class);
        if (incident.state() == IncidentState.RESOLVED && !incident.isPart()) {
            wanted.add(Clock.Kind.REVIEW);
        }
        if (!incident.isOpen()) {
            return wanted;
        }
        if (!incident.contained()) {
            wanted.add(Clock.Kind.CONTAIN);
        }
        if (!incident.isPart()) { // people look at the whole
            wanted.add(Clock.Kind.UPDATE);
            if (!incident.isAcknowledged()) {
                wanted.add(Clock.Kind.ACKNOWLEDGE);
            }
            if (incident.handling().assessment().isEmpty()) {
                wanted.add(Clock.Kind.TRIAGE);
            }
        }
        return wanted;
    }

    private static Optional<Clock> started(Clock.Kind kind, Incident incident, Instant since, Deadlines deadlines) {
        return deadlines
                .of(kind, incident.severity())
                .map(limit -> new Clock(kind, words(kind), since, Optional.of(since.plus(limit)), 0));
    }

    private static String words(Clock.Kind kind) {
        return switch (kind) {
            case ACKNOWLEDGE -> "acknowledgement";
            case TRIAGE -> "triage";
            case CONTAIN -> "containment";
            case UPDATE -> "update";
            case REVIEW -> "review";
            case NOTICE -> "notice";
        };
    }

    /** The clock of a notice. */
    static Clock notice(String what, Instant now, Instant due) {
        return new Clock(Clock.Kind.NOTICE, what, now, Optional.of(due), 0);
    }

    static List<Clock> with(List<Clock> clocks, Clock one) {
        List<Clock> changed = without(clocks, one.kind(), one.what());
        changed.add(one);
        return sorted(changed);
    }

    static List<Clock> without(List<Clock> clocks, Clock.Kind kind, String what) {
        List<Clock> changed = new ArrayList<>(clocks);
        changed.removeIf(each -> each.kind() == kind && each.what().equals(what));
        return changed;
    }

    private static List<Clock> sorted(List<Clock> clocks) {
        return clocks.stream()
                .sorted(Comparator.comparing(clock -> clock.due().orElse(Instant.MAX)))
                .toList();
    }

    /** The clock that is overdue first, if one is. */
    static Optional<Clock> overdue(Incident incident, Instant now) {
        return incident.handling().clocks().stream()
                .filter(clock -> clock.due().filter(due -> !due.isAfter(now)).isPresent())
                .findFirst();
    }

    /**
     * A clock once more that it was missed: the next one is named after as long again, until all were. What was missed
     * while nobody looked is missed once.
     *
     * @param until how long the next one is given
     * @param names how many there are to be named
     */
    static Clock missed(Clock clock, Instant now, Duration until, int names) {
        int missed = clock.missed() + 1;
        return new Clock(
                clock.kind(),
                clock.what(),
                clock.since(),
                missed < names ? Optional.of(now.plus(until)) : Optional.empty(),
                missed);
    }
}
