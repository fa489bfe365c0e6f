// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/**
 * How many tokens a call of a language model took, as OpenTelemetry's {@code gen_ai.usage} attributes count them.
 *
 * @param inputTokens of the prompt; negative if unknown
 * @param outputTokens of the answer; negative if unknown
 */
public record TokenUsage(long inputTokens, long outputTokens) {}
