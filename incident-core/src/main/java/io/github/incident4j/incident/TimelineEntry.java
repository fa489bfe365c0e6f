// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import java.time.Instant;

/**
 * One thing that happened in an incident.
 *
 * @param number its number within the incident, from 1 on; it stays when others are left out of a long timeline
 * @param time when
 * @param kind what sort of thing
 * @param by who did it: a person, a detector, or {@code incident4j}
 * @param what what happened, in one sentence
 */
public record TimelineEntry(int number, Instant time, Kind kind, String by, String what) {
    /** What sort of thing happened. */
    public enum Kind {
        /** The incident was opened. */
        OPENED,
        /** Another signal joined it. */
        SIGNAL,
        /** It turned out to be worse than it was taken for. */
        SEVERITY_RAISED,
        /** A containment was put in force. */
        CONTAINMENT,
        /** A containment of the plan waits for a person's approval. */
        CONTAINMENT_PROPOSED,
        /** A containment of the plan could not be applied. */
        CONTAINMENT_SKIPPED,
        /** The detectors still see harm although a containment is in force. */
        CONTAINMENT_INEFFECTIVE,
        /** A containment is not in force any more, and there is harm again: it can be taken again. */
        CONTAINMENT_LIFTED,
        /** The plan has no further step for a version of the model: a person must decide. */
        PLAN_EXHAUSTED,
        /** A recovery ramp was started. */
        RAMP_STARTED,
        /** The next step of a recovery ramp has begun. */
        RAMP_STEP,
        /** A step of a recovery ramp could not be shown to be safe. */
        RAMP_INCONCLUSIVE,
        /** A recovery ramp was undone. */
        RAMP_UNDONE,
        /** A recovery ramp has brought all of the traffic back. */
        RAMP_COMPLETED,
        /** The containment holds: no detector has seen harm since. */
        CONTAINED,
        /** A person has taken the incident up. */
        ACKNOWLEDGED,
        /** A person has declared the incident over. */
        RESOLVED
    }
}
