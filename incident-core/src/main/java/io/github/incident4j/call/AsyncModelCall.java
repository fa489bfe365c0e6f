// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.util.concurrent.CompletionStage;

/**
 * The host's own function from an input to an output that comes later.
 *
 * @param <I> the input
 * @param <O> the output
 */
@FunctionalInterface
public interface AsyncModelCall<I, O> {

    /**
     * Begins a model call and returns at once.
     *
     * @param input what to answer; after the input guardrails
     * @return completes with the answer; null, and an answer of null, count as failures
     * @throws Exception whatever the model throws
     */
    CompletionStage<? extends O> call(I input) throws Exception;
}
