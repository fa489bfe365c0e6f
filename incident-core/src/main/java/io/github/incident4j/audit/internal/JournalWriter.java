// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's thread: drains the queue, writes, forces for all that waited, and tells the rooms above. While the disk
 * refuses it holds entries up to a bound, counts the rest, and goes on in a new file as soon as it can.
 */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    private static final int BATCH = 1_024;
    private static final int MAX_HELD = 8_192;
    private static final int MAX_UNFORCED = 8 << 20;
    private static final long SHORT_PARK = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONG_PARK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SLEEP = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RESUME_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long HANGS = TimeUnit.SECONDS.toNanos(5);
    private static final long GIVE_UP = TimeUnit.SECONDS.toNanos(15); // of a close; longer than checkpoints may take
    private static final long LEAST_WAIT = TimeUnit.SECONDS.toNanos(1); // of a close for a thread that seems to hang
    private static final long JOIN_MILLIS = 20;
    private static final long RESTING = Long.MIN_VALUE;
    private static final int TOLD = 2;
    private static final int LAST_TURNS = 3; // of a disk that fails and recovers while the journal ends
    private static final int IDLE_ROUNDS = 20;

    private final String where;
    private final RecordLog log;
    private final WaitingEntries queue;
    private final ClockAnchor clock;
    private final LongSupplier ticker; // when to force, to look, to try again
    private final JournalObserver observer;
    private final OwnershipLook ownership;
    private final Thread thread;

    private volatile boolean shedding;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean finished;
    private volatile boolean failing;
    private volatile long busySince = RESTING; // with one step, which is some milliseconds unless the disk hangs
    private int hangingLooks; // in a row; of the one who looks

    // This thread's own.
    private final List<Timed> batch = new ArrayList<>(BATCH + 1); // kept over an error, so that it costs no entry
    private int handed; // of these, to the log
    private final Deque<Timed> held;
    private final GroupCommit group;
    private boolean runsShort;
    private boolean resumed; // said so, though the outage is not over yet
    private boolean takenOver; // by another process, for good
    private boolean otherTrail; // is what was told last
    private long unforced; // entries of others since the last force
    private long lostWhileFailing;
    private long gapReported;
    private long lastResume;

    /** An entry with the time of the wall clock. */
    record Timed(TrailEntry entry, long epochNanos) {}

    /**
     * Creates a writer.
     *
     * @param where the directory, for messages
     * @param log where records go
     * @param queue where they come from
     * @param time the clocks of records
     * @param ownership whether the directory is still ours
     * @param observer is told what passes
     * @param ticker the clock of the writer's own doings
     * @param group who waits for a force
     * @param held takes what the log does not
     */
    JournalWriter(
            String where,
            RecordLog log,
            WaitingEntries queue,
            TimeSource time,
            Ownership ownership,
            JournalObserver observer,
            LongSupplier ticker,
            GroupCommit group,
            Deque<Timed> held) {
        this.where = where;
        this.group = group;
        this.held = held;
        this.log = log;
        this.queue = queue;
        this.clock = new ClockAnchor(time);
        this.observer = observer;
        this.ownership = new OwnershipLook(ownership, ticker);
        this.ticker = ticker;
        this.lastResume = ticker.getAsLong();
        this.thread = new Thread(this::run, "incident4j-journal");
        thread.setDaemon(true);
    }

    // ---- callers' threads -------------------------------------------------------------------------------------

    void start() {
        thread.start();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Costs nothing where the thread is about to look anyway. */
    void wakeIfAsleep() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether the disk refuses or hangs, or the directory is not ours any more. */
    boolean isFailing() {
        return failing || isHanging();
    }

    /** Whether the disk has not answered for some seconds. */
    boolean isHanging() {
        return busyFor() >= HANGS;
    }

    private long busyFor() {
        long since = busySince;
        return since == RESTING ? 0 : ticker.getAsLong() - since;
    }

    /**
     * Looks after the journal's thread, which cannot tell itself that it hangs; by one thread, now and then. Tells at
     * the second look that finds it so: after a JVM was stopped as a whole, the first one would blame the disk.
     */
    void tellIfHanging() {
        hangingLooks = isHanging() ? Math.min(hangingLooks + 1, TOLD + 1) : 0;
        if (hangingLooks == TOLD) {
            observer.warned("the audit trail cannot be written: the disk has not answered for "
                    + TimeUnit.NANOSECONDS.toSeconds(HANGS)
                    + " seconds. Calls that need the trail are refused until it does; look at the disk or its mount");
        }
    }

    /** Whether the thread lives; after a close, because the disk hangs. */
    boolean isAlive() {
        return thread.isAlive();
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether it takes no more from the queue. */
    boolean isFinished() {
        return finished;
    }

    /** Lets decisions that find the queue full go at once, until it has been emptied: one slow call, not every call. */
    void shed() {
        shedding = true;
    }

    boolean isShedding() {
        return shedding;
    }

    /** Writes and forces everything that was recorded before, and ends the thread, unless the disk hangs. */
    void close() {
        closing = true;
        wake();
        boolean interrupted = false;
        long begun = System.nanoTime(); // a process that was stopped for long has its thread go on first
        while (thread.isAlive() && (busyFor() < GIVE_UP || System.nanoTime() - begun < LEAST_WAIT)) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true; // the records of others are worth more than a quick return
            }
        }
        if (thread.isAlive()) {
            LOG.error(
                    "the disk of the audit trail in {} does not answer, so the trail is closed without its end. Should it"
                            + " answer before this process ends, the rest is written; until then no other runtime can have"
                            + " the directory",
                    where);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the journal thread -----------------------------------------------------------------------------------

    private void run() {
        int idle = 0;
        int turns = 0;
        while (true) {
            boolean last = closing; // read before the drain, so that the final drain sees all that came before close
            boolean failed = failing;
            int drained = 0;
            busySince = ticker.getAsLong();
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
            } else if (group.isAwaited()) { // whoever comes to wait, too, wakes the thread
                LockSupport.parkNanos(this, Math.min(LONG_PARK, group.patience(ticker.getAsLong())));
            } else {
                shedding = false;
                busySince = RESTING;
                rest(++idle);
            }
        }
        finished = true; // before the end waits for those who may wait for a record of theirs
        queue.dropAll();
        busySince = ticker.getAsLong();
        end();
        busySince = RESTING;
    }

    /** A log that has failed is not forced again: that would say nothing of what the failure has taken. */
    private void end() {
        try {
            write(); // what there may have been no memory for
            if (!isOurs()) {
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
        group.tell(lost == 0);
        if (lost > 0) {
            queue.drop(lost);
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
        } else if (idle < 2 * IDLE_ROUNDS || group.isWanted() || failing) {
            LockSupport.parkNanos(this, LONG_PARK);
        } else {
            asleep = true;
            if (queue.isEmpty()) {
                LockSupport.parkNanos(this, SLEEP);
            }
            asleep = false;
        }
    }

    private int step() {
        clock.read();
        look();
        if (failing) {
            resume();
        }
        if (batch.isEmpty()) {
            drain();
        }
        int drained = isGapAlone() ? 0 : batch.size(); // those who go on losing records do not keep the end from coming
        write();
        forceIfDue();
        pass();
        if (ownership.isOurs()) {
            log.attest(false);
        }
        rollIfOld(clock.epochNanos());
        return drained;
    }

    private void pass() {
        for (Timed timed : batch) {
            try {
                observer.passed(Awaited.entryOf(timed.entry()), timed.epochNanos());
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

    private void drain() {
        long lost = queue.dropped();
        if (lost > gapReported && !failing) {
            batch.add(new Timed(new Gap(lost - gapReported, clock.tick()), clock.epochNanos()));
        }
        for (TrailEntry entry; batch.size() < BATCH && (entry = queue.peek()) != null; ) {
            batch.add(new Timed(entry, clock.epochNanosAt(entry.nanoTime())));
            queue.remove(); // now, as there may have been no memory for the line before
        }
    }

    private boolean isGapAlone() {
        return batch.size() == 1 && batch.get(0).entry() instanceof Gap;
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
        try {
            group.add(timed.entry(), now);
        } catch (RuntimeException | Error e) { // no memory for one more who waits: the entry is no less a record
            if (timed.entry() instanceof Awaited waiting) {
                group.giveUp(waiting);
            }
        }
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
        queue.free(entry);
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
            queue.drop(1); // the next batch begins with the gap record
        }
        if (!itself && entry instanceof Awaited waiting) {
            group.giveUp(waiting);
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
            erasing.done().complete(log.erase(erasing));
        } catch (IOException | RuntimeException | Error e) {
            erasing.done().completeExceptionally(e);
            fail(e); // what else waited to be forced there is in doubt, too
        }
    }

    private void hold(Timed timed) {
        TrailEntry entry = timed.entry();
        if (entry instanceof Awaited waiting) {
            waiting.complete(false);
            entry = waiting.entry();
        }
        boolean kept = false;
        try {
            if (held.size() < (entry instanceof DecisionRecord ? BATCH : MAX_HELD)) {
                held.add(new Timed(entry, timed.epochNanos()));
                kept = true;
            }
        } finally {
            if (!kept) { // for want of memory, too
                lostWhileFailing++;
                queue.free(entry);
            }
        }
    }

    private void forceIfDue() {
        boolean ending = closing && log.unforced() > 0; // while what fails can still be written again
        boolean now = ending || log.unforced() > MAX_UNFORCED;
        long start = ticker.getAsLong();
        if (failing || !(now || (group.isWanted() && group.isDue(start)))) {
            return;
        }
        try {
            log.force();
            group.forced(ticker.getAsLong() - start);
            unforced = 0;
            look(); // the thread may have paused since, for as long as another process needs to take over
            group.tell(!failing);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** The room that is reserved still takes the incident that this raises. */
    private void noticeShortage() {
        IOException shortage = log.shortage();
        runsShort &= shortage != null;
        if (shortage != null && !runsShort) {
            runsShort = true;
            LOG.error(
                    "the disk of the audit trail in {} is full; what is reserved takes some more records",
                    where,
                    shortage);
            observer.writingFailed(shortage);
        }
    }

    private void look() {
        if (!failing) {
            try {
                ownership.lookIfDue();
            } catch (IOException | RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    /** Before the end is cut off, which may be somebody else's by now. */
    private boolean isOurs() {
        try {
            if (!takenOver) {
                ownership.look();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "the audit trail in {} is closed without its end, as it cannot be told whose the directory is",
                    where,
                    e);
        }
        return ownership.isOurs();
    }

    /** Stops writing; what the log has not forced, it holds, and what comes is held up to a bound. */
    private void fail(Throwable failure) {
        failing = true;
        ownership.doubt();
        takenOver |= failure instanceof TakenOverException;
        lastResume = ticker.getAsLong();
        group.tell(false);
        tell(failure instanceof IOException ofFiles ? ofFiles : new IOException(failure));
    }

    private void tell(IOException cause) {
        otherTrail = cause instanceof OtherTrailException;
        if (takenOver || otherTrail) {
            LOG.error("the audit trail in {} is not written by this runtime any more: {}", where, cause.getMessage());
        } else {
            LOG.error(
                    "the audit trail in {} cannot be written; calls go on, entries are held up to a bound and the rest is"
                            + " counted. Free space, make the directory writable, or do what the cause asks for: the"
                            + " trail resumes by itself when that is gone",
                    where,
                    cause);
        }
        observer.writingFailed(cause);
    }

    private void resume() {
        if (takenOver || (ticker.getAsLong() - lastResume < RESUME_EVERY && !closing)) {
            return;
        }
        lastResume = ticker.getAsLong();
        try {
            ownership.look();
            log.resume();
            if (!resumed) { // or an attempt before this one has said so
                log.append(new Resumed(clock.tick()), clock.epochNanos()); // says that the disk takes records again
                resumed = true;
            }
            for (Timed timed = held.poll(); timed != null; timed = held.poll()) {
                put(timed);
                log.spill();
            }
            log.force();
            unforced = 0;
            long lost = lostWhileFailing;
            queue.drop(lost); // the next batch begins with the gap record
            failing = false;
            resumed = false;
            runsShort = false;
            lostWhileFailing = 0;
            LOG.warn("the audit trail in {} is written again; {} entries of the outage are lost", where, lost);
            observer.writingResumed(lost);
        } catch (TakenOverException e) {
            fail(e);
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("the audit trail still cannot be written", e);
            if (e instanceof OtherTrailException other && !otherTrail) { // which no time ends, as it may what was told
                tell(other);
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
