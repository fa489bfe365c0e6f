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
import java.util.function.Function;
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

    /** Until an open breaker tries again, where the host's function does not say. */
    private static final long DEFAULT_WAIT_MILLIS =
            TimeUnit.SECONDS.toMillis(CircuitBreakerConfig.DEFAULT_WAIT_DURATION_IN_OPEN_STATE);

    /** A probe that never comes back must not leave a breaker half-open for ever, which is resilience4j's default. */
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);

    /** A state that was seen, and the permits of it; two of the same kind are not the same. */
    final class Seen {
        private final State state;
        private volatile Reason left; // why it is left; said before it is, as any call may be the first to see it
        private volatile boolean contained; // by a containment, until it is closed
        private volatile boolean ahead; // of resilience4j, which comes to this state in a moment

        private Seen(State state, boolean ahead) {
            this.state = state;
            this.left = state == State.OPEN ? Reason.WAITED : Reason.RESULTS;
            this.ahead = ahead;
        }

        private Seen after(Seen before) {
            contained = state != State.CLOSED && before.contained;
            return this;
        }

        @SuppressWarnings("ReferenceEquality") // whether it is this very breaker
        private boolean isOf(Breaker other) {
            return Breaker.this == other;
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
    private final AtomicReference<Seen> known;
    private final AtomicBoolean told = new AtomicBoolean(); // that the host's own code in it throws

    /**
     * Creates a breaker in the initial state that the configuration names.
     *
     * @param model the model
     * @param route its route
     * @param config the host's configuration; a limit for probes is added if it has none
     * @param services takes the records of its changes of state
     */
    public Breaker(String model, String route, CircuitBreakerConfig config, GuardServices services) {
        this.breaker = CircuitBreaker.of(model + "/" + route, safe(model + "/" + route, config));
        this.known = new AtomicReference<>(new Seen(breaker.getState(), false));
        Duration probeLimit = config.getMaxWaitDurationInHalfOpenState();
        this.probeLimitNanos = TimeUnit.NANOSECONDS.convert(probeLimit.isZero() ? PROBE_LIMIT : probeLimit);
        this.model = model;
        this.route = route;
        this.services = services;
    }

    /**
     * The same configuration with functions that cannot throw into a call, and without what has resilience4j start its
     * scheduler: one thread that nobody can end, so that it would keep a host's class loader for ever. The limit for
     * probes is this class's work, and an open breaker lets the first call after its wait through as a probe.
     */
    private static CircuitBreakerConfig safe(String name, CircuitBreakerConfig config) {
        Predicate<Throwable> isOurs = ToldFailure.class::isInstance; // of which no host can say what it means
        Predicate<Throwable> records = isOurs.or(config.getRecordExceptionPredicate());
        Predicate<Throwable> ignores = isOurs.negate().and(config.getIgnoreExceptionPredicate());
        Function<Integer, Long> waits =
                orElse(name, "waitIntervalFunctionInOpenState", waiting(config), DEFAULT_WAIT_MILLIS);
        return CircuitBreakerConfig.from(config)
                .recordException(orElse(name, "recordException", records::test, true)::apply)
                .ignoreException(orElse(name, "ignoreException", ignores::test, false)::apply)
                .recordResult(orElse(name, "recordResult", config.getRecordResultPredicate()::test, false)::apply)
                .waitIntervalFunctionInOpenState(waits::apply)
                .maxWaitDurationInHalfOpenState(Duration.ZERO)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build();
    }

    private static Function<Integer, Long> waiting(CircuitBreakerConfig config) {
        return attempts -> {
            Long millis = config.getWaitIntervalFunctionInOpenState().apply(attempts);
            if (millis == null || millis < 0) {
                throw new IllegalArgumentException("a wait of " + millis + " ms; it must not be negative");
            }
            return millis;
        };
    }

    private static <T, R> Function<T, R> orElse(String name, String what, Function<T, R> function, R otherwise) {
        AtomicBoolean told = new AtomicBoolean();
        return value -> {
            try {
                return function.apply(value);
            } catch (Throwable e) {
                if (told.compareAndSet(false, true)) { // a host's mistake must not flood its log
                    LOG.warn(
                            "{} of circuit breaker {} threw; wherever it does, it counts as if it said {}",
                            what,
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
     * Asks resilience4j, and mends what an error that struck in the midst of a change of state has left: an open state
     * that asks itself without end, or a closed one that has begun to open and lets nobody through. Either becomes a
     * new open state.
     */
    private boolean isPermitted() {
        try {
            if (breaker.tryAcquirePermission()) {
                return true;
            }
        } catch (StackOverflowError e) {
            if (seen().state != State.OPEN || breaker.getState() != State.OPEN) {
                throw e;
            }
            breaker.transitionToOpenState();
            return false;
        }
        return breaker.getState() == State.CLOSED && isPermittedWhereClosed();
    }

    /**
     * Asks a closed breaker that has refused once more, as it may just have closed. What refuses again has begun to
     * open; it may be open any moment, by who has begun it, and then it is so once more.
     */
    private synchronized boolean isPermittedWhereClosed() {
        if (breaker.tryAcquirePermission()) {
            return true;
        }
        if (breaker.getState() == State.CLOSED) {
            breaker.transitionToOpenState();
        }
        return false;
    }

    /** The call that has the permit was answered. */
    void succeeded(CallState<?> call, long nanos, Object output) {
        if (givesBack(call)) {
            try {
                breaker.onResult(nanos, TimeUnit.NANOSECONDS, output);
            } catch (Throwable e) {
                threw(e);
            }
            look();
        }
    }

    /** The call that has the permit failed. */
    void failed(CallState<?> call, long nanos, Throwable thrown) {
        if (givesBack(call)) {
            try {
                breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
            } catch (Throwable e) {
                threw(e);
            }
            look();
        }
    }

    /** The host's own code, such as {@code transitionOnResult}, after what it was about has been counted. */
    private void threw(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "circuit breaker {} threw when it was told of a call; the call goes on", breaker.getName(), thrown);
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
        if (permit == null || !permit.isOf(this)) {
            return false; // it is that of the next route's breaker
        }
        call.permit = null;
        return known.get() == permit;
    }

    /** Opens it; it comes back by a probe, as after failures. */
    void open() {
        synchronized (this) { // or a probe's limit could close what was just opened
            Seen present = seen();
            if (present.state != State.OPEN) {
                present.left = Reason.DETECTOR;
            }
            present.contained = true;
            breaker.transitionToOpenState();
        }
        look();
    }

    /** Whether a containment has opened it, and it has not closed since. */
    boolean isContained() {
        return seen().contained;
    }

    /** Whether the permit of a call is one to try whether the model has recovered. */
    static boolean isProbing(CallState<?> call) {
        Seen permit = call.permit;
        return permit != null && permit.state == State.HALF_OPEN;
    }

    private Seen seen() {
        return Objects.requireNonNull(known.get());
    }

    /** A changed state is noticed by the call that has changed it, or by the next one. */
    private void look() {
        while (true) {
            Seen before = seen(); // first: or what was seen long ago would come back
            State now = breaker.getState();
            if (now == before.state || before.ahead) {
                return;
            }
            Seen after = new Seen(now, false).after(before);
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
        Seen after = new Seen(closes ? State.CLOSED : State.OPEN, true).after(probing);
        synchronized (this) {
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
        }
        look();
    }

    private static String lower(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
