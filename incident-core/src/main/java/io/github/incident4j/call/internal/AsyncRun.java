// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One call that is answered later. The same attempts, in the same order, as on the caller's thread; whoever completes
 * an attempt carries the call on.
 */
final class AsyncRun<I, O> {
    private static final Failure CANCELLED = new Failure.Cancelled();
    private static final Failure CLOSED = new Failure.Closed();

    private final Guard<I, O> guard;
    private final CallState<I> call;
    private final CallTimer timer;
    private final Carrier carrier;
    private final Attempts<I, O> attempts;
    private final Result result = new Result();
    private volatile Loop loop = new Loop(null);
    private volatile @Nullable Stoppable current;
    private @Nullable Thread asking; // only this very thread can see itself here
    private volatile CallTimer.@Nullable Continuation waiting; // for the next attempt

    /** Cancelling it stops the model call that runs, or the wait for the next one. */
    private final class Result extends CompletableFuture<Decision<O>> {
        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean cancelled = super.cancel(mayInterrupt);
            if (cancelled) {
                stop();
            }
            return cancelled;
        }
    }

    AsyncRun(Guard<I, O> guard, CallState<I> call, CallTimer timer, Carrier carrier) {
        this.guard = guard;
        this.call = call;
        this.timer = timer;
        this.carrier = carrier;
        this.attempts = new Attempts<>(guard, timer, null);
    }

    CompletableFuture<Decision<O>> start() {
        try {
            Failure refusal = guard.admit(call);
            if (refusal != null) {
                refuse(refusal);
            } else {
                attempt(0, true);
            }
        } catch (Throwable unexpected) {
            breakOff(unexpected);
        }
        return result;
    }

    /** Attempts follow one another in a loop where they end at once, however many they are. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private void attempt(int i, boolean mayAskAgain) {
        Loop present = loop;
        if (present.thread == Thread.currentThread()) {
            present.next = i;
            present.mayAskAgain = mayAskAgain;
            return;
        }
        Loop own = new Loop(Thread.currentThread());
        loop = own;
        int next = i;
        boolean again = mayAskAgain;
        do {
            own.next = Rule.REFUSE;
            try {
                attemptOnce(next, again);
            } catch (Throwable unexpected) {
                breakOff(unexpected);
            }
            next = own.next;
            again = own.mayAskAgain;
        } while (next >= 0);
        own.thread = null;
    }

    /** The attempts that a thread makes one after another; only that very thread sees itself in it. */
    private static final class Loop {
        @Nullable
        Thread thread;

        int next;
        boolean mayAskAgain;

        Loop(@Nullable Thread thread) {
            this.thread = thread;
        }
    }

    private void attemptOnce(int i, boolean mayAskAgain) {
        long start = call.end;
        Route<I, O> route = guard.route(i);
        if (result.isCancelled()) {
            call.skip(route.name(), CANCELLED);
            refuse(CANCELLED);
            return;
        }
        Failure stop = guard.admission().permission(i, call);
        if (stop != null) {
            call.skip(route.name(), stop);
            advance(i);
            return;
        }
        if (route.async() == null && route.executor() == null) {
            here(i, route, start, mayAskAgain);
            return;
        }
        long limit = guard.admission().limitOf(route, call);
        Stoppable attempt;
        boolean mayBeLost = false;
        CompletableFuture<@Nullable O> answer;
        if (route.async() != null) {
            AsyncAttempt<O> async = attempts.startAsync(route, call);
            attempt = async;
            answer = async.result();
        } else {
            Task<O> task = attempts.startTask(route, call, carrier);
            attempt = task;
            mayBeLost = task.isLookedAfter();
            answer = task.result();
        }
        current = attempt;
        if (result.isCancelled()) {
            attempt.stop(CANCELLED);
        }
        Future<?> alarm;
        if (limit != CallState.NO_DEADLINE) {
            alarm = timer.limit(limit, () -> attempt.stop(new Failure.TimedOut(Duration.ofNanos(limit), true)));
        } else {
            alarm = mayBeLost ? timer.every(Attempts.LOOK, attempt::look) : null;
            if (mayBeLost && alarm == null) {
                attempt.stop(CLOSED); // the runtime was closed this very moment, and nobody would look after it
            }
        }
        asking = Thread.currentThread();
        var unused = answer.whenComplete((output, thrown) -> {
            guard.running().ended(attempt);
            current = null;
            if (alarm != null) {
                alarm.cancel(false);
            }
            Throwable cause = thrown == null ? null : Attempts.unwrapped(thrown);
            if (cause instanceof StoppedException stopped) {
                call.stopped(stopped);
                // Who stops a call (a timer, a kill) must not be kept by what follows.
                timer.continuation(guard.name(), carrier.carry(() -> settle(i, null, null, start, mayAskAgain)))
                        .submit();
                return;
            }
            Runnable settle = carrier.carry(() -> settle(i, output, cause, start, mayAskAgain));
            if (isInterruptedForAnother()) {
                timer.continuation(guard.name(), settle).submit();
            } else {
                settle.run();
            }
        });
        asking = null; // which may bring the answer later, as the thread of somebody else
    }

    /** An interrupt of the host's thread that brings the answer is no interrupt of what follows. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private boolean isInterruptedForAnother() {
        Thread present = Thread.currentThread();
        return present != asking && present.isInterrupted();
    }

    /** A route that answers on the thread that asks, which is the one that carried the call this far. */
    private void here(int i, Route<I, O> route, long start, boolean mayAskAgain) {
        @Nullable O output = null;
        Throwable thrown = null;
        try {
            output = route.interruptible() || guard.running().isCancelling()
                    ? attempts.run(route, call)
                    : Guard.answering(route).answer(call.input, call);
        } catch (Throwable caught) { // becomes a failure on record, or is passed on
            thrown = caught;
        } finally {
            guard.admission().release(route, call);
        }
        settle(i, output, thrown, start, mayAskAgain);
    }

    private void settle(int i, @Nullable O output, @Nullable Throwable thrown, long start, boolean mayAskAgain) {
        try {
            O accepted = guard.settle(i, call, output, thrown, start, mayAskAgain);
            if (accepted != null) {
                complete(guard.answer(call, i, accepted, guard.whole()));
            } else if (call.askAgain) {
                attempt(i, false);
            } else {
                advance(i);
            }
        } catch (Throwable unexpected) {
            breakOff(unexpected);
        }
    }

    /** Whatever it is, the one who waits must hear of it, and the trail, too. */
    private void breakOff(Throwable unexpected) {
        try {
            guard.brokenOff(call, unexpected);
        } finally {
            result.completeExceptionally(unexpected);
        }
    }

    private void advance(int i) {
        int next = call.trace != null && isCancelled(call.trace)
                ? Rule.REFUSE
                : guard.succession().next(i, call);
        if (next < 0) {
            refuse(call.refusal());
        } else if (call.waitNanos() > 0) {
            CallTimer.Continuation wait = guard.afterWait(next, call, carrier.carry(() -> {
                call.end = guard.time().nanoTime();
                attempt(next, true);
            }));
            waiting = wait;
            wait.submitAfter(result.isCancelled() ? 0 : guard.admission().waitOf(call));
        } else {
            attempt(next, true);
        }
    }

    /** Nobody waits for the call any more. */
    private void stop() {
        Stoppable running = current;
        if (running != null) {
            running.stop(CANCELLED);
        }
        CallTimer.Continuation wait = waiting;
        if (wait != null) {
            wait.submit();
        }
    }

    private static boolean isCancelled(Trace trace) {
        return trace.last().failure() instanceof Failure.Cancelled;
    }

    private void refuse(Failure failure) {
        try {
            complete(guard.refuse(call, failure, guard.whole()));
        } catch (Throwable passedOn) { // on record, unless it came before that
            breakOff(passedOn);
        }
    }

    private void complete(Decision<O> decision) {
        result.complete(decision);
    }
}
