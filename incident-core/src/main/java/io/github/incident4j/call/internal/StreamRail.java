// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.StreamGuardrail;

/**
 * A guardrail on the whole of a stream in its place in a guard, checked.
 *
 * @param guardrail the guardrail
 * @param terms how it is run; without a time limit
 */
public record StreamRail<T>(StreamGuardrail<T> guardrail, Rail.Terms terms) {}
