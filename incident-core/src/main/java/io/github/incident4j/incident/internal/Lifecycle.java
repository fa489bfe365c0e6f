// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentClock;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Severity;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Which states follow which. Pure. */
final class Lifecycle {
    /** Where a person may move an incident that is open. */
    private static final Set<IncidentState> FROM_OPEN = EnumSet.of(
            IncidentState.INVESTIGATING,
            IncidentState.REMEDIATED,
            IncidentState.RECOVERING,
            IncidentState.RESOLVED,
            IncidentState.DISMISSED);

    private Lifecycle() {}

    /** Why a person may not move an incident to a state, if so. */
    static Optional<String> refusal(Incident incident, IncidentState to) {
        IncidentState from = incident.state();
        return switch (to) {
            case CONTAINED -> from.isOpen() ? Optional.empty() : Optional.of("it is " + from + "; reopen(…) it first");
            case DETECTED, TRIAGED ->
                Optional.of("nobody moves an incident to " + to + ": it follows from what happens; "
                        + (from.isOpen() ? "use triage(…)" : "use reopen(…)"));
            case INVESTIGATING, REMEDIATED, RECOVERING, RESOLVED, DISMISSED ->
                from.isOpen() && FROM_OPEN.contains(to)
                        ? Optional.empty()
                        : Optional.of("it is " + from + "; reopen(…) it first");
            case REVIEWED ->
                from == IncidentState.RESOLVED
                        ? Optional.empty()
                        : Optional.of("it is " + from + ", and only what is RESOLVED is reviewed");
            case CLOSED -> refusalToClose(incident);
        };
    }

    private static Optional<String> refusalToClose(Incident incident) {
        Optional<IncidentClock> notice = incident.handling().clocks().stream()
                .filter(clock -> clock.kind() == IncidentClock.Kind.NOTICE)
                .findFirst();
        if (notice.isPresent()) {
            return Optional.of("the notice '" + notice.get().what() + "' was not given; give it, or say why it need not"
                    + " be, by stopNotice(…)");
        }
        return switch (incident.state()) {
            case REVIEWED -> Optional.empty();
            case RESOLVED ->
                incident.severity().compareTo(Severity.P2) >= 0
                        ? Optional.empty()
                        : Optional.of("it is " + incident.severity() + " and has no review; move it to REVIEWED first");
            default -> Optional.of("it is " + incident.state() + "; only what is REVIEWED is closed");
        };
    }

    /** Which entry of the timeline tells of a move. */
    static Kind kindOf(IncidentState to) {
        return switch (to) {
            case INVESTIGATING -> Kind.INVESTIGATING;
            case REMEDIATED -> Kind.REMEDIATED;
            case RECOVERING -> Kind.RECOVERING;
            case RESOLVED -> Kind.RESOLVED;
            case DISMISSED -> Kind.DISMISSED;
            case REVIEWED -> Kind.REVIEWED;
            case CLOSED -> Kind.CLOSED;
            case CONTAINED -> Kind.CONTAINED;
            case DETECTED, TRIAGED -> throw new IllegalArgumentException("nobody moves to " + to);
        };
    }

    /** People who look for the cause go on with it; what they had taken for mended is not. */
    static IncidentState afterHarm(IncidentState before, boolean isTriaged) {
        return switch (before) {
            case INVESTIGATING, REMEDIATED, RECOVERING -> IncidentState.INVESTIGATING;
            default -> isTriaged ? IncidentState.TRIAGED : IncidentState.DETECTED;
        };
    }

    /** Contained is said of one that nobody has begun to investigate. */
    static IncidentState afterSilence(IncidentState before) {
        return before.compareTo(IncidentState.CONTAINED) < 0 ? IncidentState.CONTAINED : before;
    }

    /** A ramp brings back what was mended; one that was undone leaves the incident as it was without it. */
    static IncidentState afterRamp(Kind kind, IncidentState before, boolean contained, boolean isTriaged) {
        return switch (kind) {
            case RAMP_STARTED -> IncidentState.RECOVERING;
            case RAMP_UNDONE ->
                before != IncidentState.RECOVERING
                        ? before
                        : contained ? IncidentState.CONTAINED : afterHarm(IncidentState.DETECTED, isTriaged);
            default -> before;
        };
    }
}
