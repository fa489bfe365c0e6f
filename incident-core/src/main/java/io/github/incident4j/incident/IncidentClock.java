// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that is due in an incident. When its time comes and it was not done, the incident says so, and the next of
 * those who are responsible is named; after the last one it says no more.
 *
 * @param kind what is due
 * @param what what is due in words, such as {@code acknowledgement}
 * @param since when its time began
 * @param due until when it is to be done, or, where it was missed already, when the next one is named; empty if there
 *     is nobody left to name
 * @param missed how often that was said already
 */
public record IncidentClock(Kind kind, String what, Instant since, Optional<Instant> due, int missed) {
    /** What may be due. */
    public enum Kind {
        /** A person takes the incident up. */
        ACKNOWLEDGE,
        /** A person says how bad it is. */
        TRIAGE,
        /** A containment holds. */
        CONTAIN,
        /** Those who must know are told how it stands. */
        UPDATE,
        /** The post-incident review. */
        REVIEW,
        /** A notice to an authority or somebody else, of a name. */
        NOTICE
    }
}
