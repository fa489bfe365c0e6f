// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Takes entries from any thread through one bounded queue and writes them, in one order, on one thread of its own.
 *
 * <p>A decision that finds the queue full waits up to a limit and is then dropped and counted; the count becomes a
 * {@code trail.gap} record. Everything else (control records) has capacity reserved and is never dropped by the queue.
 * While the disk refuses, entries are held up to a bound and the log goes on in a new file as soon as it can.
 */
public final class Journal implements AutoCloseable {
    private static final long SHORT_PARK = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long DURABLE_WAIT = TimeUnit.SECONDS.toNanos(10);

    private final WaitingEntries queue;
    private final JournalWriter writer;
    private final long maxWaitNanos;

    private Journal(
            String where,
            RecordLog log,
            TimeSource time,
            TrailSettings settings,
            Ownership ownership,
            JournalObserver observer,
            LongSupplier ticker) {
        this.maxWaitNanos = settings.maxWait().toNanos();
        this.queue = new WaitingEntries(settings.maxWaitingDecisions(), settings.maxWaitingPayload());
        GroupCommit group = new GroupCommit(new ArrayList<>());
        this.writer =
                new JournalWriter(where, log, queue, time, ownership, observer, ticker, group, new ArrayDeque<>());
    }

    /**
     * Opens the trail under a runtime's directory, and sets a torn end aside. Nothing is written before
     * {@link #start()}.
     *
     * @param directory the runtime's directory
     * @param settings keys, anchors, the queue
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
        Retirements before = new Retirements();
        Consumer<StoredRecord> replaying = stored -> {
            before.take(stored.type(), stored.json());
            replay.accept(stored);
        };
        Opening opened = Opening.of(directory, settings, time, replaying, ownership, opener);
        Journal journal =
                new Journal(directory.toString(), opened.log(), time, settings, opened.place(), observer, ticker);
        opened.notes().forEach(journal::append);
        Retirement retirement;
        try {
            retirement = new Retirement(
                    opened.files(),
                    settings.retention(),
                    holds,
                    time,
                    journal::appendAndAwait,
                    opened.log()::forcedRecords,
                    opened.fence(),
                    observer::warned,
                    Files::deleteIfExists);
        } catch (IOException | RuntimeException | Error e) {
            opened.log().abandon(); // files and a thread, of which nobody knows any more
            throw e;
        }
        retirement.resume(before.through());
        opened.attestor().alarm(observer::warned);
        opened.attestor().afterwards(retirement::sweep);
        return journal;
    }

    /**
     * A journal that keeps nothing: records pass to the observer and are gone.
     *
     * @param settings the queue
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
        writer.start();
    }

    /**
     * Reserves room for the record of a decision, before the model is asked, for those who will not go without one.
     * Waits as for a full queue while as many calls hold a reservation as there may be, or too much payload waits.
     *
     * @param characters how much payload the record may have
     * @return whether there is room and the disk takes records; every yes is followed by one {@link #recordReserved}
     */
    public boolean reserve(long characters) {
        return mayReserve(characters) || within(() -> mayReserve(characters), this::takesNoDecisions);
    }

    private boolean mayReserve(long characters) {
        return !takesNoDecisions() && queue.reserve(characters);
    }

    private boolean takesNoDecisions() {
        return writer.isClosing() || writer.isFailing();
    }

    /**
     * Gives room back that was reserved for a decision of which no record comes.
     *
     * @param reserved how much payload was reserved
     */
    public void release(long reserved) {
        queue.release(reserved);
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
        long counted = reserved; // of the payload, until the queue minds it
        try {
            DecisionRecord fitting = queue.fit(decision, reserved);
            counted = fitting.characters();
            Awaited awaited = await ? new Awaited(fitting) : null;
            counted = 0;
            boolean taken = offered(queue.offerReserved(awaited == null ? fitting : awaited, fitting));
            return taken && (awaited == null || isDurable(awaited));
        } finally {
            queue.release(counted);
        }
    }

