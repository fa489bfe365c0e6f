// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * What a guardrail found. It names the rule and what is wrong, and never holds the offending value itself: findings go
 * into logs, exceptions and the audit trail.
 *
 * @param rule the rule that hit, such as {@code within} or {@code denied-term}
 * @param category what kind of trouble it is, such as {@code out-of-range} or {@code pii}; detectors watch findings by
 *     it
 * @param message one sentence for a person
 * @param severity how bad it is by itself; an incident that it gives rise to is at least as severe
 */
public record Finding(String rule, String category, String message, Severity severity) {
    /**
     * A finding of severity {@link Severity#P3}.
     *
     * @param rule the rule that hit
     * @param category what kind of trouble it is
     * @param message one sentence for a person
     */
    public Finding(String rule, String category, String message) {
        this(rule, category, message, Severity.P3);
    }

    /**
     * This finding with another severity.
     *
     * @param newSeverity how bad it is
     * @return the finding with that severity
     */
    public Finding severity(Severity newSeverity) {
        return new Finding(rule, category, message, newSeverity);
    }
}
