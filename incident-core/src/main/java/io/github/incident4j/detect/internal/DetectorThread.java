// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.BoundedQueue;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what has gone through the journal, in the same order, on one thread of its own. It never pushes back: when it
 * falls behind by more than its queue holds, decisions are skipped and counted. They leave room to what else there is,
 * such as approvals and steps of ramps.
 */
public final class DetectorThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DetectorThread.class);
    private static final int CAPACITY = 1 << 16;
    private static final int CONTROL = 1 << 14; // room that decisions leave to other records
    private static final long CLOSE_LIMIT = TimeUnit.SECONDS.toNanos(5);
    private static final long SHORT_PARK = 500_000;
    private static final long LONG_PARK = 10_000_000;
    private static final long SLEEP = 250_000_000;
    private static final int IDLE_ROUNDS = 20;
    private static final int ENTRIES_BETWEEN_LOOKS = 1_024; // at the clock, while there is work

    /** Handles one entry; runs on the detector thread. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles an entry.
         *
         * @param entry what went through the journal
         * @param epochNanos when it happened, on the wall clock
         */
        void handle(TrailEntry entry, long epochNanos);
    }

    private record Timed(TrailEntry entry, long epochNanos) {}

    private final BoundedQueue<Timed> queue = new BoundedQueue<>();
    private final AtomicLong skipped = new AtomicLong();
    private final Handler handler;
    private final Runnable tick;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean leftBehind;
    private volatile boolean asleep;
    private volatile long turns; // of its loop
    private long seenTurns; // by who looks, which one thread does
    private long seenNanos = System.nanoTime();

    /**
     * Creates the thread; {@link #start()} starts it.
     *
     * @param handler handles the entries
     * @param tick looks, some four times a second, at what depends on the time alone; runs on the detector thread
     */
    public DetectorThread(Handler handler, Runnable tick) {
        this.handler = handler;
        this.tick = tick;
        this.thread = new Thread(this::run, "incident4j-detector");
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /**
     * Queues an entry; called by the journal thread only.
     *
     * @param entry the entry
     * @param epochNanos when it happened
     * @param urgent whether to wake the thread
     * @return whether it was taken; if not, it is counted as skipped
     */
    public boolean offer(TrailEntry entry, long epochNanos, boolean urgent) {
        boolean decision = entry instanceof DecisionRecord || entry.yields();
        boolean taken = queue.offer(new Timed(entry, epochNanos), decision ? CAPACITY : CAPACITY + CONTROL);
        if (!taken && skipped.getAndIncrement() == 0) {
            LOG.warn("the detectors have fallen behind by {} decisions; some are skipped and counted", CAPACITY);
        }
        if (!taken && !decision) {
            LOG.error("the detectors have fallen behind so far that a record of type {} is skipped", entry.type());
        }
        if (urgent || !taken || asleep) {
            LockSupport.unpark(thread);
        }
        return taken;
    }

    /** {@return how many entries the detectors never saw} */
    public long skipped() {
        return skipped.get();
    }

    /**
     * Handles what is queued and ends the thread; leaves it behind where that takes more than five seconds. Idempotent.
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        long end = System.nanoTime() + CLOSE_LIMIT;
        long left = CLOSE_LIMIT;
        while (thread.isAlive() && Thread.currentThread() != thread && left > 0) {
            try {
                thread.join(1 + TimeUnit.NANOSECONDS.toMillis(left));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = end - System.nanoTime();
        }
        if (thread.isAlive() && left <= 0) {
            leftBehind = true;
            LOG.error(
                    "the detectors have not come to an end within {} seconds: they are left behind on their daemon"
                            + " thread, and what they have not seen yet is seen by none ({} records)",
                    TimeUnit.NANOSECONDS.toSeconds(CLOSE_LIMIT),
                    queue.size());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Looks whether the thread is held up by one record, as by a host's detector that does not return; from time to
     * time, by one other thread.
     *
     * @param limitNanos how long that is nothing to speak of
     * @return what is wrong; once for each such record
     */
    public Optional<String> hanging(long limitNanos) {
        long now = System.nanoTime();
        if (turns != seenTurns) {
            seenTurns = turns;
            seenNanos = now;
        }
        if (!thread.isAlive() || now - seenNanos < limitNanos) {
            return Optional.empty();
        }
        seenNanos = Long.MAX_VALUE / 2 + now; // until it goes on
        StackTraceElement[] stack = thread.getStackTrace();
        return Optional.of("the detectors have been busy with one record for "
                + TimeUnit.NANOSECONDS.toSeconds(limitNanos) + " seconds"
                + (stack.length == 0 ? "" : ", at " + stack[0])
                + ": nothing is detected and contained until they go on");
    }

    private void run() {
        int idle = 0;
        long turn = 0;
        int handled = 0;
        long ticked = System.nanoTime();
        while (!leftBehind) {
            boolean last = closing;
            turns = ++turn;
            Timed timed = queue.poll();
            if (timed != null) {
                idle = 0;
                handle(timed);
            } else if (last) {
                return;
            } else {
                rest(++idle);
            }
            if ((timed == null || ++handled % ENTRIES_BETWEEN_LOOKS == 0) && System.nanoTime() - ticked >= SLEEP) {
                guarded(tick);
                ticked = System.nanoTime();
            }
        }
    }

    /** Shorter rests while there may be more in a moment; in a long one, the first that comes wakes the thread. */
    private void rest(int idle) {
        if (idle < IDLE_ROUNDS) {
            LockSupport.parkNanos(this, SHORT_PARK);
        } else if (idle < 2 * IDLE_ROUNDS) {
            LockSupport.parkNanos(this, LONG_PARK);
        } else {
            asleep = true;
            if (queue.isEmpty()) {
                LockSupport.parkNanos(this, SLEEP);
            }
            asleep = false;
        }
    }

    private void handle(Timed timed) {
        guarded(() -> handler.handle(timed.entry(), timed.epochNanos()));
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // of a host's code also one that nobody has declared
            LOG.error("the detectors go on after an unexpected failure", e);
        }
    }
}
