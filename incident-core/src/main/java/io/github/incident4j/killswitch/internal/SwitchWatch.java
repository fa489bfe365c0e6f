// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSource;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the switches four times a second: one thread for what ends or grows old, one for the store, and one for
 * each source, which also closes it; another one has it watch. What hangs there, or throws, holds up nobody else.
 */
public final class SwitchWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchWatch.class);
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Duration FIRST_READ = Duration.ofSeconds(2);
    private static final long CLOSE_LIMIT = TimeUnit.SECONDS.toNanos(1);

    private final SwitchBoard board;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch read;
    private volatile Runnable beside = () -> {};
    private volatile boolean closing;

    /**
     * Creates a board and what looks after it.
     *
     * @param store where what is set becomes durable
     * @param sources the other sources, each with what holds when it cannot be read
     * @param caches where the last known good state of the sources is kept, or null for nowhere
     * @param time the clocks
     * @param trail takes the records of changes
     * @param alarm is told what is wrong with a store or source
     * @param hint says what is odd about a switch, such as a model that nobody guards
     */
    public SwitchWatch(
            SwitchStore store,
            Map<SwitchSource, SourcePolicy> sources,
            @Nullable Path caches,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Consumer<String> alarm,
            Function<Switch, Optional<String>> hint) {
        List<SourceFeed> feeds = new ArrayList<>();
        sources.forEach((source, sourcePolicy) -> feeds.add(new SourceFeed(source, sourcePolicy, caches, time)));
        this.board = new SwitchBoard(store, feeds, time, trail, alarm, hint);
        this.read = new CountDownLatch(feeds.size() + 2);
        thread("incident4j-switches", board.upkeep()::lookAtStore, board.upkeep()::storeTheRest, store);
        thread("incident4j-switches-age", this::age, () -> {}, null);
        for (SourceFeed feed : feeds) {
            thread("incident4j-switches-" + feed.name(), () -> board.upkeep().look(feed), () -> {}, feed.source());
        }
    }

    /** A thread for a task, what is left at the end, and for all that is asked of the source that it reads. */
    private void thread(String name, Runnable task, Runnable rest, @Nullable SwitchSource source) {
        Thread thread = new Thread(() -> run(task, rest, source), name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    /** {@return the board} */
    public SwitchBoard board() {
        return board;
    }

    /**
     * Has something else looked at as often, by the thread that waits for no store and no source.
     *
     * @param look returns at once
     */
    public void alsoLook(Runnable look) {
        beside = look;
    }

    private void age() {
        look(board.upkeep()::age);
        beside.run();
    }

    /** Starts the threads, and waits two seconds at most until the store and every source were looked at once. */
    public void start() {
        threads.forEach(Thread::start);
        try {
            if (!read.await(FIRST_READ.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "a source of switches has not answered within {}; what was last known is in force", FIRST_READ);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable task, Runnable rest, @Nullable SwitchSource source) {
        for (boolean first = true; !closing; first = false) {
            look(task);
            if (first) { // once for each thread, or the quick ones would count for one that is slow
                read.countDown();
                watch(source);
            }
            if (Thread.interrupted()) { // what the host's source leaves behind would end every pause at once
                LockSupport.parkNanos(this, 1); // takes the permit that came with it
            }
            if (!closing) {
                LockSupport.parkNanos(this, EVERY);
            }
        }
        look(rest);
        close(source);
    }

    private static void look(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("the switches are looked after again in a moment, after an unexpected failure", e);
        }
    }

    /** On a thread of its own, as it may wait for changes there, and is for a hint only. */
    private void watch(@Nullable SwitchSource source) {
        if (source == null || closing) {
            return;
        }
        Thread reader = Thread.currentThread();
        Thread watcher = new Thread(
                () -> {
                    try {
                        source.watch(() -> LockSupport.unpark(reader));
                    } catch (Throwable e) {
                        LOG.warn(
                                "{} cannot tell of changes; they are seen a quarter of a second later",
                                reader.getName(),
                                e);
                    }
                },
                reader.getName() + "-watch");
        watcher.setDaemon(true);
        try {
            watcher.start();
        } catch (OutOfMemoryError e) { // no more threads
            LOG.warn("{} cannot be watched; its changes are seen a quarter of a second later", reader.getName(), e);
        }
    }

    private static void close(@Nullable SwitchSource source) {
        try {
            if (source != null) {
                source.close();
            }
        } catch (Throwable e) {
            LOG.warn("{} could not be closed", Thread.currentThread().getName(), e);
        }
    }

    /** Ends the threads, which close their sources; a source that hangs is left behind on its daemon thread. */
    @Override
    public void close() {
        closing = true;
        threads.forEach(LockSupport::unpark);
        long end = System.nanoTime() + CLOSE_LIMIT;
        boolean interrupted = false;
        for (Thread thread : threads) {
            for (boolean joined = false; !joined; ) {
                try {
                    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
