// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import org.jspecify.annotations.Nullable;

/** How a route comes to its answer on the thread that asks. */
@FunctionalInterface
public interface Answering<I, O> {

    /**
     * Answers.
     *
     * @param input the input, after the input guardrails
     * @param call the call, for what else is to be said about the answer
     * @return the answer, or null for none
     * @throws Exception whatever the host's function throws
     */
    @Nullable
    O answer(I input, CallState<I> call) throws Exception;
}
