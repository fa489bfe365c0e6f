// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes entries from any thread through one bounded ring and writes them, in one order, on one thread of its own.
 *
 * <p>A decision that finds the ring full waits up to a limit and is then dropped and counted; the count becomes a
 * {@code trail.gap} record. Everything else (control records) has capacity reserved and is never dropped by the ring.
 * While the disk refuses, entries are held up to a bound and the trail is opened anew once a second.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final int RESERVED = 1_024;
    private static final int BATCH = 1_024;
    private static final int MAX_HELD = 8_192;
    private static final long SHORT_PARK = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONG_PARK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long FORCE_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long REOPEN_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final int IDLE_ROUNDS = 20;
    private static final long MAX_SKEW = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_ANCHORINGS = 3;

    private final @Nullable TrailFiles files; // null where nothing is kept
    private final TimeSource time;
    private final JournalObserver observer;
    private final MpscAtomicArrayQueue<TrailEntry> ring;
    private final int decisionLimit;
    private final long maxWaitNanos;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private volatile boolean shedding;
    private volatile boolean closing;
    private volatile boolean finished;

    // The journal thread's own.
    private final Deque<Timed> held = new ArrayDeque<>();
    private RecordLog log;
    private boolean failing;
    private long heldFrom;
    private boolean dirty;
    private boolean urgent;
    private long lostWhileFailing;
    private long gapReported;
    private long lastForce;
    private long lastReopen;
    private long anchorTick;
    private long anchorEpochNanos;

    private Journal(
            @Nullable TrailFiles files,
            RecordLog log,
            TimeSource time,
            int capacity,
            Duration maxWait,
            JournalObserver observer) {
        this.files = files;
        this.log = log;
        this.time = time;
        this.observer = observer;
        this.ring = new MpscAtomicArrayQueue<>(capacity + RESERVED);
        this.decisionLimit = capacity;
        this.maxWaitNanos = maxWait.toNanos();
        this.lastForce = System.nanoTime();
        this.lastReopen = lastForce;
        this.thread = new Thread(this::run, "incident4j-journal");
        thread.setDaemon(true);
    }

    /**
     * Opens the trail under a runtime's directory, and sets a torn end aside. Nothing is written before
     * {@link #start()}.
     *
     * @param directory the runtime's directory
     * @param time the clocks
     * @param capacity how many decisions the ring holds
     * @param maxWait how long a caller waits for room in the ring before its record is dropped and counted
     * @param replay is given every intact record but the decisions, in order, before this method returns
     * @param observer is told what passes
     * @return the journal
     * @throws IOException if the trail cannot be read or written
     */
    public static Journal open(
            Path directory,
            TimeSource time,
            int capacity,
            Duration maxWait,
            Consumer<StoredRecord> replay,
            JournalObserver observer)
            throws IOException {
        TrailFiles files = new TrailFiles(directory.resolve("trail"));
        Recovery.Result recovered = Recovery.run(files, time, replay);
        RecordLog log = ChainedLog.open(files, recovered.next(), recovered.link());
        Journal journal = new Journal(files, log, time, capacity, maxWait, observer);
        recovered.notes().forEach(journal::append);
        return journal;
    }

    /**
     * A journal that keeps nothing: records pass to the observer and are gone.
     *
     * @param time the clocks
     * @param capacity how many decisions the ring holds
     * @param maxWait how long a caller waits for room in the ring before its record is dropped and counted
     * @param observer is told what passes
     * @return the journal
     */
    public static Journal discarding(TimeSource time, int capacity, Duration maxWait, JournalObserver observer) {
        return new Journal(null, new DiscardingLog(), time, capacity, maxWait, observer);
    }

    /** Starts the journal thread. */
    public void start() {
        thread.start();
    }

    /**
     * Records a decision. Waits only when the ring is full, and then no longer than the limit.
     *
     * @param decision the record
     * @return whether it was taken; if not, it is counted
     */
    public boolean record(DecisionRecord decision) {
        if (closing) { // who goes on calling must not keep the journal from its end
            dropped.incrementAndGet();
            return false;
        }
        if (!ring.offerIfBelowThreshold(decision, decisionLimit) && !offerWithin(decision)) {
            dropped.incrementAndGet();
            return false;
        }
        if (finished) {
            countLeftovers();
        }
        return true;
    }

    private boolean offerWithin(DecisionRecord decision) {
        LockSupport.unpark(thread);
        if (shedding || closing) {
            return false;
        }
        boolean interrupted = Thread.interrupted(); // an interrupted thread would not park
        boolean taken = false;
        long start = System.nanoTime();
        while (!taken && System.nanoTime() - start < maxWaitNanos) {
            LockSupport.parkNanos(SHORT_PARK);
            interrupted |= Thread.interrupted();
            taken = ring.offerIfBelowThreshold(decision, decisionLimit);
        }
        shedding |= !taken; // until the ring has been emptied once: one slow call, not every call
        keep(interrupted);
        return taken;
    }

    /**
     * Records anything but a decision, or sends a marker. Waits while the ring is full; the journal thread itself must
     * not call this.
     *
     * @param entry the entry
     * @return whether it was taken; false only when the journal is closed
     */
    public boolean append(TrailEntry entry) {
        boolean interrupted = false;
        boolean taken = ring.offer(entry);
        while (!taken && !finished) {
            LockSupport.unpark(thread);
            LockSupport.parkNanos(SHORT_PARK);
            interrupted |= Thread.interrupted(); // an interrupted thread would not park
            taken = ring.offer(entry);
        }
        keep(interrupted);
        if (!taken) {
            return false;
        }
        LockSupport.unpark(thread);
        if (finished) {
            countLeftovers();
            return false;
        }
        return true;
    }

    /**
     * Records anything but a decision if there is room at once; for callers that must not wait.
     *
     * @param entry the entry
     * @return whether it was taken
     */
    public boolean offer(TrailEntry entry) {
        if (finished || !ring.offer(entry)) {
            return false;
        }
        LockSupport.unpark(thread);
        return true;
    }

    private static void keep(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return how many entries the trail has lost so far} */
    public long dropped() {
        return dropped.get();
    }

    /** Writes and forces everything that was recorded before, and ends the thread. Idempotent. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the records of others are worth more than a quick return
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the journal thread -----------------------------------------------------------------------------------

    private record Timed(TrailEntry entry, long epochNanos) {}

    private void run() {
        int idle = 0;
        while (true) {
            boolean last = closing; // read before the drain, so that the final drain sees all that came before close
            int taken = 0;
            try {
                taken = step();
            } catch (RuntimeException | Error e) {
                LOG.error("the journal goes on after an unexpected failure", e);
            }
            if (last && taken == 0) {
                break;
            }
            if (taken > 0) {
                idle = 0;
            } else {
                shedding = false;
                LockSupport.parkNanos(this, ++idle < IDLE_ROUNDS ? SHORT_PARK : LONG_PARK);
            }
        }
        if (!held.isEmpty()) {
            dropped.addAndGet(held.size());
            LOG.error("{} entries could not be written to the audit trail before it was closed", held.size());
        }
        try {
            log.close();
        } catch (IOException e) {
            LOG.error("the end of the audit trail could not be forced to the disk", e);
        }
        finished = true;
        countLeftovers();
    }

    private int step() {
        anchor();
        if (failing) {
            reopen();
        }
        Deque<Timed> batch = drain();
        write(batch);
        for (Timed timed : batch) {
            observer.passed(timed.entry(), timed.epochNanos());
        }
        forceIfDue();
        return batch.size();
    }

    /** Reads both clocks as at one moment: again when the thread paused, or a replay's clock was turned, in between. */
    private void anchor() {
        Instant now;
        int attempts = 0;
        do {
            anchorTick = time.nanoTime();
            now = time.instant();
        } while (time.nanoTime() - anchorTick > MAX_SKEW && ++attempts < MAX_ANCHORINGS);
        anchorEpochNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private Deque<Timed> drain() {
        Deque<Timed> batch = new ArrayDeque<>();
        long lost = dropped.get();
        if (lost > gapReported && !failing) {
            batch.add(new Timed(new Gap(lost - gapReported, anchorTick), anchorEpochNanos));
            gapReported = lost;
        }
        for (TrailEntry entry; batch.size() < BATCH && (entry = ring.relaxedPoll()) != null; ) {
            batch.add(new Timed(entry, anchorEpochNanos + (entry.nanoTime() - anchorTick)));
            urgent |= !(entry instanceof DecisionRecord) && !(entry instanceof Marker);
        }
        return batch;
    }

    private void write(Deque<Timed> batch) {
        for (Timed timed : batch) {
            if (!(timed.entry() instanceof Marker)) {
                hold(timed);
            }
        }
        if (failing || held.isEmpty()) {
            return;
        }
        long first = log.nextSequence();
        try {
            for (Timed timed : held) {
                log.append(timed.entry(), timed.epochNanos());
            }
            log.commit();
            held.clear();
            dirty = true;
        } catch (IOException e) {
            fail(first, e);
        }
    }

    private void hold(Timed timed) {
        int room = timed.entry() instanceof DecisionRecord ? BATCH : MAX_HELD;
        if (!failing || held.size() < room) {
            held.add(timed);
        } else {
            lostWhileFailing++;
        }
    }

    private void forceIfDue() {
        if (failing || !dirty || (!urgent && System.nanoTime() - lastForce < FORCE_EVERY)) {
            return;
        }
        long first = log.nextSequence();
        try {
            log.force();
            dirty = false;
            urgent = false;
            lastForce = System.nanoTime();
        } catch (IOException e) {
            fail(first, e);
        }
    }

    /** Gives the log up; what it did not take stays held, up to the bound. */
    private void fail(long firstHeld, IOException cause) {
        failing = true;
        heldFrom = firstHeld;
        lastReopen = System.nanoTime();
        try {
            log.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        LOG.error(
                "the audit trail in {} cannot be written; calls go on, entries are held up to a bound and the rest is"
                        + " counted. Free space or make the directory writable: the trail resumes by itself",
                files == null ? "nowhere" : files.log(),
                cause);
        observer.writingFailed(cause);
    }

    private void reopen() {
        if (files == null || (System.nanoTime() - lastReopen < REOPEN_EVERY && !closing)) {
            return;
        }
        lastReopen = System.nanoTime();
        RecordLog opened = null;
        try {
            Recovery.Result recovered = Recovery.runTail(files, time);
            // What the failed log wrote before it failed is there and must not be written twice.
            for (long i = heldFrom; i < recovered.next() && !held.isEmpty(); i++) {
                held.poll();
                heldFrom++;
            }
            opened = ChainedLog.open(files, recovered.next(), recovered.link());
            for (TrailEntry note : recovered.notes()) {
                opened.append(note, anchorEpochNanos);
            }
            opened.append(new Resumed(anchorTick), anchorEpochNanos); // says that the disk takes records again
            opened.force();
            log = opened;
            long lost = lostWhileFailing + Math.max(0, heldFrom - recovered.next());
            dropped.addAndGet(lost); // the next batch begins with the gap record
            failing = false;
            lostWhileFailing = 0;
            LOG.warn("the audit trail in {} is written again; {} entries of the outage are lost", files.log(), lost);
            observer.writingResumed(lost);
        } catch (IOException e) {
            LOG.debug("the audit trail still cannot be written", e);
            closeQuietly(opened);
        }
    }

    private static void closeQuietly(@Nullable RecordLog opened) {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (IOException e) {
            LOG.debug("what could not be written could not be closed either", e);
        }
    }

    /** After the end, whatever still gets into the ring is counted; synchronized because a ring has one consumer. */
    private synchronized void countLeftovers() {
        while (ring.relaxedPoll() != null) {
            dropped.incrementAndGet();
        }
    }

    /** The trail is written again after it could not be. */
    private record Resumed(long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "trail.resumed";
        }

        @Override
        public void writeMembers(JsonGenerator json) {}
    }

    /** Entries that are missing from the trail at this place. */
    private record Gap(long lost, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return "trail.gap";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeNumberField("lost", lost);
        }
    }
}
