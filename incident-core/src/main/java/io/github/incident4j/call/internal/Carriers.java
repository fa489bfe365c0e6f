// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries calls of one guard on that were stopped from outside, or have waited: the next route is the host's code,
 * which may block. A thread for each of the first 256 at once, as a call that waits for its answer has one, too; what
 * comes beyond waits for the first that is done, and so it does where the system starts no more threads. Daemons, which
 * end ten seconds after their last work.
 */
final class Carriers implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);
    private static final int THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "incident4j-call");
                thread.setDaemon(true);
                return thread;
            });
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this; while it holds any, somebody runs
    private int running; // guarded by this; as many as threads are taken

    /** Runs it; throws {@link RejectedExecutionException} after {@link #shutdown} only. */
    @Override
    public void execute(Runnable next) {
        synchronized (this) {
            if (running == THREADS) {
                waiting.add(next);
                return;
            }
            running++;
        }
        try {
            pool.execute(() -> carry(next));
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                running--;
            }
            throw e;
        } catch (OutOfMemoryError e) { // the system starts no more threads
            synchronized (this) {
                running--;
                if (running > 0) {
                    waiting.add(next);
                    return;
                }
            }
            ForkJoinPool.commonPool().execute(next);
        }
    }

    private void carry(Runnable first) {
        for (@Nullable Runnable next = first; next != null; next = following()) {
            try {
                next.run();
            } catch (Throwable e) {
                LOG.error("a call could not be carried on", e);
            } finally {
                Thread.interrupted(); // that of one call is not the next one's
            }
        }
    }

    private synchronized @Nullable Runnable following() {
        Runnable next = waiting.poll();
        if (next == null) {
            running--;
        }
        return next;
    }

    /** Takes no more work; what was begun or waits is still done. */
    void shutdown() {
        pool.shutdown();
    }
}
