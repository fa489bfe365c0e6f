// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.ModelCall;
import org.jspecify.annotations.Nullable;

/**
 * A route that is a function of the host's.
 *
 * @param function the function
 */
public record FunctionAnswering<I, O>(ModelCall<? super I, ? extends O> function) implements Answering<I, O> {
    @Override
    public @Nullable O answer(I input, CallState<I> call) throws Exception {
        return function.call(input);
    }
}
