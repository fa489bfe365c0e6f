// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.incident.TimelineEntry;
import java.util.List;

/**
 * How far the plan of an incident was carried out, as the incident's timeline tells.
 *
 * @param taken how many steps were taken since it began, or began anew, as it does where it goes on once it is
 *     exhausted
 * @param waiting whether it waits for a person's approval
 * @param exhausted whether, since it began or began anew, it has no further step
 * @param contained whether there was any containment
 */
record PlanProgress(int taken, boolean waiting, boolean exhausted, boolean contained) {
    /** How the entry of a containment begins that was no step of the plan, and answers no proposal. */
    static final String RAMP_UNDONE = "the recovery ramp of ";

    static PlanProgress of(List<TimelineEntry> timeline) {
        PlanProgress progress = new PlanProgress(0, false, false, false);
        for (TimelineEntry entry : timeline) {
            progress = progress.after(entry);
        }
        return progress;
    }

    private PlanProgress after(TimelineEntry entry) {
        return switch (entry.kind()) {
            case CONTAINMENT ->
                entry.what().startsWith(RAMP_UNDONE)
                        ? new PlanProgress(taken, waiting, exhausted, true)
                        : new PlanProgress(taken + 1, false, false, true);
            case CONTAINMENT_SKIPPED -> new PlanProgress(taken + 1, false, false, contained);
            case CONTAINMENT_PROPOSED -> new PlanProgress(taken, true, false, contained);
            case PLAN_EXHAUSTED -> new PlanProgress(0, waiting, true, contained);
            case SEVERITY_RAISED, CONTAINMENT_LIFTED -> new PlanProgress(0, false, false, contained); // begins anew
            default -> this;
        };
    }

    /** Whether none of its steps could be taken. */
    boolean isInVain() {
        return exhausted && !contained;
    }

    /** Whether it was carried out as far as it goes by itself. */
    boolean hasBegun() {
        return contained || exhausted || waiting;
    }
}
