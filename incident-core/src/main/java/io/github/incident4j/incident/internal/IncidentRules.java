// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.incident.Deadlines;
import io.github.incident4j.incident.Responsibilities;
import io.github.incident4j.incident.SeverityRules;
import java.time.Duration;

/**
 * By what rules incidents are kept.
 *
 * @param deadlines how long people have
 * @param responsibilities who they are
 * @param severities how bad an incident is by what a person says of it
 * @param recurrence for how long after its end an incident is opened again by the same harm
 */
public record IncidentRules(
        Deadlines deadlines, Responsibilities responsibilities, SeverityRules severities, Duration recurrence) {
    /** What a host has that says nothing. */
    public static final IncidentRules STANDARD = new IncidentRules(
            Deadlines.standard(), Responsibilities.none(), SeverityRules.standard(), Duration.ofDays(1));
}
