// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Limit;
import io.github.incident4j.model.internal.Durations;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a route is called. Immutable: each setting returns another value. Settings do not throw; the guard's builder
 * reports all faults together.
 *
 * <pre>{@code
 * .route("v8", v8::score, RouteOptions.<Application>options()
 *         .timeLimit(Duration.ofMillis(200)).interruptible().idempotent())
 * }</pre>
 *
 * @param <I> the model's input
 */
public final class RouteOptions<I> {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final RouteOptions<Object> NONE = new RouteOptions<>(new Settings<>());

    private final Settings<I> settings; // never changed once it is here

    private enum Breaking {
        AS_GUARD,
        OWN,
        NONE
    }

    private static final class Settings<I> {
        @Nullable
        Duration timeLimit;

        boolean interruptible;

        @Nullable
        Executor executor;

        boolean idempotent;
        Breaking breaking = Breaking.AS_GUARD;

        @Nullable
        CircuitBreakerConfig breaker;

        Limit.@Nullable Rate rate;
        int maxConcurrent;

        @Nullable
        Predicate<? super I> accepts;

        @Nullable
        String requestModel;

        final List<String> nulls = new ArrayList<>(); // what was said with null

        Settings<I> copy() {
            Settings<I> copy = new Settings<>();
            copy.timeLimit = timeLimit;
            copy.interruptible = interruptible;
            copy.executor = executor;
            copy.idempotent = idempotent;
            copy.breaking = breaking;
            copy.breaker = breaker;
            copy.rate = rate;
            copy.maxConcurrent = maxConcurrent;
            copy.accepts = accepts;
            copy.requestModel = requestModel;
            copy.nulls.addAll(nulls);
            return copy;
        }
    }

    private RouteOptions(Settings<I> settings) {
        this.settings = settings;
    }

    private RouteOptions<I> with(String what, @Nullable Object given, Consumer<Settings<I>> change) {
        return with(given == null ? changed -> changed.nulls.add(what) : change);
    }

    private RouteOptions<I> with(Consumer<Settings<I>> change) {
        Settings<I> changed = settings.copy();
        change.accept(changed);
        return new RouteOptions<>(changed);
    }

    /**
     * A route without options: on the caller's thread, for as long as it takes, with the guard's circuit breaker.
     *
     * @param <I> the model's input
     * @return the options
     */
    @SuppressWarnings("unchecked") // nothing in it consumes an input
    public static <I> RouteOptions<I> options() {
        return (RouteOptions<I>) NONE;
    }

    /**
     * Limits how long the model may take. It needs a way to stop it: {@link #interruptible()}, or an {@link #executor};
     * asynchronous routes are cancelled.
     *
     * @param limit 1 ms to 1 day
     * @return the options with that limit
     */
    public RouteOptions<I> timeLimit(Duration limit) {
        return with("timeLimit", limit, changed -> changed.timeLimit = limit);
    }

    /**
     * Declares that the model call ends soon when its thread is interrupted: it then runs on the caller's thread, which
     * is interrupted when the time is up. An interrupt of the host's own that comes at that very moment may be lost.
     *
     * @return the options with that declaration
     */
    public RouteOptions<I> interruptible() {
        return with(changed -> changed.interruptible = true);
    }

    /**
     * Runs the model call on an executor of the host's, with the caller's MDC and what {@code GuardBuilder.context}
     * propagates. One that takes no more calls is a limit, and so is one that interrupts a call by itself, as
     * {@code shutdownNow()} does. What an executor throws away is noticed once it has ended, if it is an
     * {@link java.util.concurrent.ExecutorService}; any other one that may throw calls away (a queue that drops its
     * oldest, a wrapper around a pool) needs a {@link #timeLimit}, or such a call waits for ever.
     *
     * @param newExecutor for example {@code Executors.newVirtualThreadPerTaskExecutor()} on Java 21
     * @return the options with that executor
     */
    public RouteOptions<I> executor(Executor newExecutor) {
        return with("executor", newExecutor, changed -> changed.executor = newExecutor);
    }

    /**
     * Declares that calling the model twice does no harm. After a time-out of a route that is not idempotent, or after
     * a running call of it was cancelled by a kill ({@link InFlight#CANCEL}), no other route is tried, unless a rule
     * says so.
     *
     * @return the options with that declaration
     */
    public RouteOptions<I> idempotent() {
        return with(changed -> changed.idempotent = true);
    }

