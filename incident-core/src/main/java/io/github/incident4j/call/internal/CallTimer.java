// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when time is up; one daemon thread for a runtime, which lives only while something is timed. */
public final class CallTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallTimer.class);
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor executor;
    private final Set<Continuation> continuations = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** Creates a timer; no thread is started yet. */
    public CallTimer() {
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "incident4j-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
    }

    /**
     * Has a short task run on the timer's thread.
     *
     * @param task returns at once
     * @param nanos when, from now
     * @return cancels it; null if the timer is closed and the task will not run
     */
    public @Nullable Future<?> after(long nanos, Runnable task) {
        try {
            return executor.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /**
     * What follows in a call, which is run on the common pool as soon as it is submitted; no later than when the timer
     * is drained.
     */
    Continuation continuation(Runnable task) {
        Continuation continuation = new Continuation(task);
        continuations.add(continuation);
        if (draining) {
            continuation.submit();
        }
        return continuation;
    }

    private static void cancel(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** What follows in a call; run once. */
    final class Continuation implements Runnable {
        private final Runnable task;
        private final AtomicBoolean submitted = new AtomicBoolean();
        private volatile @Nullable Future<?> alarm;

        Continuation(Runnable task) {
            this.task = guarded(task);
        }

        /** Has it run after a time, unless it is submitted before. */
        void submitAfter(long nanos) {
            alarm = nanos > 0 ? after(nanos, this::submit) : null;
            if (alarm == null || submitted.get()) {
                submit();
            }
        }

        /** Has it run at once; without effect if that was said before. */
        void submit() {
            cancel(alarm); // or it would keep the call until its time
            if (submitted.compareAndSet(false, true)) {
                ForkJoinPool.commonPool().execute(this);
            }
        }

        @Override
        public void run() {
            task.run();
            continuations.remove(this);
            if (draining) {
                synchronized (continuations) {
                    continuations.notifyAll();
                }
            }
        }
    }

    /**
     * Has what waits in a call go on at once, and waits until it has; so that no call is left without its end.
     *
     * @param limit how long to wait
     */
    public void drain(Duration limit) {
        draining = true;
        continuations.forEach(Continuation::submit);
        long end = System.nanoTime() + limit.toNanos();
        synchronized (continuations) {
            try {
                for (long left = limit.toMillis(); left > 0 && !continuations.isEmpty(); ) {
                    continuations.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a timed task failed unexpectedly", e);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
