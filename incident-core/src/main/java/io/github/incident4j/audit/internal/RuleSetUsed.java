// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

/**
 * By which rules an exchangeable guardrail has judged.
 *
 * @param guardrail the guardrail's name
 * @param version the version of its rules
 */
public record RuleSetUsed(String guardrail, String version) {}
