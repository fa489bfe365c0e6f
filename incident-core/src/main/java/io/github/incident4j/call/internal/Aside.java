// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what stops a model call and may block or throw there: the cancel of the host's future or subscription, an
 * interrupt, which closes the channel that its thread uses. So neither a kill nor a time limit waits for it. Its
 * threads are daemons and end ten seconds after their last work.
 */
final class Aside implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);
    private static final int MAX_THREADS = 32; // so many may hang before one that does not has to wait
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long JOIN_MILLIS = 1_000;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            MAX_THREADS, MAX_THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Aside::daemon);

    Aside() {
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "incident4j-stopper");
        thread.setDaemon(true);
        return thread;
    }

    void run(Runnable task) {
        Runnable caught = () -> {
            try {
                task.run();
            } catch (Throwable e) { // of the host's, and no reason to stop fewer calls
                LOG.warn("a model call threw when it was stopped", e);
            }
        };
        try {
            executor.execute(caught);
        } catch (RejectedExecutionException e) { // the runtime is closed, and a call that it left running is stopped
            daemon(caught).start();
        }
    }

    /** Lets what was begun come to its end, and interrupts what has not after a second. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(JOIN_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow().forEach(waiting -> daemon(waiting).start());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
