// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.AsyncModelCall;
import io.github.incident4j.killswitch.internal.RateGate;
import io.github.incident4j.model.RouteKind;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way to answer. Exactly one of {@code answering} and {@code async} is there.
 *
 * @param name its name
 * @param kind who answers
 * @param answering the host's function, if it answers on the thread that asks
 * @param async the host's function, if the answer comes later
 * @param breaker its circuit breaker, if it has one
 * @param timeLimitNanos how long it may take; {@link Long#MAX_VALUE} for any time
 * @param interruptible whether it runs on the caller's thread and ends when that is interrupted
 * @param executor where it runs, if not on the caller's thread
 * @param idempotent whether calling it twice does no harm
 * @param gate its rate limit, if it has one
 * @param permits how many calls may run at once, if that is limited
 * @param accepts for which inputs it is made, if not for all
 */
public record Route<I, O>(
        String name,
        RouteKind kind,
        @Nullable Answering<I, O> answering,
        @Nullable AsyncModelCall<? super I, ? extends O> async,
        @Nullable Breaker breaker,
        long timeLimitNanos,
        boolean interruptible,
        @Nullable Executor executor,
        boolean idempotent,
        @Nullable RateGate gate,
        @Nullable Permits permits,
        @Nullable Predicate<? super I> accepts) {

    /** Whether nothing but the host's function is there: on the caller's thread, without a limit. */
    boolean isBare() {
        return breaker == null
                && answering != null
                && executor == null
                && timeLimitNanos == CallState.NO_DEADLINE
                && gate == null
                && permits == null
                && accepts == null;
    }

    /** Whether its breaker was told to open for calls that are slow. */
    boolean mindsSlowCalls() {
        return breaker != null && breaker.mindsSlowCalls();
    }

    boolean isModel() {
        return kind == RouteKind.MODEL;
    }
}
