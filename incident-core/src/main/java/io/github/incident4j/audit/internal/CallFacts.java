// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.model.TokenUsage;
import io.github.incident4j.model.TraceContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only some guards have recorded of a call, and only some calls have.
 *
 * @param subject whom it is about, as the host names that person
 * @param input what the model saw, as the guard's policy has it
 * @param output what the caller got, as the guard's policy has it
 * @param trace the trace and span of the caller
 * @param usage the tokens
 * @param progress how far a stream got
 * @param payloadFault why a payload is not recorded, or not whole
 * @param probe whether the call was one of those that an open circuit breaker lets through to try the model
 * @param rules by which rules the exchangeable guardrails have judged
 */
public record CallFacts(
        @Nullable String subject,
        @Nullable String input,
        @Nullable String output,
        @Nullable TraceContext trace,
        @Nullable TokenUsage usage,
        @Nullable Progress progress,
        @Nullable String payloadFault,
        boolean probe,
        List<RuleSetUsed> rules) {

    /** {@return whether there is anything that may have to be erased} */
    boolean isErasable() {
        return subject != null || input != null || output != null;
    }

    /** {@return the same without the payload, for which there was no room} */
    CallFacts withoutPayload() {
        String why = "there was no room for the payload";
        return new CallFacts(
                subject,
                null,
                null,
                trace,
                usage,
                progress,
                payloadFault == null ? why : payloadFault + "; " + why,
                probe,
                rules);
    }

    /** {@return how many characters it holds of which the host alone says how many there are} */
    long characters() {
        return lengthOf(input) + lengthOf(output) + (lengthOf(subject) > Text.MAX_LENGTH ? lengthOf(subject) : 0);
    }

    private static long lengthOf(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
