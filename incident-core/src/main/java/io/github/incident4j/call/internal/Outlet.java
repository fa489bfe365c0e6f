// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Judgement;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where elements leave an {@link Upstream} with guardrails on the whole of its stream: of one element of the model none
 * may come, or several. So the model is asked for one element at a time, as long as one is owed and none is ready; what
 * is ready waits until it is asked for.
 *
 * <p>While the model is asked, what is here belongs to the thread that brings the answer; else to the thread whose turn
 * it is. Turns are taken one after another, by whoever brings something that may let the stream go on.
 */
final class Outlet<T> implements Flow.Subscription {
    private final Upstream<?, T> upstream;
    private final Flow.Subscription model;
    private final StreamCheck<T> check;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLong owed = new AtomicLong();
    private final Queue<T> ready = new ArrayDeque<>();
    private volatile boolean asked;
    private volatile boolean over; // the model has come to its end
    private @Nullable Throwable thrown; // by the model; written before its end is
    private boolean endChecked;
    private final @Nullable Leaving leaving;
    private long passedOn;

    Outlet(Upstream<?, T> upstream, Flow.Subscription model, StreamCheck<T> check, @Nullable Leaving leaving) {
        this.upstream = upstream;
        this.model = model;
        this.check = check;
        this.leaving = leaving;
    }

    @Override
    public void request(long n) {
        owed.accumulateAndGet(n, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        go();
    }

    @Override
    public void cancel() {
        model.cancel();
    }

    // ---- the model ----------------------------------------------------------------------------------------------

    boolean isAsked() {
        return asked;
    }

    /** Whether an element was asked for that has not come, nor the end. */
    boolean isOwed() {
        return asked && !over;
    }

    /** Takes the element that was asked for; by the thread that brings it, before {@link #taken}. */
    @SuppressWarnings("ReferenceEquality") // whether it is this very element that comes out
    void take(T element) {
        int ofElement = leaving == null ? 0 : leaving.noted();
        long before = came();
        check.next(element, ready);
        if (leaving != null && leaving.noted() > 0) {
            boolean here = ofElement > 0 && ready.stream().anyMatch(each -> each == element);
            leaving.leaveAfter(ofElement, here ? before : came(), before);
        }
    }

    /** How many elements have come out of the guardrails. */
    private long came() {
        return passedOn + ready.size();
    }

    void taken() {
        asked = false;
        go();
    }

    void completed() {
        over = true;
        go();
    }

    void failed(Throwable failure) {
        thrown = failure;
        over = true;
        go();
    }

    // ---- turns --------------------------------------------------------------------------------------------------

    private void go() {
        if (turns.getAndIncrement() != 0) {
            return; // whose turn it is goes round once more
        }
        int seen = 1;
        do {
            if (turn()) {
                asked = true;
                ask(); // the last act of a turn: its answer may come by another thread, and at once
            }
            seen = turns.addAndGet(-seen);
        } while (seen != 0);
    }

    private void ask() {
        try {
            model.request(1);
        } catch (Throwable failure) { // against rule 3.16
            failed(failure);
            upstream.cancelSubscription();
        }
    }

    /** Returns whether to ask the model for one more. */
    private boolean turn() {
        if ((asked && !over) || !upstream.enter()) {
            return false;
        }
        try {
            return !letOut() && thrown == null && !over && owed.get() > 0;
        } finally {
            upstream.exit();
        }
    }

    /** Passes on what is ready, as far as it is owed; returns whether the stream has ended, or something waits. */
    private boolean letOut() {
        while (true) {
            while (!ready.isEmpty() && owed.get() > 0) {
                if (upstream.isCut()) {
                    return true;
                }
                owed.updateAndGet(before -> before == Long.MAX_VALUE ? before : before - 1);
                upstream.passOn(ready.remove(), ++passedOn);
            }
            if (upstream.hasEnded()) {
                return true;
            }
            Throwable failure = over ? thrown : null;
            if (!ready.isEmpty() && failure == null) {
                return true;
            }
            Judgement block = check.block();
            if (block != null) {
                upstream.blocked(block);
                return true;
            }
            if (failure != null) {
                upstream.failed(failure);
                return true;
            }
            if (!over) {
                return false;
            }
            if (endChecked) {
                upstream.completed();
                return true;
            }
            endChecked = true;
            long before = came();
            check.end(ready);
            if (leaving != null) {
                leaving.leaveAfter(0, before, before);
            }
        }
    }
}
