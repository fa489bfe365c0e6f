// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import io.github.incident4j.guardrails.internal.BoundedCalls;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a plug is called. Each method gives new options; what is wrong with them is among the guardrail's faults.
 *
 * <pre>{@code
 * PlugOptions.options().timeLimit(Duration.ofMillis(300)).batch(16, Duration.ofMillis(5)).cache(8_000_000, Duration.ofHours(1))
 * }</pre>
 *
 * <p>Immutable.
 */
public final class PlugOptions {
    private static final Duration LONGEST_LIMIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_AGE = Duration.ofDays(365);
    private static final int MOST_TEXTS = 1_024;
    private static final long MOST_BYTES = 1L << 34;

    private final Duration timeLimit;
    private final boolean open;
    private final int batch;
    private final Duration gather;
    private final long cacheBytes;
    private final Duration cacheAge;
    private final int threads;
    private final int queue;
    private final @Nullable Executor executor;
    private final TimeSource time;
    private final List<String> faults;

    private PlugOptions(Draft draft) {
        timeLimit = draft.timeLimit;
        open = draft.open;
        batch = draft.batch;
        gather = draft.gather;
        cacheBytes = draft.cacheBytes;
        cacheAge = draft.cacheAge;
        threads = draft.threads;
        queue = draft.queue;
        executor = draft.executor;
        time = draft.time;
        faults = List.copyOf(draft.faults);
    }

    /** What the next options are made of. */
    private static final class Draft {
        private Duration timeLimit = Duration.ofSeconds(1);
        private boolean open;
        private int batch = 1;
        private Duration gather = Duration.ZERO;
        private long cacheBytes;
        private Duration cacheAge = Duration.ZERO;
        private int threads = 4;
        private int queue = 64;
        private @Nullable Executor executor;
        private TimeSource time = TimeSource.system();
        private List<String> faults = List.of();
    }

    private Draft draft() {
        Draft draft = new Draft();
        draft.timeLimit = timeLimit;
        draft.open = open;
        draft.batch = batch;
        draft.gather = gather;
        draft.cacheBytes = cacheBytes;
        draft.cacheAge = cacheAge;
        draft.threads = threads;
        draft.queue = queue;
        draft.executor = executor;
        draft.time = time;
        draft.faults = faults;
        return draft;
    }

    /**
     * The options that hold unless changed.
     *
     * @return a time limit of one second, closed on failure, one text a call, no cache, at most 4 threads of the plug's
     *     own with a queue of 64
     */
    public static PlugOptions options() {
        return new PlugOptions(new Draft());
    }

    /**
     * Another time limit. It is measured on the caller's thread from the beginning of the check and covers everything:
     * the gathering of a batch, the queue, the call.
     *
     * @param limit the longest that a check takes; above 0 and at most 10 minutes
     * @return the new options
     */
    public PlugOptions timeLimit(Duration limit) {
        Draft draft = draft();
        draft.timeLimit = limit;
        return new PlugOptions(draft);
    }

    /**
     * Lets a text pass, with a flag, when the model has not judged it: it timed out, failed, gave an answer that is
     * none, or had no room. An interrupt of the caller and a closed plug block all the same.
     *
     * @return the new options
     */
    public PlugOptions failOpen() {
        Draft draft = draft();
        draft.open = true;
        return new PlugOptions(draft);
    }

    /**
     * Gathers the texts of several callers for one call of the classifier.
     *
     * @param texts the most texts of one call, from 2 to 1,024
     * @param wait how long the first of them waits for the others; above 0 and below the time limit
     * @return the new options
     */
    public PlugOptions batch(int texts, Duration wait) {
        Draft draft = draft();
        draft.batch = texts;
        draft.gather = wait;
        draft.faults = new Faults("batch")
                .all(faults)
                .when(texts < 2 || texts > MOST_TEXTS, texts + " texts make no batch; give 2 to " + MOST_TEXTS)
                .found();
        return new PlugOptions(draft);
    }

    /**
     * Remembers answers, never failures. The keys are keyed digests (SHA-256, with a secret of this process) of the
     * texts, so the cache holds no text.
     *
     * @param bytes about how many bytes the cache may take, from 1,024 to 16 GiB
     * @param age how long an answer holds; above 0 and at most 365 days
     * @return the new options
     */
    public PlugOptions cache(long bytes, Duration age) {
        Draft draft = draft();
        draft.cacheBytes = bytes;
        draft.cacheAge = age;
        draft.faults = new Faults("cache")
                .all(faults)
                .when(
                        bytes < 1_024 || bytes > MOST_BYTES,
                        bytes + " bytes are no size for a cache; give 1024 to " + MOST_BYTES)
                .when(!isWithin(age, LONGEST_AGE), "the age " + age + " is none; give above 0 and at most 365 days")
                .found();
        return new PlugOptions(draft);
    }

    /**
     * Other threads of the plug's own. They are daemons, start when there is something to do, and end after ten idle
     * seconds or when the plug is closed.
     *
     * @param most the most threads, so the most calls of the model at once; 1 to 256
     * @param waiting the most calls that wait for a thread; 1 to 100,000
     * @return the new options
     */
    public PlugOptions threads(int most, int waiting) {
        Draft draft = draft();
        draft.threads = most;
        draft.queue = waiting;
        draft.executor = null;
        return new PlugOptions(draft);
    }

    /**
     * The host's own threads. Closing the plug leaves them alone. How many calls wait is theirs to bound. One that runs
     * its task on the thread that hands it over would take the time limit away: it is not let, and counts as having no
     * room.
     *
     * @param host the executor
     * @return the new options
     */
    public PlugOptions executor(Executor host) {
        Draft draft = draft();
        draft.executor = host;
        draft.faults = new Faults("executor")
                .all(faults)
                .whenNull(host, "the executor", "Executors.newFixedThreadPool(4)")
                .found();
        return new PlugOptions(draft);
    }

    /**
     * Other clocks: the monotonic one measures latency and the age of answers. The time limit runs in real time.
     *
     * @param clocks the clocks
     * @return the new options
     */
    public PlugOptions time(TimeSource clocks) {
        Draft draft = draft();
        draft.time = clocks;
        return new PlugOptions(draft);
    }

    boolean isOpen() {
        return open;
    }

    int batch() {
        return batch;
    }

    long cacheBytes() {
        return cacheBytes;
    }

    Duration cacheAge() {
        return cacheAge;
    }

    TimeSource time() {
        return time;
    }

    BoundedCalls.Limits limits(String name) {
        return new BoundedCalls.Limits(name, timeLimit, batch, gather, threads, queue, executor, time);
    }

    List<String> faults() {
        boolean limited = isWithin(timeLimit, LONGEST_LIMIT);
        return new Faults("options")
                .all(faults)
                .when(!limited, "the time limit " + timeLimit + " is none; give above 0 and at most 10 minutes")
                .when(
                        limited && batch > 1 && (!isWithin(gather, timeLimit) || gather.equals(timeLimit)),
                        "a batch cannot be gathered for " + gather + "; give above 0 and below the time limit "
                                + timeLimit)
                .all(BoundedCalls.Limits.faultsOf(threads, queue))
                .whenNull(time, "the clock", "TimeSource.system()")
                .found();
    }

    private static boolean isWithin(@Nullable Duration given, Duration most) {
        return given != null && !given.isZero() && !given.isNegative() && given.compareTo(most) <= 0;
    }
}
