// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Decision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * One guarded call that answers by a stream. Nothing happens before somebody subscribes; one subscriber is served,
 * further ones get an error. Obeys the rules of Reactive Streams.
 *
 * @param <T> the elements
 */
public interface StreamingCall<T> extends Flow.Publisher<T> {

    /**
     * The decision, when the stream has ended.
     *
     * @return completes with answered, if a route's stream came to its end; else with refused, which says why and holds
     *     how far the stream got. Exceptionally only by an error that keeps the call from beginning, or leaves no
     *     memory for a decision
     */
    CompletableFuture<Decision<StreamSummary>> decision();
}
