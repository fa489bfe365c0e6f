// SPDX-License-Identifier: Apache-2.0
/**
 * Guardrails on decisions: classes, probabilities, confidence, rules between fields, and between two calls of a key.
 * Start with {@link io.github.incident4j.guardrails.decision.DecisionRails}. No parameter or result is null.
 */
@NullMarked
package io.github.incident4j.guardrails.decision;

import org.jspecify.annotations.NullMarked;
