// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Decision;
import java.util.function.Consumer;

/**
 * A model that answers by streams, with everything wrapped around it. Built by {@code IncidentRuntime.guardStream(…)};
 * safe for use by several threads.
 *
 * <p>The way of a call is that of a {@link GuardedModel}: kill switch, input guardrails, then the routes. Until the
 * first element was passed on, a route that fails is replaced by the next one and nobody notices; what happens after
 * that is the owner's choice: the stream ends, or the next route begins anew after an element that says so
 * ({@link StreamGuardBuilder#restartWith}). Every call leaves one record, when its stream ends, but one that a closed
 * runtime refuses.
 *
 * @param <I> the model's input
 * @param <T> the elements
 */
public interface GuardedStream<I, T> {

    /** {@return the guarded model's name} */
    String name();

    /**
     * Prepares a call.
     *
     * @param input what to answer
     * @return the call, which begins when it is subscribed to
     */
    default StreamingCall<T> open(I input) {
        return open(input, CallContext.empty());
    }

    /**
     * Prepares a call with what else is known of it.
     *
     * @param input what to answer
     * @param context attributes, traffic key, feature
     * @return the call, which begins when it is subscribed to
     */
    StreamingCall<T> open(I input, CallContext context);

    /**
     * Carries a call out, for callers without a subscriber of their own: hands each element over as it comes, on
     * whatever thread brings it, and waits for the end.
     *
     * @param input what to answer
     * @param context attributes, traffic key, feature
     * @param elements takes the elements; one that throws ends the stream
     * @return the decision
     * @throws InterruptedException if the waiting thread is interrupted; the stream is then cancelled
     */
    Decision<StreamSummary> forEach(I input, CallContext context, Consumer<? super T> elements)
            throws InterruptedException;
}
