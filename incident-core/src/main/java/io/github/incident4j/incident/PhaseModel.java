// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

/** The published models of an incident's phases, for reports to those who use one of them. */
public enum PhaseModel {
    /** The four phases of NIST SP 800-61 revision 2, chapter 3; the first, preparation, is before any incident. */
    FOUR_PHASES,
    /** The six phases of the SANS incident handler's handbook; the first, preparation, is before any incident. */
    SIX_PHASES,
    /** Seven phases, with triage and recovery as phases of their own. */
    SEVEN_PHASES;

    /**
     * The phase that a state belongs to. A dismissed incident has ended in the phase in which false alarms are found.
     *
     * @param state the state
     * @return the name of the phase in this model
     */
    public String phaseOf(IncidentState state) {
        return switch (this) {
            case FOUR_PHASES -> four(state);
            case SIX_PHASES -> six(state);
            case SEVEN_PHASES -> seven(state);
        };
    }

    private static String four(IncidentState state) {
        return switch (state) {
            case DETECTED, TRIAGED, DISMISSED -> "Detection and analysis";
            case CONTAINED, INVESTIGATING, REMEDIATED, RECOVERING -> "Containment, eradication and recovery";
            case RESOLVED, REVIEWED, CLOSED -> "Post-incident activity";
        };
    }

    private static String six(IncidentState state) {
        return switch (state) {
            case DETECTED, TRIAGED, DISMISSED -> "Identification";
            case CONTAINED -> "Containment";
            case INVESTIGATING, REMEDIATED -> "Eradication";
            case RECOVERING -> "Recovery";
            case RESOLVED, REVIEWED, CLOSED -> "Lessons learned";
        };
    }

    private static String seven(IncidentState state) {
        return switch (state) {
            case DETECTED -> "Detection";
            case TRIAGED, DISMISSED -> "Triage";
            case CONTAINED -> "Containment";
            case INVESTIGATING -> "Investigation";
            case REMEDIATED -> "Remediation";
            case RECOVERING -> "Recovery";
            case RESOLVED, REVIEWED, CLOSED -> "Post-incident review";
        };
    }
}
