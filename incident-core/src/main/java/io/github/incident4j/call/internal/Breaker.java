// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.internal.BreakerRecord.Reason;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one route: resilience4j's permission API, without listeners, which would cost every call.
 * Whoever acquires a permit gives it back by {@link #succeeded}, {@link #failed} or {@link #release}; the first of them
 * counts. A permit is one of the state in which it was acquired: what a call of an earlier state brings says nothing to
 * a later one, and gives it no permit.
 */
public final class Breaker {
    private static final Duration DEFAULT_SLOW =
            Duration.ofSeconds(CircuitBreakerConfig.DEFAULT_SLOW_CALL_DURATION_THRESHOLD);
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /** A probe that never comes back must not leave a breaker half-open for ever, which is resilience4j's default. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);

    /** A state that was seen, and the permits of it; two of the same kind are not the same. */
    final class Seen {
        private final State state;
        private volatile Reason left; // why it is left; said before it is, as any call may be the first to see it
        private volatile boolean ahead; // of resilience4j, which comes to this state in a moment

        private Seen(State state, boolean ahead) {
            this.state = state;
            this.left = state == State.OPEN ? Reason.WAITED : Reason.RESULTS;
            this.ahead = ahead;
        }

        /** Takes a permit back of a call that was broken off and brings nothing any more. */
        @SuppressWarnings("ReferenceEquality") // whether it is still this very state
        void release() {
            if (known.get() == this) {
                breaker.releasePermission();
            }
        }
    }

    private final CircuitBreaker breaker;
    private final long probeLimitNanos;
    private final String model;
    private final String route;
    private final GuardServices services;
    private final AtomicReference<Seen> known = new AtomicReference<>(new Seen(State.CLOSED, false));

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
        Duration probeLimit = config.getMaxWaitDurationInHalfOpenState();
        this.probeLimitNanos = TimeUnit.NANOSECONDS.convert(probeLimit.isZero() ? PROBE_LIMIT : probeLimit);
        this.model = model;
        this.route = route;
        this.services = services;
    }

    /**
     * The same configuration with predicates that cannot throw into a call, and without what has resilience4j start its
     * scheduler: one thread that nobody can end, so that it would keep a host's class loader for ever. The limit for
     * probes is this class's work, and an open breaker lets the first call after its wait through as a probe.
     */
    private static CircuitBreakerConfig safe(String name, CircuitBreakerConfig config) {
        Predicate<Throwable> isOurs = ToldFailure.class::isInstance; // of which no host can say what it means
        return CircuitBreakerConfig.from(config)
                .recordException(orElse(name, isOurs.or(config.getRecordExceptionPredicate()), true))
                .ignoreException(orElse(name, isOurs.negate().and(config.getIgnoreExceptionPredicate()), false))
                .recordResult(orElse(name, config.getRecordResultPredicate(), false))
                .maxWaitDurationInHalfOpenState(Duration.ZERO)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build();
    }

    private static <T> Predicate<T> orElse(String name, Predicate<T> predicate, boolean otherwise) {
        AtomicBoolean told = new AtomicBoolean();
        return value -> {
            try {
                return predicate.test(value);
            } catch (Throwable e) {
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

    /** Whether it was told what a slow call is; by default that is a minute, which no guardrail takes. */
    boolean mindsSlowCalls() {
        return breaker.getCircuitBreakerConfig().getSlowCallDurationThreshold().compareTo(DEFAULT_SLOW) < 0;
    }

    /** Acquires a permit for a call, if the breaker lets one through now. */
    boolean tryAcquire(CallState<?> call) {
        boolean acquired = isPermitted();
        try {
            look();
        } catch (Throwable e) {
            if (acquired) {
                breaker.releasePermission();
            }
            throw e;
        }
        call.permit = acquired ? known.get() : null;
        return acquired;
    }

    /**
     * Where a full stack has ended resilience4j's way from open to half-open, its open state asks itself without end,
     * for whoever comes: it gets a new one.
     */
    private boolean isPermitted() {
        try {
            return breaker.tryAcquirePermission();
        } catch (StackOverflowError e) {
            if (breaker.getState() != State.OPEN) {
                throw e;
            }
            breaker.transitionToOpenState();
            return false;
        }
    }

    /** The call that has the permit was answered. */
    void succeeded(CallState<?> call, long nanos, Object output) {
        if (givesBack(call)) {
            breaker.onResult(nanos, TimeUnit.NANOSECONDS, output);
            look();
        }
    }

    /** The call that has the permit failed. */
    void failed(CallState<?> call, long nanos, Throwable thrown) {
        if (givesBack(call)) {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
            look();
        }
    }

    /** The call that has the permit says nothing of the model's health. */
    void release(CallState<?> call) {
        if (givesBack(call)) {
            breaker.releasePermission();
        }
    }

    /** Takes the permit from the call; whether it is of the present state, so that the breaker wants it back. */
    @SuppressWarnings("ReferenceEquality") // whether it is still this very state
    private boolean givesBack(CallState<?> call) {
        Seen permit = call.permit;
        call.permit = null;
        return known.get() == permit;
    }

    /** Opens it; it comes back by a probe, as after failures. */
    void open() {
        Seen present = known.get();
        if (present != null && present.state != State.OPEN) {
            present.left = Reason.DETECTOR;
        }
        breaker.transitionToOpenState();
        look();
    }

    /** Whether the permit of a call is one to try whether the model has recovered. */
    static boolean isProbing(CallState<?> call) {
        Seen permit = call.permit;
        return permit != null && permit.state == State.HALF_OPEN;
    }

    /** A changed state is noticed by the call that has changed it, or by the next one. */
    private void look() {
        while (true) {
            Seen before = Objects.requireNonNull(known.get()); // first: or what was seen long ago would come back
            State now = breaker.getState();
            if (now == before.state || before.ahead) {
                return;
            }
            Seen after = new Seen(now, false);
            if (known.compareAndSet(before, after)) {
                changed(before, after, before.left);
                return;
            }
        }
    }

    private void changed(Seen before, Seen after, Reason reason) {
        if (after.state == State.HALF_OPEN) {
            services.timer().unlessClosed(probeLimitNanos, () -> giveUp(after));
        }
        BreakerRecord change = new BreakerRecord(
                model,
                route,
                lower(before.state),
                lower(after.state),
                reason,
                services.time().nanoTime());
        if (!services.journal().offer(change)) {
            ForkJoinPool.commonPool().execute(() -> services.journal().append(change));
        }
    }

    /**
     * The probes have not decided in time; it is half-open no longer, unless it has left that state itself. What they
     * bring from now on is of a state that is over, also while resilience4j still comes to the next one.
     */
    private void giveUp(Seen probing) {
        boolean closes = breaker.getCircuitBreakerConfig().getTransitionToStateAfterWaitDuration() == State.CLOSED;
        Seen after = new Seen(closes ? State.CLOSED : State.OPEN, true);
        if (breaker.getState() != State.HALF_OPEN || !known.compareAndSet(probing, after)) {
            return;
        }
        try {
            if (closes) {
                breaker.transitionToClosedState();
            } else {
                breaker.transitionToOpenState();
            }
            changed(probing, after, Reason.PROBES_MISSING);
        } finally {
            after.ahead = false;
        }
        look();
    }

    private static String lower(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
