// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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

    /**
     * Creates a closed breaker.
     *
     * @param name its name in logs
     * @param config the host's configuration; a limit for probes is added if it has none
     */
    public Breaker(String name, CircuitBreakerConfig config) {
        this.breaker = CircuitBreaker.of(name, safe(name, config));
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
        return value -> {
            try {
                return predicate.test(value);
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "a predicate of circuit breaker {} threw; the call counts as if it said {}",
                        name,
                        otherwise,
                        e);
                return otherwise;
            }
        };
    }

    /** Acquires a permit, if the breaker lets a call through now. */
    boolean tryAcquire() {
        return breaker.tryAcquirePermission();
    }

    /** The call that has the permit was answered. */
    void succeeded(long nanos, Object output) {
        breaker.onResult(nanos, TimeUnit.NANOSECONDS, output);
    }

    /** The call that has the permit failed. */
    void failed(long nanos, Throwable thrown) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
    }

    /** The call that has the permit says nothing of the model's health. */
    void release() {
        breaker.releasePermission();
    }
}
