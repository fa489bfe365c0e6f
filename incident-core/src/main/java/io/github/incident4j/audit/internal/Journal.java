// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes entries from any thread through one bounded ring and writes them, in one order, on one thread of its own.
 *
 * <p>A decision that finds the ring full waits up to a limit and is then dropped and counted; the count becomes a
 * {@code trail.gap} record. Everything else (control records) has capacity reserved and is never dropped by the ring.
 * While the disk refuses, entries are held up to a bound and the log goes on in a new file as soon as it can.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final int CONTROL = 1_024; // room that decisions leave to control records
    private static final int LEAST_RESERVATIONS = 1_024;
    private static final int BATCH = 1_024;
    private static final int MAX_HELD = 8_192;
    private static final int MAX_UNFORCED = 8 << 20;
    private static final long SHORT_PARK = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONG_PARK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SLEEP = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long GROUP_EVERY = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long FORCE_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long RESUME_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final int LAST_TURNS = 3; // of a disk that fails and recovers while the journal ends
    private static final long DURABLE_WAIT = TimeUnit.SECONDS.toNanos(10);
    private static final int GROUP_WAIT = 2; // of the time of a force
    private static final int IDLE_ROUNDS = 20;
    private static final long MAX_SKEW = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_ANCHORINGS = 3;

    private final String where;
    private final RecordLog log;
    private final TimeSource time;
    private final LongSupplier ticker; // when to force, to look, to try again
    private final JournalObserver observer;
    private final Ownership ownership;
    private final MpscAtomicArrayQueue<TrailEntry> ring;
    private final int decisionLimit;
    private final int maxReservations;
    private final long maxWaitNanos;
    private final long payloadLimit;
    private final AtomicLong payload = new AtomicLong(); // characters that wait
    private final AtomicInteger reservations = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private volatile boolean shedding;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean finished;
    private volatile boolean failing;

    // The journal thread's own.
    private final List<Timed> batch = new ArrayList<>(BATCH + 1); // kept over an error, so that it costs no entry
    private int handed; // of these, to the log
    private final Deque<Timed> held = new ArrayDeque<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private long forceBy = Long.MAX_VALUE; // on the ticker; MAX_VALUE if nothing wants to be forced
    private boolean runsShort;
    private boolean resumed; // said so, though the outage is not over yet
    private boolean takenOver; // by another process, for good
    private long lastLook;
    private long unforced; // entries of others since the last force
    private long lostWhileFailing;
    private long gapReported;
    private long lastResume;
    private int lastGroup; // how many waited for the last force
    private long groupSince;
    private long forceNanos;
    private long anchorTick;
    private long anchorEpochNanos;

    private Journal(
            String where,
            RecordLog log,
            TimeSource time,
            TrailSettings settings,
            Ownership ownership,
            JournalObserver observer,
            LongSupplier ticker) {
        this.where = where;
        this.log = log;
        this.time = time;
        this.observer = observer;
        this.ownership = ownership;
        this.ticker = ticker;
        this.decisionLimit = settings.ringCapacity();
        this.maxReservations = Math.max(LEAST_RESERVATIONS, settings.ringCapacity() - CONTROL);
        this.ring = new MpscAtomicArrayQueue<>(decisionLimit + CONTROL + maxReservations);
        this.payloadLimit = settings.ringPayload();
        this.maxWaitNanos = settings.maxWait().toNanos();
        this.lastResume = ticker.getAsLong();
        this.lastLook = lastResume;
        this.thread = new Thread(this::run, "incident4j-journal");
        thread.setDaemon(true);
    }

    /**
     * Opens the trail under a runtime's directory, and sets a torn end aside. Nothing is written before
     * {@link #start()}.
     *
     * @param directory the runtime's directory
     * @param settings keys, anchors, the ring
     * @param time the clocks
     * @param replay is given every intact record but the decisions, in order, before this method returns
     * @param holds what retention must not drop
     * @param ownership whether the directory is still ours
     * @param observer is told what passes
     * @return the journal
     * @throws IOException if the trail cannot be read or written
     */
    public static Journal open(
            Path directory,
            TrailSettings settings,
            TimeSource time,
            Consumer<StoredRecord> replay,
            List<RetentionHold> holds,
            Ownership ownership,
            JournalObserver observer)
            throws IOException {
        return open(
                directory, settings, time, replay, holds, ownership, observer, SegmentChannel::of, System::nanoTime);
    }

    static Journal open(
            Path directory,
            TrailSettings settings,
            TimeSource time,
            Consumer<StoredRecord> replay,
            List<RetentionHold> holds,
            Ownership ownership,
            JournalObserver observer,
            SegmentChannel.Opener opener,
            LongSupplier ticker)
            throws IOException {
        Opening opened = Opening.of(directory, settings, time, replay, ownership, opener);
        Journal journal = new Journal(directory.toString(), opened.log(), time, settings, ownership, observer, ticker);
        opened.notes().forEach(journal::append);
        Retirement retirement = new Retirement(
                opened.files(),
                settings.retention(),
                holds,
                time,
                journal::appendAndAwait,
                opened.log()::forcedRecords,
                opened.fence());
        opened.attestor().afterwards(retirement::sweep);
        return journal;
    }

    /**
     * A journal that keeps nothing: records pass to the observer and are gone.
     *
     * @param settings the ring
     * @param time the clocks
     * @param observer is told what passes
     * @return the journal
     */
    public static Journal discarding(TrailSettings settings, TimeSource time, JournalObserver observer) {
        return new Journal(
                "nowhere", new DiscardingLog(), time, settings, Ownership.UNDISPUTED, observer, System::nanoTime);
    }

    /** Starts the journal thread. */
    public void start() {
        thread.start();
    }

    // ---- callers' threads -------------------------------------------------------------------------------------

    /**
     * Reserves room for the record of a decision, before the model is asked, for those who will not go without one.
     * Waits as for a full ring while as many calls hold a reservation as there may be, or too much payload waits.
     *
     * @param characters how much payload the record may have
     * @return whether there is room and the disk takes records; every yes is followed by one {@link #recordReserved}
     */
    public boolean reserve(long characters) {
        return mayReserve(characters) || within(() -> mayReserve(characters), () -> closing || failing);
    }

    private boolean mayReserve(long characters) {
        if (closing || failing) {
            return false;
        }
        long before = payload.getAndAdd(characters);
        if (reservations.incrementAndGet() <= maxReservations
                && ring.size() < decisionLimit
                && (before == 0 || before + characters <= payloadLimit)) {
            return true;
        }
        payload.addAndGet(-characters);
        reservations.decrementAndGet();
        return false;
    }

    /**
     * Records a decision for which room is reserved. Payload that is longer than what was reserved is recorded if there
     * is room for it, and else left out, which the record says.
     *
     * @param decision the record
     * @param await whether to wait until it is on the disk
     * @param reserved how much payload was reserved
     * @return whether it was taken and, if awaited, is on the disk
     */
    public boolean recordReserved(DecisionRecord decision, boolean await, long reserved) {
        DecisionRecord fitting = decision;
        long more = decision.characters() - reserved;
        if (more > 0 && payload.get() + more > payloadLimit) {
            fitting = decision.withoutPayload();
            more = -reserved;
        }
        payload.addAndGet(more);
        try {
            return await ? recordAndAwait(fitting, true) : offered(offerReserved(fitting, fitting));
        } finally {
            reservations.decrementAndGet();
        }
    }

    /**
     * Records a decision and waits until it is on the disk, or is known not to be.
     *
     * @param decision the record
     * @return whether it is on the disk
     */
    public boolean recordAndAwait(DecisionRecord decision) {
        return recordAndAwait(decision, false);
    }

    private boolean recordAndAwait(DecisionRecord decision, boolean reserved) {
        Awaited entry = new Awaited(decision);
        boolean taken = reserved
                ? offerReserved(entry, decision)
                : !closing && (offerBounded(entry, decision) || offerWithin(entry, decision));
        if (!offered(taken)) {
            return false;
        }
        LockSupport.unpark(thread);
        return entry.await(DURABLE_WAIT);
    }

    private boolean offered(boolean taken) {
        if (!taken) {
            dropped.incrementAndGet();
        } else if (asleep) {
            LockSupport.unpark(thread);
        }
        if (taken && finished) {
            countLeftovers();
        }
        return taken;
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
        return offered(offerBounded(decision, decision) || offerWithin(decision, decision));
    }

    /** Offers a decision where the ring has room for it, in entries and in payload. */
    private boolean offerBounded(TrailEntry entry, DecisionRecord decision) {
        long characters = decision.characters();
        if (characters == 0) {
            return ring.offerIfBelowThreshold(entry, decisionLimit);
        }
        long before = payload.getAndAdd(characters);
        boolean taken = (before == 0 || before + characters <= payloadLimit)
                && ring.offerIfBelowThreshold(entry, decisionLimit);
        if (!taken) {
            payload.addAndGet(-characters);
        }
        return taken;
    }

    /** The payload is counted already. */
    private boolean offerReserved(TrailEntry entry, DecisionRecord decision) {
        boolean taken = ring.offer(entry);
        if (!taken) {
            payload.addAndGet(-decision.characters());
        }
        return taken;
    }

    private boolean offerWithin(TrailEntry entry, DecisionRecord decision) {
        if (shedding || closing) {
            LockSupport.unpark(thread);
            return false;
        }
        boolean room = within(() -> offerBounded(entry, decision), () -> false);
        shedding |= !room; // until the ring has been emptied once: one slow call, not every call
        return room;
    }

    /** Tries until it succeeds, or in vain, or for as long as a caller is made to wait; an interrupt is kept. */
    private boolean within(BooleanSupplier attempt, BooleanSupplier vain) {
        LockSupport.unpark(thread);
        boolean interrupted = Thread.interrupted(); // an interrupted thread would not park
        boolean done = false;
        long start = System.nanoTime();
        while (!done && !vain.getAsBoolean() && System.nanoTime() - start < maxWaitNanos) {
            LockSupport.parkNanos(SHORT_PARK);
            interrupted |= Thread.interrupted();
            done = attempt.getAsBoolean();
        }
        keep(interrupted);
        return done;
    }

    /** Offers a control record, which leaves room for all that is reserved: a model was paid for each of those. */
    private boolean offerControl(TrailEntry entry) {
        return ring.offerIfBelowThreshold(entry, decisionLimit + CONTROL);
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
        boolean taken = offerControl(entry);
        while (!taken && !finished) {
            LockSupport.unpark(thread);
            LockSupport.parkNanos(SHORT_PARK);
            interrupted |= Thread.interrupted(); // an interrupted thread would not park
            taken = offerControl(entry);
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
     * Records anything but a decision and waits until it is on the disk, or is known not to be.
     *
     * @param entry the entry
     * @return whether it is on the disk
     */
    public boolean appendAndAwait(TrailEntry entry) {
        Awaited awaitedEntry = new Awaited(entry);
        return append(awaitedEntry) && awaitedEntry.await(DURABLE_WAIT);
    }

    /**
     * Records anything but a decision if there is room at once; for callers that must not wait.
     *
     * @param entry the entry
     * @return whether it was taken
     */
    public boolean offer(TrailEntry entry) {
        if (finished || !offerControl(entry)) {
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
        keep(interrupted);
    }

    // ---- the journal thread -----------------------------------------------------------------------------------

    private record Timed(TrailEntry entry, long epochNanos) {}

    @SuppressWarnings("ThreadPriorityCheck") // a park takes longer than the force that is waited for
    private void run() {
        int idle = 0;
        int turns = 0;
        while (true) {
            boolean last = closing; // read before the drain, so that the final drain sees all that came before close
            boolean failed = failing;
            int drained = 0;
            try {
                drained = step();
            } catch (RuntimeException | Error e) {
                LOG.error("the journal goes on after an unexpected failure", e);
            }
            if (last && drained == 0 && (failing == failed || ++turns > LAST_TURNS)) {
                break; // a failure of just now has been tried once more
            }
            if (drained > 0) {
                idle = 0;
            } else if (!awaited.isEmpty()) {
                Thread.yield(); // the group is complete in some microseconds
            } else {
                shedding = false;
                rest(++idle);
            }
        }
        finished = true; // before the end waits for those who may wait for a record of theirs
        countLeftovers();
        end();
    }

    /** A log that has failed is not forced again: that would say nothing of what the failure has taken. */
    private void end() {
        try {
            if (takenOver) {
                log.abandon();
            } else if (failing) {
                log.giveUp();
            } else {
                log.close();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the end of the audit trail in {} could not be written", where, e);
        }
        long lost = lostWhileFailing + held.size() + Math.min(unforced, log.unforcedRecords());
        tell(lost == 0);
        if (lost > 0) {
            dropped.addAndGet(lost);
            LOG.error(
                    "{} entries could not be written to the audit trail in {} before it was closed; when it is opened"
                            + " again it records that its end is missing",
                    lost,
                    where);
        }
    }

    /** Shorter rests while there may be more in a moment; in a long one, the first who comes wakes the thread. */
    private void rest(int idle) {
        if (idle < IDLE_ROUNDS) {
            LockSupport.parkNanos(this, SHORT_PARK);
        } else if (idle < 2 * IDLE_ROUNDS || forceBy != Long.MAX_VALUE || failing) {
            LockSupport.parkNanos(this, LONG_PARK);
        } else {
            asleep = true;
            if (ring.isEmpty()) {
                LockSupport.parkNanos(this, SLEEP);
            }
            asleep = false;
        }
    }

    private int step() {
        anchor();
        look();
        if (failing) {
            resume();
        }
        if (batch.isEmpty()) {
            drain();
        }
        int drained = batch.size();
        write();
        forceIfDue();
        pass();
        if (!takenOver) {
            log.attest(false);
        }
        rollIfOld(anchorEpochNanos);
        return drained;
    }

    private void pass() {
        for (Timed timed : batch) {
            try {
                observer.passed(entryOf(timed.entry()), timed.epochNanos());
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "an entry of type {} is recorded, but was not told of",
                        timed.entry().type(),
                        e);
            }
        }
        batch.clear();
        handed = 0;
    }

    private void rollIfOld(long epochNanos) {
        if (!failing) {
            try {
                log.rollIfOld(epochNanos);
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
        }
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

    private void drain() {
        long lost = dropped.get();
        if (lost > gapReported && !failing) {
            batch.add(new Timed(new Gap(lost - gapReported, anchorTick), anchorEpochNanos));
        }
        for (TrailEntry entry; batch.size() < BATCH && (entry = ring.relaxedPeek()) != null; ) {
            batch.add(new Timed(entry, anchorEpochNanos + (entry.nanoTime() - anchorTick)));
            ring.relaxedPoll(); // now, as there may have been no memory for the line before
        }
    }

    private void write() {
        long now = ticker.getAsLong();
        while (handed < batch.size()) {
            write(batch.get(handed++), now);
        }
        if (!failing) {
            try {
                log.commit();
                noticeShortage();
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    private void write(Timed timed, long now) {
        if (timed.entry() instanceof Marker) {
            return;
        }
        if (timed.entry() instanceof Erasing erasing) {
            erase(erasing);
            return;
        }
        rollIfOld(timed.epochNanos());
        if (failing) {
            hold(timed);
            return;
        }
        wantForce(timed.entry(), now);
        put(timed);
        try {
            log.spill();
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /**
     * Hands an entry to the log; one that cannot be encoded costs nothing but itself, and nobody takes it for durable.
     */
    private void put(Timed timed) {
        TrailEntry entry = timed.entry();
        free(entry);
        boolean itself = false;
        Throwable lost = null;
        try {
            itself = log.append(entry, timed.epochNanos());
        } catch (RuntimeException | Error e) {
            lost = e;
        }
        if (entry instanceof Gap gap) {
            gapReported += lost == null ? gap.lost() : 0; // or it is told by the next one
        } else if (lost == null) {
            unforced++;
        } else {
            dropped.incrementAndGet(); // the next batch begins with the gap record
        }
        if (!itself && entry instanceof Awaited waiting) {
            awaited.remove(waiting);
            waiting.complete(false);
        }
        if (lost != null) { // last: there may be no memory to say so
            LOG.error("an entry of type {} could not be encoded and is lost", entry.type(), lost);
        }
    }

    private void erase(Erasing erasing) {
        if (failing) { // what is held would be sealed anew, after the erasure
            erasing.done().completeExceptionally(new IOException("the trail cannot be written now"));
            return;
        }
        try {
            erasing.done().complete(log.erase(erasing.subject(), erasing.isDestroying()));
        } catch (IOException | RuntimeException | Error e) {
            erasing.done().completeExceptionally(e);
            fail(e); // what else waited to be forced there is in doubt, too
        }
    }

    /** The payload of an entry waits no longer: it is encoded, or dropped. */
    private void free(TrailEntry entry) {
        if (entryOf(entry) instanceof DecisionRecord decision && decision.characters() > 0) {
            payload.addAndGet(-decision.characters());
        }
    }

    private static TrailEntry entryOf(TrailEntry entry) {
        return entry instanceof Awaited waiting ? waiting.entry() : entry;
    }

    private void wantForce(TrailEntry entry, long now) {
        long within = 0;
        if (entry instanceof DecisionRecord decision) {
            within = switch (decision.guard().recording().durability()) {
                case NONE -> Long.MAX_VALUE;
                case INTERVAL -> FORCE_EVERY;
                case GROUP, EVERY, DURABLE -> GROUP_EVERY;
            };
        } else if (entry instanceof Awaited waiting) {
            if (awaited.isEmpty()) {
                groupSince = now;
            }
            awaited.add(waiting);
            within = FORCE_EVERY; // sooner, as soon as the group is complete
        }
        if (within != Long.MAX_VALUE) {
            forceBy = Math.min(forceBy, now + within);
        }
    }

    private void hold(Timed timed) {
        TrailEntry entry = timed.entry();
        if (entry instanceof Awaited waiting) {
            waiting.complete(false);
            entry = waiting.entry();
        }
        if (held.size() < (entry instanceof DecisionRecord ? BATCH : MAX_HELD)) {
            held.add(new Timed(entry, timed.epochNanos()));
        } else {
            lostWhileFailing++;
            free(entry);
        }
    }

    private void forceIfDue() {
        boolean ending = closing && log.unforced() > 0; // while what fails can still be written again
        boolean wanted = ending || forceBy != Long.MAX_VALUE || log.unforced() > MAX_UNFORCED;
        boolean due = ending || isGroupComplete() || ticker.getAsLong() - forceBy >= 0 || log.unforced() > MAX_UNFORCED;
        if (failing || !wanted || !due) {
            return;
        }
        long start = ticker.getAsLong();
        try {
            log.force();
            forceBy = Long.MAX_VALUE;
            forceNanos = ticker.getAsLong() - start;
            lastGroup = awaited.size();
            unforced = 0;
            look(); // the thread may have paused since, for as long as another process needs to take over
            tell(!failing);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Who waits is not kept waiting, but for those who were in the last group and will be back in a moment. */
    private boolean isGroupComplete() {
        return !awaited.isEmpty()
                && (awaited.size() >= lastGroup || ticker.getAsLong() - groupSince > forceNanos / GROUP_WAIT);
    }

    private void tell(boolean durable) {
        awaited.forEach(each -> each.complete(durable));
        awaited.clear();
    }

    /** The room that is reserved still takes the incident that this raises. */
    private void noticeShortage() {
        IOException shortage = log.shortage();
        if (shortage != null && !runsShort) {
            runsShort = true;
            LOG.error(
                    "the disk of the audit trail in {} is full; what is reserved takes some more records",
                    where,
                    shortage);
            observer.writingFailed(shortage);
        }
    }

    /** Looks about once a second whether the directory is still ours. */
    private void look() {
        if (takenOver || ticker.getAsLong() - lastLook < Ownership.LOOK_NANOS) {
            return;
        }
        lastLook = ticker.getAsLong();
        try {
            ownership.check();
        } catch (TakenOverException e) {
            takenOver = true;
            fail(e);
        } catch (IOException e) {
            LOG.debug("whose the directory of the audit trail is cannot be told now", e);
        }
    }

    /** Stops writing; what the log has not forced, it holds, and what comes is held up to a bound. */
    private void fail(Throwable failure) {
        failing = true;
        lastResume = ticker.getAsLong();
        tell(false);
        IOException cause = failure instanceof IOException ofFiles ? ofFiles : new IOException(failure);
        if (takenOver) {
            LOG.error("the audit trail in {} is not written by this runtime any more: {}", where, cause.getMessage());
            observer.writingFailed(cause);
            return;
        }
        LOG.error(
                "the audit trail in {} cannot be written; calls go on, entries are held up to a bound and the rest is"
                        + " counted. Free space or make the directory writable: the trail resumes by itself",
                where,
                cause);
        observer.writingFailed(cause);
    }

    private void resume() {
        if (takenOver || (ticker.getAsLong() - lastResume < RESUME_EVERY && !closing)) {
            return;
        }
        lastResume = ticker.getAsLong();
        try {
            log.resume();
            if (!resumed) { // or an attempt before this one has said so
                log.append(new Resumed(anchorTick), anchorEpochNanos); // says that the disk takes records again
                resumed = true;
            }
            for (Timed timed = held.poll(); timed != null; timed = held.poll()) {
                put(timed);
                log.spill();
            }
            log.force();
            unforced = 0;
            long lost = lostWhileFailing;
            dropped.addAndGet(lost); // the next batch begins with the gap record
            failing = false;
            resumed = false;
            runsShort = false;
            lostWhileFailing = 0;
            LOG.warn("the audit trail in {} is written again; {} entries of the outage are lost", where, lost);
            observer.writingResumed(lost);
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("the audit trail still cannot be written", e);
        }
    }

    /** After the end, whatever still gets into the ring is counted; synchronized because a ring has one consumer. */
    private synchronized void countLeftovers() {
        for (TrailEntry entry = ring.relaxedPoll(); entry != null; entry = ring.relaxedPoll()) {
            dropped.incrementAndGet();
            if (entry instanceof Awaited waiting) {
                waiting.complete(false);
            } else if (entry instanceof Erasing erasing) {
                erasing.done().completeExceptionally(new IOException("the trail is closed"));
            }
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
