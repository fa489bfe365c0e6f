// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when time is up; one daemon thread for a runtime, which lives only while something is timed. Closing takes no
 * limit from a call that still runs: the thread ends when the last of them has ended or is over its limit. What may
 * block is done {@linkplain Aside aside}.
 */
public final class CallTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallTimer.class);
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long CLOSE_LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final int CANCELS_AT_ONCE = 8; // of one guard
    private static final int MAX_CANCELS = 10_000; // of one guard, which wait

    private final Alarms executor;
    private final Set<Continuation> continuations = ConcurrentHashMap.newKeySet();
    private final Set<Droppable> droppables = ConcurrentHashMap.newKeySet();
    private final Aside interrupts =
            new Aside("the interrupts of model calls", 32, Integer.MAX_VALUE); // one for a running thread
    private final Map<String, Aside> cancels = new ConcurrentHashMap<>(); // by guard
    private final Map<String, Carriers> carriers = new ConcurrentHashMap<>(); // of what follows, by guard
    private volatile boolean draining;
    private volatile boolean closed;

    /** Creates a timer; no thread is started yet. */
    public CallTimer() {
        this(task -> new Thread(task, "incident4j-timer"), TimeUnit.SECONDS.toNanos(KEEP_ALIVE_SECONDS));
    }

    /** For tests, of which threads may fail to start, and end sooner. */
    CallTimer(ThreadFactory threads, long keepAliveNanos) {
        this.executor = new Alarms(task -> {
            Thread thread = threads.newThread(task);
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(keepAliveNanos, TimeUnit.NANOSECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(true); // until they are cancelled
    }

    /**
     * Limits a call that runs: has a short task run on the timer's thread. It is still run when the timer was closed
     * meanwhile; a call that began to be limited only after that has no time left.
     *
     * @param task returns at once
     * @param nanos when, from now
     * @return cancels it; null if it was submitted at once
     */
    @Nullable
    Future<?> limit(long nanos, Runnable task) {
        Future<?> armed = schedule(nanos, task);
        if (armed == null) {
            ForkJoinPool.commonPool().execute(guarded(task));
        }
        return armed;
    }

    /**
     * Has a short task run on the timer's thread, unless the timer is closed before.
     *
     * @param task returns at once
     * @param nanos when, from now
     */
    void unlessClosed(long nanos, Runnable task) {
        Droppable droppable = new Droppable(task);
        droppables.add(droppable);
        droppable.alarm = schedule(nanos, droppable);
        if (closed) {
            droppable.drop();
        }
    }

    /**
     * Looks after a call that runs: has a short task run on the timer's thread again and again, until it is cancelled;
     * also when the timer was closed meanwhile.
     *
     * @param nanos how long to wait before each run
     * @param task returns at once
     * @return cancels it; null if the timer was closed before
     */
    @Nullable
    Future<?> every(long nanos, Runnable task) {
        return armed(task, each -> executor.scheduleWithFixedDelay(each, nanos, nanos, TimeUnit.NANOSECONDS));
    }

    private @Nullable Future<?> schedule(long nanos, Runnable task) {
        return armed(task, each -> executor.schedule(each, nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * Where the system starts no more threads, the executor takes a task and throws all the same. It runs with the next
     * thread then, later than it should at worst.
     */
    private static @Nullable Future<?> armed(Runnable task, Function<Runnable, Future<?>> arm) {
        Alarm alarm = new Alarm(task);
        try {
            return arm.apply(alarm);
        } catch (RejectedExecutionException e) {
            return null;
        } catch (OutOfMemoryError e) {
            Future<?> taken = alarm.taken;
            if (taken == null) {
                throw e;
            }
            LOG.warn("a time limit may be late, as the system starts no more threads", e);
            return taken;
        }
    }

    /** A task, and by what it is cancelled, also where the executor takes it and throws. */
    private static final class Alarm implements Runnable {
        private final Runnable task;
        private @Nullable Future<?> taken; // for the thread that arms it

        Alarm(Runnable task) {
            this.task = guarded(task);
        }

        @Override
        public void run() {
            task.run();
        }
    }

    /** Tells each alarm by what it is cancelled before anything can go wrong. */
    private static final class Alarms extends ScheduledThreadPoolExecutor {
        Alarms(ThreadFactory threads) {
            super(1, threads);
        }

        @Override
        protected <V> RunnableScheduledFuture<V> decorateTask(Runnable alarm, RunnableScheduledFuture<V> taken) {
            ((Alarm) alarm).taken = taken;
            return taken;
        }
    }

    /** Has an interrupt, which may wait for a disk, sent soon, by nobody who is waited for. */
    void interrupt(Runnable task) {
        interrupts.run(task);
    }

    /**
     * Has a cancel, which may block or throw, done soon, by nobody who is waited for. Cancels of one guard that hang
     * hold up no other guard's; see {@link Aside} for what becomes of those that follow them.
     */
    void cancel(String model, Runnable task) {
        Aside own = cancels.get(model);
        if (own == null) {
            own = cancels.computeIfAbsent(
                    model, name -> new Aside("the cancels of model '" + name + "'", CANCELS_AT_ONCE, MAX_CANCELS));
        }
        own.run(task);
    }

    /**
     * What follows in a call, the next route among others, which is run on a thread of its guard as soon as it is
     * submitted; no later than when the timer is drained. So routes that hang hold up no other guard's calls, and their
     * own guard's not before 256 of them do.
     */
    Continuation continuation(String model, Runnable task) {
        return noted(new Continuation(next -> carryOn(model, next), task));
    }

    /** The same for what only wakes somebody: it is run by whoever submits it. */
    Continuation signal(Runnable task) {
        return noted(new Continuation(Runnable::run, task));
    }

    private Continuation noted(Continuation continuation) {
        continuations.add(continuation);
        if (draining) {
            continuation.submit();
        }
        return continuation;
    }

    /** What nobody waits for once the timer is closed. */
    private final class Droppable implements Runnable {
        private final Runnable task;
        private volatile @Nullable Future<?> alarm;

        Droppable(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            droppables.remove(this);
            task.run();
        }

        void drop() {
            droppables.remove(this);
            cancel(alarm);
        }
    }

    private static void cancel(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** What follows in a call; run once. */
    final class Continuation implements Runnable {
        private final Executor executor;
        private final Runnable task;
        private final AtomicBoolean submitted = new AtomicBoolean();
        private volatile @Nullable Future<?> alarm;
        private volatile @Nullable Thread runner;

        Continuation(Executor executor, Runnable task) {
            this.executor = executor;
            this.task = guarded(task);
        }

        /** Has it run after a time, unless it is submitted before. */
        void submitAfter(long nanos) {
            alarm = nanos > 0 ? schedule(nanos, this::submit) : null;
            if (alarm == null || submitted.get()) {
                submit();
            }
        }

        boolean isSubmitted() {
            return submitted.get();
        }

        /** Has it run at once; without effect if that was said before. */
        void submit() {
            cancel(alarm); // or it would keep the call until its time
            if (submitted.compareAndSet(false, true)) {
                executor.execute(this);
            }
        }

        @Override
        public void run() {
            runner = Thread.currentThread();
            try {
                task.run();
            } finally {
                runner = null;
                continuations.remove(this);
                if (draining) {
                    synchronized (continuations) {
                        continuations.notifyAll();
                    }
                }
            }
        }
    }

    /**
     * Has what waits in a call go on at once, and waits until it has; so that no call is left without its end. A call
     * that is carried on by this very thread, as where a fallback closes the runtime, goes on afterwards.
     *
     * @param limit how long to wait
     * @return whether this thread was interrupted meanwhile, which does not end the wait
     */
    public boolean drain(Duration limit) {
        draining = true;
        continuations.forEach(Continuation::submit);
        boolean interrupted = false;
        long end = System.nanoTime() + limit.toNanos();
        synchronized (continuations) {
            for (long left = limit.toMillis(); left > 0 && !allOthersAreDone(); ) {
                try {
                    continuations.wait(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        }
        return interrupted;
    }

    @SuppressWarnings("ReferenceEquality") // whether it is this very thread
    private boolean allOthersAreDone() {
        return continuations.stream().allMatch(each -> each.runner == Thread.currentThread());
    }

    private void carryOn(String model, Runnable next) {
        carriers.computeIfAbsent(model, name -> new Carriers()).execute(next);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("a timed task failed unexpectedly", e);
            }
        };
    }

    /** Takes no new work but limits; those that are armed are kept. */
    @Override
    public void close() {
        closed = true;
        executor.shutdown();
        droppables.forEach(Droppable::drop);
        long end = System.nanoTime() + CLOSE_LIMIT;
        carriers.values().forEach(Carriers::shutdown);
        interrupts.shutdown();
        cancels.values().forEach(Aside::shutdown);
        interrupts.close(end);
        cancels.values().forEach(each -> each.close(end));
    }
}
