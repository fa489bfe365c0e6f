// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the host's own code that may hang, fail or answer nonsense: on other threads, within a time limit, several
 * callers' inputs in one call where asked for. Whoever calls gets an outcome in any case, at the latest when the time
 * limit is over, and never an exception.
 *
 * <p>Safe for use by several threads.
 *
 * @param <I> the type of the inputs
 * @param <A> the type of the answers
 */
public final class BoundedCalls<I, A> implements AutoCloseable {

    /**
     * The host's code.
     *
     * @param <I> the type of the inputs
     * @param <A> the type of the answers
     */
    @FunctionalInterface
    public interface Work<I, A> {
        /**
         * Answers each input.
         *
         * @param inputs the inputs, never empty
         * @return an answer for each, in the same order; null in the place of one that is no answer
         * @throws Exception if there are no answers
         */
        List<? extends @Nullable A> of(List<I> inputs) throws Exception;
    }

    /** Why there is no answer. */
    public enum Failure {
        /** The time limit was over. */
        TIMED_OUT("timed-out", "has not answered within its time limit"),
        /** The host's code threw. */
        FAILED("failed", "has failed"),
        /** The answer was none. */
        GARBAGE("no-answer", "has given an answer that is none"),
        /** No thread and no place in the queue was free. */
        OVERLOADED("overloaded", "has no thread and no place in its queue left"),
        /** The caller's thread was interrupted; it still is. */
        INTERRUPTED("interrupted", "was not waited for, since the thread was interrupted"),
        /** Closed before there was an answer. */
        CLOSED("closed", "is closed");

        private final String category;
        private final String sentence;

        Failure(String category, String sentence) {
            this.category = category;
            this.sentence = sentence;
        }

        /** {@return the category of its findings} */
        public String category() {
            return category;
        }

        /** {@return the end of a sentence that begins with what did not answer} */
        public String sentence() {
            return sentence;
        }
    }

    /**
     * What came of a call.
     *
     * @param answer the answer, or null
     * @param failure why there is none, or null
     * @param cause the class of what was thrown, in brackets, or nothing; never its message, which may hold the input
     * @param <A> the type of the answers
     */
    public record Outcome<A>(@Nullable A answer, @Nullable Failure failure, String cause) {
        /**
         * The outcome without an answer.
         *
         * @param failure why
         * @param <A> the type of the answers
         * @return the outcome
         */
        public static <A> Outcome<A> of(Failure failure) {
            return new Outcome<>(null, failure, "");
        }
    }

    /**
     * How much is let happen.
     *
     * @param name the name of the threads
     * @param timeLimit the longest that a caller waits
     * @param batch the most inputs of one call
     * @param gather how long a first input waits for others
     * @param threads the most threads
     * @param queue the most calls that wait for a thread
     * @param executor the host's own threads in place of these, or null
     * @param time the clocks; the monotonic one measures how long calls take
     */
    public record Limits(
            String name,
            Duration timeLimit,
            int batch,
            Duration gather,
            int threads,
            int queue,
            @Nullable Executor executor,
            TimeSource time) {
        private static final int MOST_THREADS = 256;
        private static final int MOST_WAITING = 100_000;

        /**
         * What is wrong with these numbers.
         *
         * @param threads the most threads
         * @param queue the most calls that wait for a thread
         * @return a sentence for each fault
         */
        public static List<String> faultsOf(int threads, int queue) {
            List<String> faults = new ArrayList<>();
            if (threads < 1 || threads > MOST_THREADS) {
                faults.add(threads + " threads are none; give 1 to " + MOST_THREADS);
            }
            if (queue < 1 || queue > MOST_WAITING) {
                faults.add("a queue of " + queue + " is none; give 1 to " + MOST_WAITING);
            }
            return faults;
        }
    }

    private static final long KEEP_ALIVE_SECONDS = 10;

    private final Work<I, A> work;
    private final int most;
    private final long limitNanos;
    private final long gatherNanos;
    private final TimeSource time;
    private final @Nullable ThreadPoolExecutor own;
    private final Executor executor;
    private final Set<Batch> running = ConcurrentHashMap.newKeySet();
    private final LongAdder calls = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    private final ReentrantLock gathering = new ReentrantLock();
    private @Nullable Batch open; // guarded by gathering
    private volatile boolean closed;

