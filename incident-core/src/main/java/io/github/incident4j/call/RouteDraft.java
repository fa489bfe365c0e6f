// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.Answering;
import io.github.incident4j.call.internal.Breaker;
import io.github.incident4j.call.internal.FunctionAnswering;
import io.github.incident4j.call.internal.GuardServices;
import io.github.incident4j.call.internal.Permits;
import io.github.incident4j.call.internal.Route;
import io.github.incident4j.killswitch.internal.RateGate;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.RouteKind;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route as it was configured, to be checked and built.
 *
 * @param name its name
 * @param kind who answers
 * @param primary whether it is the one that answers as long as nothing is wrong
 * @param answering the host's function, if it answers on the thread that asks
 * @param async the host's function, if the answer comes later
 * @param options its options
 */
record RouteDraft<I, O>(
        String name,
        RouteKind kind,
        boolean primary,
        @Nullable Answering<I, O> answering,
        @Nullable AsyncModelCall<? super I, ? extends O> async,
        RouteOptions<? super I> options) {

    static <I, O> RouteDraft<I, O> of(
            String name,
            RouteKind kind,
            boolean primary,
            @Nullable ModelCall<? super I, ? extends O> function,
            RouteOptions<? super I> options) {
        Answering<I, O> answering = function == null ? null : new FunctionAnswering<I, O>(function);
        return new RouteDraft<>(name, kind, primary, answering, null, options);
    }

    List<String> faults() {
        List<String> found = new ArrayList<>();
        Names.faultOf("route name", name).ifPresent(found::add);
        if (answering == null && async == null) {
            found.add("route '" + name + "': the model call is null");
        }
        if (options == null) {
            found.add("route '" + name + "': the options are null");
        } else {
            found.addAll(options.faults(name, async != null));
            if (kind != RouteKind.MODEL && options.breakerOr(null) != null) {
                found.add("route '" + name
                        + "': only versions of the model have a circuit breaker; leave breaker(…) out");
            }
        }
        return found;
    }

    /** The configuration of its breaker, if it has one; the guard's if it says nothing else. */
    @Nullable
    CircuitBreakerConfig breakerOr(@Nullable CircuitBreakerConfig ofGuard) {
        return kind == RouteKind.MODEL ? options.breakerOr(ofGuard) : null;
    }

    /**
     * Builds the route.
     *
     * @param model the guard's name
     * @param breaker the breaker of routes that say nothing else, or null for none
     * @param services what it needs of its runtime
     * @return the route
     */
    Route<I, O> build(String model, @Nullable CircuitBreakerConfig breaker, GuardServices services) {
        CircuitBreakerConfig config = breakerOr(breaker);
        Limit.Rate rate = options.rate();
        return new Route<>(
                name,
                kind,
                answering,
                async,
                config == null ? null : new Breaker(model, name, config, services),
                options.timeLimit().map(Duration::toNanos).orElse(Long.MAX_VALUE),
                options.isInterruptible(),
                options.executor(),
                options.isIdempotent(),
                rate == null ? null : new RateGate(rate, services.time().nanoTime()),
                options.maxConcurrent() > 0 ? new Permits(options.maxConcurrent()) : null,
                options.accepts());
    }
}
