// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people make of an incident; immutable.
 *
 * @param acknowledgedBy who has taken it up, if somebody has
 * @param roles who does what in it, by the people's names in the host's words
 * @param assessment what a person has said of it at its triage
 * @param rootCause why it happened, once that is known
 * @param mergedInto the id of the incident that this one is a part of, if a person has merged it
 * @param clocks what is due, the earliest first
 */
public record Handling(
        Optional<String> acknowledgedBy,
        Map<Role, String> roles,
        Optional<Assessment> assessment,
        Optional<RootCause> rootCause,
        Optional<String> mergedInto,
        List<IncidentClock> clocks) {
    /** Nobody has done anything yet. */
    public static final Handling NONE =
            new Handling(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /**
     * Keeps unmodifiable copies.
     *
     * @param acknowledgedBy who has taken it up
     * @param roles who does what
     * @param assessment what a person has said of it
     * @param rootCause why it happened
     * @param mergedInto the incident that this one is a part of
     * @param clocks what is due
     */
    public Handling {
        roles = Map.copyOf(roles);
        clocks = List.copyOf(clocks);
    }
}
