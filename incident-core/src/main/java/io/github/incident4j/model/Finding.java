// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * What a guardrail found. It names the rule and what is wrong, and never holds the offending value itself: findings go
 * into logs, exceptions and the audit trail.
 *
 * @param rule the rule that hit, such as {@code within} or {@code denied-term}
 * @param category what kind of trouble it is, such as {@code out-of-range} or {@code pii}
 * @param message one sentence for a person
 */
public record Finding(String rule, String category, String message) {}
