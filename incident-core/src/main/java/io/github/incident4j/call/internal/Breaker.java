// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one route: resilience4j's permission API, without listeners, which would cost every call.
 * Whoever acquires a permit gives it back by exactly one of {@link #succeeded}, {@link #failed} and {@link #release}.
 */
public final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /** A probe that never comes back must not leave a breaker half-open for ever, which is resilience4j's default. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);

    private final CircuitBreaker breaker;
    private final String model;
    private final String route;
    private final GuardServices services;
    private final AtomicReference<@Nullable State> known = new AtomicReference<>(State.CLOSED);

    /**
     * Creates a closed breaker.
     *
     * @param model the model
     * @param route its route
     * @param config the host's configuration; a limit for probes is added if it has none
     * @param services takes the records of its changes of state
     */
    public Breaker(String model, String route, CircuitBreakerConfig config, GuardServices services) {
        this.breaker = CircuitBreaker.of(model + "/" + route, safe(model + "/" + route, config));
        this.model = model;
        this.route = route;
        this.services = services;
    }

    /** The same configuration with predicates that cannot throw into a call. */
    private static CircuitBreakerConfig safe(String name, CircuitBreakerConfig config) {
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.from(config)
                .recordException(orElse(name, config.getRecordExceptionPredicate(), true))
                .ignoreException(orElse(name, config.getIgnoreExceptionPredicate(), false))
                .recordResult(orElse(name, config.getRecordResultPredicate(), false));
        if (config.getMaxWaitDurationInHalfOpenState().isZero()) {
            builder.maxWaitDurationInHalfOpenState(PROBE_LIMIT);
        }
        return builder.build();
    }

    private static <T> Predicate<T> orElse(String name, Predicate<T> predicate, boolean otherwise) {
        AtomicBoolean told = new AtomicBoolean();
        return value -> {
            try {
                return predicate.test(value);
            } catch (RuntimeException | Error e) {
                if (told.compareAndSet(false, true)) { // a host's mistake must not flood its log
                    LOG.warn(
                            "a predicate of circuit breaker {} threw; such calls count as if it said {}",
                            name,
                            otherwise,
                            e);
                }
                return otherwise;
            }
        };
    }

    /** Acquires a permit, if the breaker lets a call through now. */
    boolean tryAcquire() {
        boolean acquired = breaker.tryAcquirePermission();
        look();
        return acquired;
    }

    /** The call that has the permit was answered. */
    void succeeded(long nanos, Object output) {
        breaker.onResult(nanos, TimeUnit.NANOSECONDS, output);
        look();
    }

    /** The call that has the permit failed. */
    void failed(long nanos, Throwable thrown) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
        look();
    }

    /** The call that has the permit says nothing of the model's health. */
    void release() {
        breaker.releasePermission();
    }

    /** Opens it; it comes back by a probe, as after failures. */
    void open() {
        breaker.transitionToOpenState();
        look();
    }

    /** A changed state is noticed by the call that has changed it, or by the next one. */
    private void look() {
        State now = breaker.getState();
        State before = known.get();
        if (before != null && now != before && known.compareAndSet(before, now)) {
            BreakerRecord change = new BreakerRecord(
                    model, route, lower(before), lower(now), services.time().nanoTime());
            if (!services.journal().offer(change)) {
                ForkJoinPool.commonPool().execute(() -> services.journal().append(change));
            }
        }
    }

    private static String lower(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
