// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when time is up; one daemon thread for a runtime, which lives only while something is timed. */
public final class CallTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallTimer.class);
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor executor;

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

    /** Has a task that may take its time run on the common pool; at once if the timer is closed. */
    void continueAfter(long nanos, Runnable task) {
        if (nanos <= 0 || after(nanos, () -> ForkJoinPool.commonPool().execute(guarded(task))) == null) {
            ForkJoinPool.commonPool().execute(guarded(task));
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