    /**
     * Records a decision and waits until it is on the disk, or is known not to be.
     *
     * @param decision the record
     * @return whether it is on the disk
     */
    public boolean recordAndAwait(DecisionRecord decision) {
        Awaited awaited = new Awaited(decision);
        boolean taken =
                !writer.isClosing() && (queue.offerDecision(awaited, decision) || offerWithin(awaited, decision));
        return offered(taken) && isDurable(awaited);
    }

    private boolean isDurable(Awaited awaited) {
        try {
            writer.wake();
            return awaited.await(writer.isHanging() ? 0 : DURABLE_WAIT);
        } catch (StackOverflowError e) { // it is in, but nobody waits
            return false;
        }
    }

    private boolean offered(boolean taken) {
        if (!taken) {
            queue.drop(1);
            return false;
        }
        try {
            writer.wakeIfAsleep();
        } catch (StackOverflowError e) { // the record is in, and the thread looks by itself before long
            return true;
        }
        if (writer.isFinished()) { // one that was written in the very last moment is told as lost: the safer mistake
            queue.dropAll();
            return false;
        }
        return true;
    }

    /**
     * Records a decision. Waits only when the queue is full, and then no longer than the limit.
     *
     * @param decision the record
     * @return whether it was taken; if not, it is counted
     */
    public boolean record(DecisionRecord decision) {
        if (writer.isClosing()) { // who goes on calling must not keep the journal from its end
            queue.drop(1);
            return false;
        }
        return offered(queue.offerDecision(decision, decision) || offerWithin(decision, decision));
    }

    private boolean offerWithin(TrailEntry entry, DecisionRecord decision) {
        if (writer.isShedding() || writer.isClosing()) {
            writer.wake();
            return false;
        }
        boolean room = within(() -> queue.offerDecision(entry, decision), () -> false);
        if (!room) {
            writer.shed();
        }
        return room;
    }

    /** Tries until it succeeds, or in vain, or for as long as a caller is made to wait; an interrupt is kept. */
    private boolean within(BooleanSupplier attempt, BooleanSupplier vain) {
        writer.wake();
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

    /**
     * Records anything but a decision, or sends a marker. Waits while the queue is full; the journal thread itself must
     * not call this.
     *
     * @param entry the entry
     * @return whether it was taken; false only when the journal is closed, or the queue is full and the disk hangs
     */
    public boolean append(TrailEntry entry) {
        boolean interrupted = false;
        boolean taken = queue.offerControl(entry);
        while (!taken && !writer.isFinished() && !writer.isHanging()) {
            writer.wake();
            LockSupport.parkNanos(SHORT_PARK);
            interrupted |= Thread.interrupted(); // an interrupted thread would not park
            taken = queue.offerControl(entry);
        }
        keep(interrupted);
        if (!taken) {
            queue.drop(entry instanceof Marker || writer.isFinished() ? 0 : 1);
            return false;
        }
        writer.wake();
        if (writer.isFinished()) {
            queue.dropAll();
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
        if (writer.isFinished() || !queue.offerControl(entry)) {
            return false;
        }
        writer.wake();
        if (writer.isFinished()) { // which may have happened in between
            queue.dropAll();
        }
        return true;
    }

    /**
     * Records what becomes of a decision after its record, such as that its answer was not given. Never waits: a
     * reservation has room for one such record, too, and one that finds no room is counted as lost.
     *
     * @param amendment the record
     * @param reserved whether room was reserved for the decision
     */
    public void amend(TrailEntry amendment, boolean reserved) {
        offered(reserved ? queue.offerAmendment(amendment) : queue.offerControl(amendment));
    }

    /** Counts a record that could not be made. */
    public void lose() {
        queue.drop(1);
    }

    private static void keep(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return how many entries the trail has lost so far} */
    public long dropped() {
        return queue.dropped();
    }

    /** Looks whether the disk hangs, and tells the observer once; by one thread that is not the journal's. */
    public void look() {
        writer.tellIfHanging();
    }

    /** {@return whether something may still be written; after a close only where the disk hangs} */
    public boolean isWriting() {
        return writer.isAlive();
    }

    /**
     * Writes and forces everything that was recorded before, and ends the thread; leaves it behind where the disk has
     * not answered for a quarter of a minute. Idempotent.
     */
    @Override
    public void close() {
        writer.close();
    }
}
