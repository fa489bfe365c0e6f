// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

/**
 * The host's own function from an input to an output. It may be slow, wrong, or throw. It runs for many calls at once,
 * and no lock of the library is held meanwhile: on the caller's thread, unless its route has an
 * {@linkplain RouteOptions#executor executor}, it is a shadow, or {@link GuardedModel#decideAsync} says otherwise.
 *
 * @param <I> the input
 * @param <O> the output
 */
@FunctionalInterface
public interface ModelCall<I, O> {

    /**
     * Calls the model.
     *
     * @param input what to answer; after the input guardrails
     * @return the answer; null counts as a failure
     * @throws Exception whatever the model throws
     */
    O call(I input) throws Exception;
}
