// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what stops a model call and may block or throw there: the cancel of the host's future or subscription, an
 * interrupt, which closes the channel that its thread uses. So neither a kill nor a time limit waits for it. Its
 * threads are daemons and end ten seconds after their last work.
 *
 * <p>There is one for the interrupts and one for the cancels of each guard, as what hangs in one must not hold up the
 * others. When all threads of one hang and its queue is full, it stops nothing more, and says so once: the call is
 * decided all the same, and only the model works on for nobody.
 */
final class Aside {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final String what;
    private final int threads;
    private final ThreadPoolExecutor executor;
    private final AtomicBoolean full = new AtomicBoolean(); // and it was said

    /**
     * Creates one without threads.
     *
     * @param what it does, for a person
     * @param threads so many may hang before one that does not has to wait
     * @param waiting so many may wait
     */
    Aside(String what, int threads, int waiting) {
        this.what = what;
        this.threads = threads;
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Aside::daemon);
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "incident4j-stopper");
        thread.setDaemon(true);
        return thread;
    }

    private void start(Runnable task) {
        try {
            daemon(task).start();
        } catch (OutOfMemoryError e) { // the runtime is closed, and nothing waits for it
            LOG.error("{} are left out, as no thread can be started; the model is not told", what, e);
        }
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
            if (full.get() && executor.getQueue().isEmpty()) {
                full.set(false);
            }
        } catch (
                OutOfMemoryError
                        e) { // the system starts no more threads; those that there are take it, or the next one
            LOG.warn("{} wait, as no thread can be started", what, e);
            if (!executor.getQueue().offer(caught)) {
                LOG.error("{} are too many; the model is not told", what);
            }
        } catch (RejectedExecutionException e) {
            if (executor.isShutdown()) { // the runtime is closed, and a call that it left running is stopped
                start(caught);
            } else if (full.compareAndSet(false, true)) {
                LOG.error(
                        "{} hang, and {} more wait for them: the model calls that are stopped from now on are decided, but"
                                + " nobody tells the model",
                        what,
                        executor.getQueue().size());
            }
        }
    }

    /** Takes no more work; what was begun or waits is still done. */
    void shutdown() {
        executor.shutdown();
    }

    /** Lets what was begun come to its end, and interrupts what has not by then; what waits has its turn afterwards. */
    void close(long endNanos) {
        shutdown();
        try {
            if (!executor.awaitTermination(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                List<Runnable> waiting = new ArrayList<>(executor.shutdownNow());
                for (int i = 0; i < Math.min(threads, waiting.size()); i++) {
                    start(everyNth(waiting, i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Runnable everyNth(List<Runnable> waiting, int first) {
        return () -> {
            for (int i = first; i < waiting.size(); i += threads) {
                waiting.get(i).run();
            }
        };
    }
}
