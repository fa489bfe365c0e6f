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
        /** Somebody has reported it, or reported it too. */
        REPORTED,
        /** It turned out to be worse than it was taken for. */
        SEVERITY_RAISED,
        /** It turned out to be less bad than it was taken for. */
        SEVERITY_LOWERED,
        /** A containment was put in force. */
        CONTAINMENT,
        /** A containment of the plan waits for a person's approval. */
        CONTAINMENT_PROPOSED,
        /** A person has approved a containment of the plan. */
        CONTAINMENT_APPROVED,
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
        /** A person has said how bad it is and what kind of harm. */
        TRIAGED,
        /** Somebody was given a role in it. */
        ASSIGNED,
        /** A person has said how it stands. */
        UPDATED,
        /** People look for the cause. */
        INVESTIGATING,
        /** Why it happened is known. */
        ROOT_CAUSE,
        /** The cause is mended. */
        REMEDIATED,
        /** The traffic is brought back. */
        RECOVERING,
        /** A person has declared the incident over. */
        RESOLVED,
        /** The post-incident review is written. */
        REVIEWED,
        /** Nothing is left to do. */
        CLOSED,
        /** A person has found that it was a false alarm. */
        DISMISSED,
        /** It is open again. */
        REOPENED,
        /** A person has made it a part of another incident, or another one a part of it. */
        MERGED,
        /** A person has made it an incident of its own again, or a part of it. */
        SPLIT,
        /** Something happened in an incident that is a part of it. */
        PART,
        /** Something was due and was not done. */
        OVERDUE,
        /** A notice to somebody outside is due from now on. */
        NOTICE_DUE,
        /** A notice to somebody outside was given. */
        NOTICE_GIVEN
    }
}
