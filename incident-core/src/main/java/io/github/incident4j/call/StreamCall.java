// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import java.util.concurrent.Flow;

/**
 * The host's own function from an input to a stream, such as the tokens of a language model.
 *
 * @param <I> the input
 * @param <T> the elements
 */
@FunctionalInterface
public interface StreamCall<I, T> {

    /**
     * Opens the stream and returns at once.
     *
     * @param input what to answer; after the input guardrails
     * @return the stream, which is subscribed to once; null counts as a failure, as does an element that it was not
     *     asked for
     * @throws Exception whatever the model throws
     */
    Flow.Publisher<? extends T> open(I input) throws Exception;
}
