// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
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
    private @Nullable Thread caller; // until it has its future; only this very thread can see itself here
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
        this.attempts = new Attempts<>(guard, timer, () -> carrier, this::runs);
    }

    CompletableFuture<Decision<O>> start() {
        caller = Thread.currentThread();
        try {
            Failure refusal = guard.admit(call);
            if (refusal != null) {
                refuse(refusal);
            } else {
                attempt(0, true);
            }
        } catch (Throwable unexpected) {
            breakOff(unexpected);
        } finally {
            caller = null; // it may come back to the call later, on behalf of somebody else
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
        if (attempts.endsHere(route)) {
            here(i, route, start, mayAskAgain);
        } else {
            elsewhere(i, route, start, mayAskAgain);
        }
    }

    private void elsewhere(int i, Route<I, O> route, long start, boolean mayAskAgain) {
        Attempts.Begun<O> begun;
        try {
            begun = attempts.begin(route, call);
        } catch (Throwable unexpected) { // as on the caller's thread
            arrived(i, null, unexpected, start, mayAskAgain, true);
            return;
        }
        Pending<O> attempt = begun.attempt();
        Future<?> alarm;
        try {
            runs(attempt);
            alarm = alarm(begun);
        } catch (Throwable unexpected) {
            guard.running().ended(attempt);
            attempt.stop(CANCELLED);
            throw unexpected;
        }
        var unused = attempt.result().whenComplete((output, thrown) -> {
            try {
                guard.running().ended(attempt);
                current = null;
                if (alarm != null) {
                    alarm.cancel(false);
                }
                if (output != null) {
                    call.stopped(guard.admission().late(route, begun.start()));
                }
                Throwable cause = thrown == null ? null : Attempts.unwrapped(thrown);
                arrived(i, output, cause, start, mayAskAgain, false);
            } catch (Throwable unexpected) { // which a future tells nobody
                breakOffElsewhere(unexpected);
            }
        });
    }

    private @Nullable Future<?> alarm(Attempts.Begun<O> begun) {
        Pending<O> attempt = begun.attempt();
        if (begun.isLimited()) {
            return timer.limit(Math.max(0, attempts.left(begun)), () -> attempt.stop(begun.timedOut()));
        }
        if (!attempt.isLookedAfter()) {
            return null;
        }
        Future<?> looks = timer.every(Attempts.LOOK, attempt::look);
        if (looks == null) {
            attempt.stop(CLOSED); // the runtime was closed this very moment, and nobody would look after it
        }
        return looks;
    }

    private void runs(Stoppable attempt) {
        current = attempt;
        if (result.isCancelled()) {
            attempt.stop(CANCELLED);
        }
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
        current = null;
        arrived(i, output, thrown, start, mayAskAgain, true);
    }

    /**
     * Goes on with what an attempt has brought, on this thread if it may. Who stops a call (a timer, a kill) must not
     * be kept by what follows, and the interrupt of a thread of the host's is none of what follows.
     */
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private void arrived(
            int i, @Nullable O output, @Nullable Throwable thrown, long start, boolean mayAskAgain, boolean inContext) {
        boolean ofHost = caller != Thread.currentThread();
        StoppedException stopped = null;
        if (thrown instanceof StoppedException known) {
            stopped = known;
        } else if (ofHost && thrown != null && call.stopped() == null && Interruptions.isOfAThread(thrown)) {
            Interruptions.keep(thrown);
            stopped = StoppedException.midway(interrupted(i));
        }
        if (stopped != null) {
            call.stopped(stopped);
        }
        Throwable cause = stopped == null ? thrown : null;
        Runnable settle = () -> settle(i, output, cause, start, mayAskAgain);
        if (stopped != null || (ofHost && Thread.currentThread().isInterrupted())) {
            timer.continuation(guard.name(), carrier.carry(settle)).submit();
        } else if (inContext) {
            settle.run();
        } else {
            carrier.carry(settle).run();
        }
    }

    /** Whoever has interrupted a thread of the host's has not interrupted the one who waits. */
    private Failure interrupted(int i) {
        return new Failure.Limited(
                "the thread on which route '" + guard.route(i).name() + "' answers was interrupted");
    }

    private void settle(int i, @Nullable O output, @Nullable Throwable thrown, long start, boolean mayAskAgain) {
        try {
            O accepted = guard.settle(i, call, output, thrown, start, mayAskAgain);
            if (accepted != null && result.isCancelled()) {
                call.skip(guard.route(i).name(), CANCELLED); // nobody gets it
                advance(i);
            } else if (accepted != null) {
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

    /** Where this thread may have no stack left; if no other thread can be had, then here and without its record. */
    private void breakOffElsewhere(Throwable unexpected) {
        try {
            timer.continuation(guard.name(), () -> breakOff(unexpected)).submit();
        } catch (Throwable again) {
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
