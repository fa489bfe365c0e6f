// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
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

    private final ThreadPoolExecutor pool;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this; while it holds any, somebody runs
    private int running; // guarded by this; who runs, or still tries to

    Carriers() {
        this(task -> new Thread(task, "incident4j-call"));
    }

    /** For tests, of which threads may fail to start. */
    Carriers(ThreadFactory threads) {
        this.pool = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = threads.newThread(task);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Runs it, after {@link #shutdown}, too: by then few calls are left. */
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
        } catch (RejectedExecutionException e) { // the runtime is closed, and a call that it left running goes on
            onCommonPool(next);
        } catch (OutOfMemoryError e) { // the system starts no more threads
            if (!waits(next)) {
                onCommonPool(next);
            }
        }
    }

    /** For somebody who runs or still tries to; the last one of those takes a thread that everybody uses. */
    private synchronized boolean waits(Runnable next) {
        if (running == 1) {
            return false;
        }
        running--;
        waiting.add(next);
        return true;
    }

    private void onCommonPool(Runnable next) {
        try {
            ForkJoinPool.commonPool().execute(() -> carry(next));
        } catch (OutOfMemoryError e) { // has it by now, and runs it when it has a thread
            LOG.debug("the common pool has no thread for a call that is to be carried on", e);
        }
    }

    private void carry(Runnable first) {
        for (@Nullable Runnable next = first; next != null; next = following()) {
            try {
                next.run();
            } catch (Throwable e) {
                tell(e);
            } finally {
                Thread.interrupted(); // that of one call is not the next one's
            }
        }
    }

    @SuppressWarnings("EmptyCatch") // those that wait are worth more than a line of a log
    private static void tell(Throwable thrown) {
        try {
            LOG.error("a call could not be carried on", thrown);
        } catch (Throwable e) {
            // such as for want of memory
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
