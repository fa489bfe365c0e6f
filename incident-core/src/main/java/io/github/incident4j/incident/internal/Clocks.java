// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.model.Severity;
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
     * What has changed in an incident.
     *
     * @param severity how bad it was before
     * @param updated whether a person has just told how it stands
     */
    record Change(Severity severity, boolean updated) {}

    /** Whether something is due in an incident. */
    static boolean run(Incident incident) {
        return incident.handling().clocks().stream()
                .anyMatch(clock -> clock.due().isPresent());
    }

    /**
     * The clocks of an incident that has just changed.
     *
     * @param changed the incident, with the clocks that it had before
     * @param change what has changed
     * @param now when
     * @param deadlines how long people have
     */
    static List<IncidentClock> of(Incident changed, Change change, Instant now, Deadlines deadlines) {
        Set<IncidentClock.Kind> wanted = wanted(changed);
        List<IncidentClock> clocks = new ArrayList<>();
        for (IncidentClock clock : changed.handling().clocks()) {
            boolean begins = change.updated() && clock.kind() == IncidentClock.Kind.UPDATE;
            if (clock.kind() == IncidentClock.Kind.NOTICE) {
                clocks.add(clock);
            } else if (wanted.contains(clock.kind()) && !begins) {
                wanted.remove(clock.kind());
                again(clock, changed, change.severity(), now, deadlines).ifPresent(clocks::add);
            }
        }
        for (IncidentClock.Kind kind : wanted) {
            started(kind, changed, now, deadlines).ifPresent(clocks::add);
        }
        return sorted(clocks);
    }

    /** A clock follows the severity; one that was missed begins anew where the incident is worse than before. */
    private static Optional<IncidentClock> again(
            IncidentClock clock, Incident changed, Severity before, Instant now, Deadlines deadlines) {
        if (changed.severity() == before) {
            return Optional.of(clock);
        } else if (clock.missed() == 0) {
            return started(clock.kind(), changed, clock.since(), deadlines);
        }
        return changed.severity().compareTo(before) < 0
                ? started(clock.kind(), changed, now, deadlines)
                : Optional.of(clock);
    }

    private static Set<IncidentClock.Kind> wanted(Incident incident) {
        Set<IncidentClock.Kind> wanted = EnumSet.noneOf(IncidentClock.Kind.class);
        boolean isOfTheLibrary =
                incident.source().equals(IncidentDesk.LIBRARY); // nobody contains or reviews a full disk
        if (incident.state() == IncidentState.RESOLVED && !incident.isPart() && !isOfTheLibrary) {
            wanted.add(IncidentClock.Kind.REVIEW);
        }
        if (!incident.isOpen()) {
            return wanted;
        }
        if (!incident.contained() && !isOfTheLibrary) {
            wanted.add(IncidentClock.Kind.CONTAIN);
        }
        if (!incident.isPart()) { // people look at the whole
            wanted.add(IncidentClock.Kind.UPDATE);
            if (!incident.isAcknowledged()) {
                wanted.add(IncidentClock.Kind.ACKNOWLEDGE);
            }
            if (incident.handling().assessment().isEmpty()) {
                wanted.add(IncidentClock.Kind.TRIAGE);
            }
        }
        return wanted;
    }

    private static Optional<IncidentClock> started(
            IncidentClock.Kind kind, Incident incident, Instant since, Deadlines deadlines) {
        return deadlines
                .of(kind, incident.severity())
                .map(limit -> new IncidentClock(kind, words(kind), since, Optional.of(since.plus(limit)), 0));
    }

    private static String words(IncidentClock.Kind kind) {
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
    static IncidentClock notice(String what, Instant now, Instant due) {
        return new IncidentClock(IncidentClock.Kind.NOTICE, what, now, Optional.of(due), 0);
    }

    static List<IncidentClock> with(List<IncidentClock> clocks, IncidentClock one) {
        List<IncidentClock> changed = without(clocks, one.kind(), one.what());
        changed.add(one);
        return sorted(changed);
    }

    static List<IncidentClock> without(List<IncidentClock> clocks, IncidentClock.Kind kind, String what) {
        List<IncidentClock> changed = new ArrayList<>(clocks);
        changed.removeIf(each -> each.kind() == kind && each.what().equals(what));
        return changed;
    }

    private static List<IncidentClock> sorted(List<IncidentClock> clocks) {
        return clocks.stream()
                .sorted(Comparator.comparing(clock -> clock.due().orElse(Instant.MAX)))
                .toList();
    }

    /** The clock that is overdue first, if one is. */
    static Optional<IncidentClock> overdue(Incident incident, Instant now) {
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
    static IncidentClock missed(IncidentClock clock, Instant now, Duration until, int names) {
        int missed = clock.missed() + 1;
        return new IncidentClock(
                clock.kind(),
                clock.what(),
                clock.since(),
                missed < names ? Optional.of(now.plus(until)) : Optional.empty(),
                missed);
    }
}