    /**
     * Gives the route a circuit breaker of its own configuration.
     *
     * @param config resilience4j's configuration
     * @return the options with that breaker
     */
    public RouteOptions<I> breaker(CircuitBreakerConfig config) {
        return with(changed -> {
            changed.breaking = Breaking.OWN;
            changed.breaker = config;
        });
    }

    /**
     * Leaves the circuit breaker of this route out.
     *
     * @return the options without breaker
     */
    public RouteOptions<I> withoutBreaker() {
        return with(changed -> {
            changed.breaking = Breaking.NONE;
            changed.breaker = null;
        });
    }

    /**
     * Limits how often the route is called, in this process.
     *
     * @param limit the rate
     * @return the options with that limit
     */
    public RouteOptions<I> rateLimit(Limit.Rate limit) {
        return with("rateLimit", limit, changed -> changed.rate = limit);
    }

    /**
     * Limits how many calls of the route run at once, in this process. A call that has timed out counts until it really
     * ends.
     *
     * @param calls 1 or more
     * @return the options with that limit
     */
    public RouteOptions<I> maxConcurrent(int calls) {
        return with(changed -> changed.maxConcurrent = calls < 1 ? -1 : calls);
    }

    /**
     * Restricts the route to the inputs that it is made for; others are out of its scope and go to the next route.
     *
     * @param accepted quick and free of side effects; one that throws has said no
     * @return the options with that restriction
     */
    public RouteOptions<I> accepting(Predicate<? super I> accepted) {
        return with("accepting", accepted, changed -> changed.accepts = accepted);
    }

    /**
     * Names the model as its supplier knows it, such as {@code gpt-4o-2024-08-06}; decisions have it as
     * {@code gen_ai.request.model}.
     *
     * @param name the supplier's name for the model
     * @return the options with that name
     */
    public RouteOptions<I> requestModel(String name) {
        return with("requestModel", name, changed -> changed.requestModel = name);
    }

    /** What is wrong with the options of a route; asynchronous ones can always be stopped. */
    List<String> faults(String route, boolean asynchronous) {
        String who = "route '" + route + "': ";
        List<String> faults = new ArrayList<>();
        settings.nulls.forEach(what -> faults.add(who + what + "(…) was given null; give it a value, or leave it out"));
        if (settings.timeLimit != null
                && (settings.timeLimit.compareTo(Duration.ofMillis(1)) < 0
                        || settings.timeLimit.compareTo(LONGEST) > 0)) {
            faults.add(who + "a time limit of " + Durations.text(settings.timeLimit) + " is out of range; use 1 ms to "
                    + Durations.text(LONGEST));
        }
        if (settings.timeLimit != null && !asynchronous && !settings.interruptible && settings.executor == null) {
            faults.add(who + "a time limit needs a way to stop the call: say interruptible() if an interrupt ends it,"
                    + " or give it an executor(…)");
        }
        if (asynchronous && (settings.interruptible || settings.executor != null)) {
            faults.add(
                    who + "a model that answers later runs where its own code runs and is cancelled, not interrupted;"
                            + " leave interruptible() and executor(…) out");
        }
        if (settings.breaking == Breaking.OWN && settings.breaker == null) {
            faults.add(who + "the breaker's configuration is null; withoutBreaker() leaves it out");
        }
        if (settings.requestModel != null && settings.requestModel.isBlank()) {
            faults.add(who + "the supplier's name of the model is blank; name it, or leave requestModel(…) out");
        }
        if (settings.maxConcurrent < 0) {
            faults.add(who + "a limit of less than one call at once lets nothing pass; use 1 or more");
        }
        return faults;
    }

    Optional<Duration> timeLimit() {
        return Optional.ofNullable(settings.timeLimit);
    }

    boolean isInterruptible() {
        return settings.interruptible;
    }

    @Nullable
    Executor executor() {
        return settings.executor;
    }

    boolean isIdempotent() {
        return settings.idempotent;
    }

    /** The breaker's configuration, given the guard's. */
    @Nullable
    CircuitBreakerConfig breakerOr(@Nullable CircuitBreakerConfig ofGuard) {
        return settings.breaking == Breaking.AS_GUARD ? ofGuard : settings.breaker;
    }

    Limit.@Nullable Rate rate() {
        return settings.rate;
    }

    int maxConcurrent() {
        return settings.maxConcurrent;
    }

    @Nullable
    String requestModel() {
        return settings.requestModel;
    }

    @Nullable
    Predicate<? super I> accepts() {
        return settings.accepts;
    }
}
