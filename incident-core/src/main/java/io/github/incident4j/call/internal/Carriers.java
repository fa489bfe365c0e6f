// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Carries calls of one guard on that were stopped from outside, or have waited: the next route is the host's code,
 * which may block. A thread for each of the first 256 at once, as a call that waits for its answer has one, too; what
 * comes beyond waits for the first that is done, and so it does where the system starts no more threads. Daemons, which
 * end ten seconds after their last work.
 */
final class Carriers implements Executor {
    private static final int THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int TRIES = 3; // for a thread that is done this very moment, and does not wait for work yet

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "incident4j-call");
                thread.setDaemon(true);
                return thread;
            });

    /** Runs it; throws {@link RejectedExecutionException} after {@link #shutdown} only. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // a yield, see above
    public void execute(Runnable next) {
        waiting.add(next);
        for (int i = 0; i < TRIES; i++) {
            try {
                pool.execute(this::drain);
                return;
            } catch (RejectedExecutionException e) {
                if (pool.isShutdown()) {
                    if (waiting.remove(next)) {
                        throw e;
                    }
                    return; // somebody has it
                }
                Thread.yield();
            } catch (OutOfMemoryError e) { // no more threads: those that there are take it
                if (pool.getPoolSize() == 0) {
                    ForkJoinPool.commonPool().execute(this::drain);
                }
                return;
            }
        }
    }

    private void drain() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    /** Takes no more work; what was begun or waits is still done. */
    void shutdown() {
        pool.shutdown();
    }
}
