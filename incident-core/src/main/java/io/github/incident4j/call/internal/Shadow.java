// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Journal;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.ModelCall;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A version of the model that answers beside the others without being heard: its answers are compared with those that
 * were given, and recorded. It never slows or fails a call: what its executor does not take, or would run on the
 * caller's own thread, is left out and counted.
 */
public final class Shadow<I, O> {
    private static final int AT_ONCE = 64;
    private static final long LOST_AFTER = TimeUnit.MINUTES.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;
    private static final long TELL_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final String name;
    private final ModelCall<? super I, ? extends O> function;
    private final Executor executor;
    private final BiPredicate<? super O, ? super O> agree;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Set<Comparison> pending = ConcurrentHashMap.newKeySet(); // as many as there is room
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong told = new AtomicLong(NEVER); // when what was left out was last on record

    /**
     * Creates a shadow.
     *
     * @param name its route name
     * @param function the model call
     * @param executor where it runs
     * @param agree whether two answers, the given one and the shadow's, agree
     */
    public Shadow(
            String name,
            ModelCall<? super I, ? extends O> function,
            Executor executor,
            BiPredicate<? super O, ? super O> agree) {
        this.name = name;
        this.function = function;
        this.executor = executor;
        this.agree = agree;
    }

    String name() {
        return name;
    }

    void run(
            GuardInfo guard,
            long number,
            int route,
            I input,
            O given,
            BooleanSupplier mayRun,
            Journal journal,
            TimeSource time,
            @Nullable UnaryOperator<Runnable> contextHook) {
        long now = time.nanoTime();
        if (!room.tryAcquire()) {
            pending.forEach(each -> each.giveUpIfLost(now));
            if (!room.tryAcquire()) {
                leftOut(guard, number, route, journal, now);
                return;
            }
        }
        Comparison comparison = new Comparison(
                Carrier.capture(contextHook).carry(() -> compare(guard, number, route, input, given, journal, time)),
                () -> leftOut(guard, number, route, journal, time.nanoTime()),
                mayRun,
                now);
        pending.add(comparison);
        try {
            executor.execute(comparison);
        } catch (Throwable e) { // its executor is full, or broken: no harm to the call
            Interruptions.keep(e);
            comparison.leaveOut();
        }
        comparison.caller = null;
    }

    /** Counts it; now and then says so, as there may be no comparison to say it with. */
    private void leftOut(GuardInfo guard, long number, int route, Journal journal, long now) {
        skipped.incrementAndGet();
        long last = told.get();
        if ((last != NEVER && now - last < TELL_EVERY) || !told.compareAndSet(last, now)) {
            return;
        }
        compared(guard, number, route, journal, "left-out", 0, now);
    }

    private void compared(
            GuardInfo guard, long number, int route, Journal journal, String outcome, long nanos, long now) {
        String answered = guard.routes().get(route).name();
        journal.amend(new Compared(guard, number, answered, name, outcome, nanos, skipped.getAndSet(0), now), false);
    }

    /** One comparison, which is run or left out; one that has not begun in a minute gives its place back. */
    private final class Comparison implements Runnable {
        private final Runnable task;
        private final Runnable leftOut;
        private final BooleanSupplier mayRun;
        private final long since;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();

        /** Only this very thread can see itself here, and only while it hands the comparison over. */
        private @Nullable Thread caller = Thread.currentThread();

        Comparison(Runnable task, Runnable leftOut, BooleanSupplier mayRun, long since) {
            this.task = task;
            this.leftOut = leftOut;
            this.mayRun = mayRun;
            this.since = since;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // whether it is this very thread
        public void run() {
            if (caller == Thread.currentThread() || !mayRun.getAsBoolean()) { // a kill may have come while it waited
                leaveOut();
            } else if (begun.compareAndSet(false, true)) {
                try {
                    task.run();
                } finally {
                    end();
                }
            }
        }

        void leaveOut() {
            if (begun.compareAndSet(false, true)) {
                leftOut.run();
                end();
            }
        }

        /** Its executor has thrown it away; one that hangs there keeps its place, or they would grow without bound. */
        void giveUpIfLost(long now) {
            if (now - since > LOST_AFTER) {
                leaveOut();
            }
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                pending.remove(this);
                room.release();
            }
        }
    }

    private void compare(GuardInfo guard, long number, int route, I input, O given, Journal journal, TimeSource time) {
        long start = time.nanoTime();
        String outcome;
        try {
            O output = function.call(input);
            outcome = output == null ? "no-answer" : agree.test(given, output) ? "agrees" : "differs";
        } catch (Throwable e) { // the shadow's own failure, which concerns nobody else
            outcome = "model-error: " + e.getClass().getName();
        }
        long end = time.nanoTime();
        compared(guard, number, route, journal, outcome, end - start, end);
    }

    private record Compared(
            GuardInfo guard,
            long number,
            String route,
            String shadow,
            String outcome,
            long latencyNanos,
            long skipped,
            long nanoTime)
            implements TrailEntry {
        @Override
        public String type() {
            return "shadow";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("decision", new DecisionId(guard.runtime(), number).toString());
            json.writeStringField("model", guard.model());
            json.writeStringField("route", route);
            json.writeStringField("shadow", shadow);
            json.writeStringField("outcome", outcome);
            json.writeNumberField("latency_ns", latencyNanos);
            if (skipped > 0) {
                json.writeNumberField("skipped", skipped);
            }
        }
    }
}
