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
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    private final Supplier<Carrier> carrier;
    private final Consumer<? super Stoppable> running;

    /**
     * Creates them.
     *
     * @param carrier carries the caller's context
     * @param running told of a model call that runs here and may be interrupted, as it begins
     */
    Attempts(Guard<I, O> guard, CallTimer timer, Supplier<Carrier> carrier, Consumer<? super Stoppable> running) {
        this.guard = guard;
        this.timer = timer;
        this.carrier = carrier;
        this.running = running;
    }

    /**
     * A model call that has begun, or never will, and answers elsewhere. Its permits are its own.
     *
     * @param limit how long it may take; {@link CallState#NO_DEADLINE} for any time
     * @param start when it began
     */
    record Begun<O>(Pending<O> attempt, long limit, long start) {
        boolean isLimited() {
            return limit != CallState.NO_DEADLINE;
        }

        Failure timedOut() {
            return Attempts.timedOut(limit);
        }
    }

    /** Whether the model call is over when {@link #run} returns, so that its permits can be given back. */
    boolean endsHere(Route<I, O> route) {
        return route.executor() == null && route.async() == null;
    }

    /** Runs one attempt; what stopped it is then in the call's state. */
    @Nullable
    O run(Route<I, O> route, CallState<I> call) throws Throwable {
        return endsHere(route) ? here(route, call) : await(route, call, begin(route, call));
    }

    private @Nullable O here(Route<I, O> route, CallState<I> call) throws Throwable {
        long limit = guard.admission().limitOf(route, call);
        long start = limit == CallState.NO_DEADLINE ? 0 : guard.time().nanoTime();
        Flight flight = new Flight(
                route.name(), guard.running().isCancelling() ? guard.admission().lookup(call) : null, timer);
        Future<?> alarm = limit == CallState.NO_DEADLINE || !route.interruptible()
                ? null
                : timer.limit(limit, () -> flight.stop(timedOut(limit)));
        @Nullable O output = null;
        Throwable thrown = null;
        try {
            guard.running().started(flight, call.table());
            if (route.interruptible()) {
                running.accept(flight);
            }
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
            call.stopped(stopped == null && output != null ? guard.admission().late(route, start) : stopped);
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

    /**
     * Begins a model call that answers elsewhere. It takes over the permits of the route; none is left if this throws.
     */
    Begun<O> begin(Route<I, O> route, CallState<I> call) {
        Held<I, O> held = null;
        Pending<O> attempt = null;
        try {
            held = new Held<>(guard.admission(), route, call);
            long limit = guard.admission().limitOf(route, call);
            long start = limit == CallState.NO_DEADLINE ? 0 : guard.time().nanoTime();
            if (route.async() != null) {
                SwitchTable.Call lookup =
                        guard.running().isCancelling() ? guard.admission().lookup(call) : null;
                AsyncAttempt<O> async = new AsyncAttempt<>(guard.name(), route.name(), lookup, timer, held);
                attempt = async;
                guard.running().started(async, call.table());
                async.start(
                        () -> java.util.Objects.requireNonNull(route.async()).call(call.input));
            } else {
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
                        held);
                attempt = task;
                guard.running().started(task, call.table());
                submit(task, executor, carrier.get().carry(task));
            }
            return new Begun<>(attempt, limit, start);
        } catch (Throwable e) { // an error of the JVM, or the host's clock
            if (attempt != null) {
                guard.running().ended(attempt);
            }
            if (held == null) {
                guard.admission().release(route, call);
            } else if (attempt == null || attempt.abandon()) {
                held.run();
            }
            throw e;
        }
    }

    private void submit(Task<O> task, Executor executor, Runnable carried) {
        try {
            executor.execute(carried);
        } catch (VirtualMachineError e) {
            task.rejected(e); // is passed on, and selects no other route
        } catch (Throwable e) { // checked ones too, which some languages throw undeclared
            Interruptions.keep(e); // also where it has run it, and waited
            task.rejected(
                    Interruptions.tellsOfAnInterrupt(e)
                            ? e
                            : StoppedException.unbegun(new Failure.Limited("the executor of route '" + task.route()
                                    + "' took no more calls (" + e.getClass().getSimpleName() + ")")));
        } finally {
            task.handedOver();
        }
    }

    private @Nullable O await(Route<I, O> route, CallState<I> call, Begun<O> begun) throws Throwable {
        Pending<O> attempt = begun.attempt();
        try {
            O output = begun.isLimited() ? limited(begun) : unlimited(attempt.result(), attempt);
            if (output != null) {
                call.stopped(guard.admission().late(route, begun.start()));
            }
            return output;
        } catch (ExecutionException e) {
            Throwable cause = unwrapped(e);
            if (cause instanceof StoppedException stopped) {
                call.stopped(stopped);
                return null;
            }
            throw cause;
        } catch (Throwable e) { // an interrupt, or an error of the JVM
            attempt.stop(new Failure.Cancelled());
            throw e;
        } finally {
            guard.running().ended(attempt);
        }
    }

    /** How long an attempt may still take: what the model took on this thread is gone. */
    long left(Begun<O> begun) {
        return begun.limit() - (guard.time().nanoTime() - begun.start());
    }

    private @Nullable O limited(Begun<O> begun) throws InterruptedException, ExecutionException {
        CompletableFuture<@Nullable O> result = begun.attempt().result();
        try {
            return result.get(left(begun), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            begun.attempt().stop(begun.timedOut());
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
