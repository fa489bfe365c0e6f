// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs checks of a guard that are given up when their time is up. A check that is given up is interrupted; one that
 * minds no interrupt works on for nobody and holds its thread, of which there are eight. What waits for a thread, up to
 * 256 checks, waits within its own limit; beyond that a check fails at once. Where the system starts no more threads,
 * it waits for one of those that there are. The threads are daemons, there is none before the first check, and they end
 * ten seconds after their last one.
 */
final class CutOff {
    private static final int THREADS = 8;
    private static final int WAITING = 256;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    CutOff() {
        this(task -> new Thread(task, "incident4j-guardrail"));
    }

    /** For tests, of which threads may fail to start. */
    CutOff(ThreadFactory threads) {
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
                    Thread thread = threads.newThread(task);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    <T> Verdict<T> check(Guardrail<T> rail, T value, long limitNanos, CallState<?> call, boolean failsOpen) {
        FutureTask<Verdict<T>> task = new FutureTask<>(() -> rail.check(value));
        try {
            execute(task);
            Verdict<T> verdict = task.get(limitNanos, TimeUnit.NANOSECONDS);
            return verdict != null ? verdict : Rails.failed("returned no verdict", failsOpen);
        } catch (RejectedExecutionException e) {
            return Rails.failed("was not run, as " + e.getMessage(), failsOpen);
        } catch (TimeoutException e) {
            giveUp(task);
            return Rails.failed("was cut off after " + TimeUnit.NANOSECONDS.toMicros(limitNanos) + " µs", failsOpen);
        } catch (InterruptedException e) {
            giveUp(task);
            return Rails.thrown(e, call, failsOpen);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            return Interruptions.tellsOfAnInterrupt(cause)
                    ? Rails.failed("was interrupted on its own thread", failsOpen) // which is not the caller's
                    : Rails.thrown(cause, call, failsOpen);
        }
    }

    private void execute(FutureTask<?> task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            throw new RejectedExecutionException("all threads for such checks are busy", e);
        } catch (OutOfMemoryError e) {
            executor.remove(task); // it may wait for the next thread by now, of which there may be none
            if (executor.getPoolSize() == 0 || !executor.getQueue().offer(task)) {
                throw new RejectedExecutionException("the system starts no more threads", e);
            }
        }
    }

    private void giveUp(FutureTask<?> task) {
        task.cancel(true);
        executor.remove(task);
    }
}
