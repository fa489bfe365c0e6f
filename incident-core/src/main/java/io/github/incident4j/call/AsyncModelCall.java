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
     * Begins a model call and returns at once. A time limit, a cancellation of the decision, and a kill where
     * {@link InFlight#CANCEL} is chosen cancel the future that this returns. If it is shared by several calls, as that
     * of a cache or of a batch, all of them end: return {@code future.copy()} then, so that each is cancelled by
     * itself.
     *
     * <p>A future that fails since the host's own thread was interrupted, as by {@code shutdownNow()}, is a limit of
     * the route; it interrupts nobody.
     *
     * @param input what to answer; after the input guardrails
     * @return completes with the answer; null, and an answer of null, count as failures
     * @throws Exception whatever the model throws
     */
    CompletionStage<? extends O> call(I input) throws Exception;
}
