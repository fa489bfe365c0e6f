// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry.Kind;
import java.util.List;
import java.util.Optional;

/**
 * The course of the incident: what happened, and at which application it happened.
 *
 * @param incident the incident at the end of the stream
 * @param detected when it was noticed
 * @param rollback the first containment
 * @param ineffective the finding that the first containment does not help
 * @param review the second containment
 * @param contained the finding that the second one does
 */
record Course(
        Incident incident,
        Moment detected,
        Optional<Moment> rollback,
        Optional<Moment> ineffective,
        Optional<Moment> review,
        Optional<Moment> contained) {

    /**
     * A moment in the stream.
     *
     * @param application the number of the application that had just been answered
     * @param what what happened then
     */
    record Moment(int application, String what) {}

    static Course of(Incident incident, SimulatedClock clock) {
        List<Moment> containments = moments(incident, Kind.CONTAINMENT, clock);
        return new Course(
                incident,
                new Moment(clock.applicationAt(incident.detected()), incident.finding()),
                containments.stream().findFirst(),
                moments(incident, Kind.CONTAINMENT_INEFFECTIVE, clock).stream().findFirst(),
                containments.stream().skip(1).findFirst(),
                moments(incident, Kind.CONTAINED, clock).stream().findFirst());
    }

    private static List<Moment> moments(Incident incident, Kind kind, SimulatedClock clock) {
        return incident.timeline().stream()
                .filter(entry -> entry.kind() == kind)
                .map(entry -> new Moment(clock.applicationAt(entry.time()), entry.what()))
                .toList();
    }

    /** The first application that the rollback covers. */
    Optional<Integer> firstRolledBack() {
        return rollback.map(moment -> moment.application() + 1);
    }

    /** The first application that the review covers. */
    Optional<Integer> firstReviewed() {
        return review.map(moment -> moment.application() + 1);
    }
}