    /**
     * Starts no thread yet.
     *
     * @param work the host's code
     * @param limits how much is let happen; must be sound
     */
    public BoundedCalls(Work<I, A> work, Limits limits) {
        this.work = work;
        most = limits.batch();
        limitNanos = limits.timeLimit().toNanos();
        gatherNanos = limits.gather().toNanos();
        time = limits.time();
        Executor given = limits.executor();
        ThreadPoolExecutor pool = given == null ? pool(limits) : null;
        own = pool;
        executor = given == null ? Objects.requireNonNull(pool) : given;
    }

    private static ThreadPoolExecutor pool(Limits limits) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                limits.threads(),
                limits.threads(),
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.queue()),
                task -> {
                    Thread thread = new Thread(task, "incident4j-" + limits.name());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Calls, and waits for the answer.
     *
     * @param input the input
     * @return what came of it
     */
    public Outcome<A> call(I input) {
        if (Thread.currentThread().isInterrupted()) {
            return Outcome.of(Failure.INTERRUPTED);
        }
        long start = System.nanoTime();
        Ticket<I, A> ticket = new Ticket<>(input);
        Batch batch;
        boolean first;
        boolean full;
        gathering.lock();
        try {
            if (closed) {
                return Outcome.of(Failure.CLOSED);
            }
            first = open == null;
            batch = open == null ? new Batch() : open;
            full = batch.add(ticket) == most;
            open = full ? null : batch;
        } finally {
            gathering.unlock();
        }
        if (full) {
            batch.submit();
        } else if (first) {
            // Whoever opens a batch sends it off, unless it has become full before.
            boolean interrupted = !ticket.await(Math.min(gatherNanos, limitNanos));
            boolean mine = take(batch);
            Outcome<A> outcome = interrupted ? batch.leave(ticket, Failure.INTERRUPTED) : null;
            if (mine && batch.isAwaited()) {
                batch.submit();
            }
            if (outcome != null) {
                return outcome;
            }
        }
        if (!ticket.await(limitNanos - (System.nanoTime() - start))) {
            return batch.leave(ticket, Failure.INTERRUPTED);
        }
        return batch.leave(ticket, Failure.TIMED_OUT);
    }

    private boolean take(Batch batch) {
        gathering.lock();
        try {
            boolean mine = open == batch;
            open = mine ? null : open;
            return mine;
        } finally {
            gathering.unlock();
        }
    }

    /** {@return how often the host's code was called and has returned} */
    public long calls() {
        return calls.sum();
    }

    /** {@return how long these calls took in sum, in nanoseconds} */
    public long nanos() {
        return nanos.sum();
    }

    /** {@return how long the longest of them took, in nanoseconds} */
    public long longestNanos() {
        return longest.get();
    }

    /** {@return how many batches wait for a thread or run} */
    public int pending() {
        return running.size();
    }

    /** {@return whether it is closed} */
    public boolean isClosed() {
        return closed;
    }

    /** Ends the threads and what waits; calls that run are interrupted, and not waited for. */
    @Override
    public void close() {
        Batch gathered;
        gathering.lock();
        try {
            closed = true;
            gathered = open;
            open = null;
        } finally {
            gathering.unlock();
        }
        if (gathered != null) {
            gathered.fail(Failure.CLOSED, "");
        }
        for (Batch batch : running) {
            batch.fail(Failure.CLOSED, "");
            batch.abandon();
        }
        if (own != null) {
            own.shutdownNow();
        }
    }

    /** One caller's input, and what comes of it. Whoever sets the outcome first has decided it. */
    private static final class Ticket<I, A> {
        private final I input;
        private final AtomicReference<@Nullable Outcome<A>> outcome = new AtomicReference<>();
        private final CountDownLatch done = new CountDownLatch(1);

        Ticket(I input) {
            this.input = input;
        }

        void settle(Outcome<A> with) {
            if (outcome.compareAndSet(null, with)) {
                done.countDown();
            }
        }

        boolean isSettled() {
            return outcome.get() != null;
        }

        /** False when the thread was interrupted; then it still is. */
        boolean await(long nanos) {
            try {
                done.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Inputs that go into one call. */
    private final class Batch implements Runnable {
        private final List<Ticket<I, A>> tickets = new ArrayList<>(); // grows only while it is open, under gathering
        private final ReentrantLock lock = new ReentrantLock();
        private int waiting; // guarded by lock, as what follows
        private boolean abandoned;
        private boolean finished;
        private @Nullable Thread runner;
        private volatile @Nullable Thread submitter;

        int add(Ticket<I, A> ticket) {
            lock.lock();
            try {
                waiting++;
                tickets.add(ticket);
                return tickets.size();
            } finally {
                lock.unlock();
            }
        }

        boolean isAwaited() {
            lock.lock();
            try {
                return waiting > 0;
            } finally {
                lock.unlock();
            }
        }

        void submit() {
            running.add(this);
            submitter = Thread.currentThread();
            try {
                if (closed) {
                    fail(Failure.CLOSED, "");
                    running.remove(this);
                } else {
                    executor.execute(this);
                    submitter = null;
                }
            } catch (Throwable e) { // a host's executor may throw anything
                running.remove(this);
                fail(closed ? Failure.CLOSED : Failure.OVERLOADED, "");
            }
        }

        /** The caller waits no more. The last one lets the call go, too. */
        Outcome<A> leave(Ticket<I, A> ticket, Failure why) {
            ticket.settle(Outcome.of(why));
            boolean last;
            lock.lock();
            try {
                last = --waiting == 0;
            } finally {
                lock.unlock();
            }
            if (last) {
                abandon();
            }
            Outcome<A> outcome = ticket.outcome.get();
            return outcome == null ? Outcome.of(why) : outcome;
        }

        void fail(Failure why, String cause) {
            tickets.forEach(ticket -> ticket.settle(new Outcome<>(null, why, cause)));
        }

        /** Takes it out of the queue, or interrupts it; nothing once it has run. */
        void abandon() {
            boolean queued;
            lock.lock();
            try {
                queued = runner == null && !finished;
                abandoned = true;
                if (runner != null) {
                    runner.interrupt();
                }
            } finally {
                lock.unlock();
            }
            if (queued) {
                running.remove(this); // a host's executor may have dropped it
                if (own != null) {
                    own.remove(this);
                }
            }
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // whether it is this very thread
        public void run() {
            if (submitter == Thread.currentThread()) {
                running.remove(this);
                // An executor that runs it here would take the time limit away.
                fail(Failure.OVERLOADED, "");
                return;
            }
            List<Ticket<I, A>> live =
                    tickets.stream().filter(ticket -> !ticket.isSettled()).toList();
            if (live.isEmpty() || !begin()) {
                running.remove(this);
                return;
            }
            long start = time.nanoTime();
            List<@Nullable A> answers = List.of();
            Outcome<A> none = Outcome.of(Failure.GARBAGE);
            try {
                Collection<? extends @Nullable A> given =
                        work.of(live.stream().map(ticket -> ticket.input).toList());
                answers = given == null ? answers : new ArrayList<>(given);
            } catch (Throwable e) { // a check that did not run has not passed, whatever the reason
                none = new Outcome<>(null, Failure.FAILED, " (" + e.getClass().getName() + ")");
            }
            end(Math.max(0, time.nanoTime() - start));
            for (int i = 0; i < live.size(); i++) {
                A answer = answers.size() == live.size() ? answers.get(i) : null;
                live.get(i).settle(answer == null ? none : new Outcome<>(answer, null, ""));
            }
        }

        private boolean begin() {
            lock.lock();
            try {
                runner = abandoned ? null : Thread.currentThread();
                return !abandoned;
            } finally {
                lock.unlock();
            }
        }

        /** From here on nobody interrupts; the interrupt that was meant for this call reaches nothing after it. */
        private void end(long took) {
            lock.lock();
            try {
                runner = null;
                finished = true;
                if (abandoned) {
                    Thread.interrupted();
                }
            } finally {
                lock.unlock();
            }
            running.remove(this);
            calls.increment();
            nanos.add(took);
            longest.accumulate(took);
        }
    }
}
