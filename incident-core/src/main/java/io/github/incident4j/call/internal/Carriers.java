// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Carries calls of one guard on that were stopped from outside, or have waited: the next route is the host's code,
 * which may block. A thread for each of the first 256 at once, as a call that waits for its answer has one, too; what
 * comes beyond waits for one of a few more. Daemons, which end ten seconds after their last work.
 */
final class Carriers implements Executor {
    private static final int THREADS = 256;
    private static final int MORE = 16;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor first = pool(0, THREADS, new SynchronousQueue<>());
    private final ThreadPoolExecutor more = pool(MORE, MORE, new LinkedBlockingQueue<>());

    private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> waiting) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(core, most, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, waiting, task -> {
                    Thread thread = new Thread(task, "incident4j-call");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs it; throws {@link RejectedExecutionException} after {@link #shutdown} only. */
    @Override
    public void execute(Runnable next) {
        try {
            first.execute(next);
        } catch (RejectedExecutionException e) {
            more.execute(next);
        }
    }

    /** Takes no more work; what was begun or waits is still done. */
    void shutdown() {
        first.shutdown();
        more.shutdown();
    }
}
