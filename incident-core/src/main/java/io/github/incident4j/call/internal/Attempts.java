// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attempts that can be stopped: by a time limit, by a deadline, or by a kill. The caller's thread waits for them. */
final class Attempts<I, O> {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** How often what waits without a limit looks whether its answer can still come. */
    static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final Guard<I, O> guard;
    private final CallTimer timer;
    private final @Nullable UnaryOperator<Runnable> contextHook;

    Attempts(Guard<I, O> guard, CallTimer timer, @Nullable UnaryOperator<Runnable> contextHook) {
        this.guard = guard;
        this.timer = timer;
        this.contextHook = contextHook;
    }

    /** Whether the model call is over when {@link #run} returns, so that its permits can be given back. */
    boolean endsHere(Route<I, O> route) {
        return route.executor() == null && route.async() == null;
    }

    /** Runs one attempt; what stopped it is then in the call's state. */
    @Nullable
    O run(Route<I, O> route, CallState<I> call) throws Throwable {
        long limit = guard.admission().limitOf(route, call);
        if (route.async() != null) {
            AsyncAttempt<O> attempt = startAsync(route, call);
            return await(call, attempt.result(), attempt, limit);
        }
        if (route.executor() != null) {
            Task<O> task = startTask(route, call, Carrier.capture(contextHook));
            return await(call, task.result(), task, limit);
        }
        return here(route, call, limit);
    }

    private @Nullable O here(Route<I, O> route, CallState<I> call, long limit) throws Throwable {
        Flight flight = new Flight(
                route.name(), guard.running().isCancelling() ? guard.admission().lookup(call) : null, timer);
        Future<?> alarm = limit == CallState.NO_DEADLINE || !route.interruptible()
                ? null
                : timer.limit(limit, () -> flight.stop(timedOut(limit)));
        guard.running().started(flight, call.table());
        @Nullable O output = null;
        Throwable thrown = null;
        try {
            output = Guard.answering(route).answer(call.input, call);
        } catch (Throwable e) { // is thrown on
            thrown = e;
        }
        Failure stopped = flight.land();
        guard.running().ended(flight);
        if (alarm != null) {
            alarm.cancel(false);
        }
        if (!flight.isInterruptedBefore()) {
            call.stopped(stopped);
        } else if (thrown == null) {
            throw new InterruptedException("the caller was interrupted before the call was stopped");
        }
        if (thrown != null) {
            throw thrown;
        }
        return output;
    }

    private static Failure timedOut(long limit) {
        return new Failure.TimedOut(Duration.ofNanos(limit), true);
    }

    Task<O> startTask(Route<I, O> route, CallState<I> call, Carrier carrier) {
        Executor executor = java.util.Objects.requireNonNull(route.executor());
        SwitchTable.Call lookup = guard.admission().lookup(call);
        SwitchTable table = call.table(); // whoever runs the task must not look at a call that has gone on
        Task<O> task = new Task<>(
                route.name(),
                lookup,
                timer,
                executor,
                () -> Guard.answering(route).answer(call.input, call),
                () -> guard.admission().killedMeanwhile(route.name(), lookup, table),
                () -> guard.admission().release(route, call));
        guard.running().started(task, call.table());
        try {
            executor.execute(carrier.carry(task));
        } catch (VirtualMachineError e) {
            task.rejected(e); // is passed on, and selects no other route
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
            Interruptions.keep(e); // also where it has run it, and waited
            task.rejected(
                    Interruptions.tellsOfAnInterrupt(e)
                            ? e
                            : StoppedException.unbegun(new Failure.Limited("the executor of route '" + route.name()
                                    + "' took no more calls (" + e.getClass().getSimpleName() + ")")));
        } finally {
            task.handedOver();
        }
        return task;
    }

    AsyncAttempt<O> startAsync(Route<I, O> route, CallState<I> call) {
        AsyncAttempt<O> attempt = new AsyncAttempt<>(
                guard.name(),
                route.name(),
                guard.running().isCancelling() ? guard.admission().lookup(call) : null,
                timer,
                () -> guard.admission().release(route, call));
        guard.running().started(attempt, call.table());
        attempt.start(() -> java.util.Objects.requireNonNull(route.async()).call(call.input));
        return attempt;
    }

    private @Nullable O await(CallState<I> call, CompletableFuture<@Nullable O> result, Stoppable attempt, long limit)
            throws Throwable {
        try {
            return limit == CallState.NO_DEADLINE ? unlimited(result, attempt) : limited(result, attempt, limit);
        } catch (InterruptedException e) {
            attempt.stop(new Failure.Cancelled());
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = unwrapped(e);
            if (cause instanceof StoppedException stopped) {
                call.stopped(stopped);
                return null;
            }
            throw cause;
        } finally {
            guard.running().ended(attempt);
        }
    }

    private static <T extends @Nullable Object> T limited(CompletableFuture<T> result, Stoppable attempt, long limit)
            throws InterruptedException, ExecutionException {
        try {
            return result.get(limit, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            attempt.stop(timedOut(limit));
            return result.get(); // it is there: the stop, or an answer that was faster
        }
    }

    private static <T extends @Nullable Object> T unlimited(CompletableFuture<T> result, Stoppable attempt)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return result.get(LOOK, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                attempt.look();
            }
        }
    }

    /** What the model itself threw. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof ExecutionException || inner instanceof CompletionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /**
     * Waits before a retry, no longer than until the deadline, until a kill that cancels, or until the runtime is
     * closed; an interrupt ends the call.
     */
    int pause(CallState<I> call, int next) {
        CountDownLatch over = new CountDownLatch(1);
        CallTimer.Continuation wait = guard.wakeAfterWait(next, call, over::countDown);
        try {
            boolean ended = over.await(guard.admission().waitOf(call), TimeUnit.NANOSECONDS);
            if (ended) {
                LOG.debug("a wait of model '{}' before a retry was ended", guard.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.skip(guard.route(next).name(), new Failure.Cancelled());
            call.passOn(e);
            return Rule.REFUSE;
        } finally {
            wait.submit();
        }
        call.end = guard.time().nanoTime();
        return next;
    }
}
