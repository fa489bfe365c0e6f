// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.killswitch.CorruptSwitchesException;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSnapshot.Lift;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store and the memory the same: writes what memory holds, and takes over what somebody else has written. Its
 * lock is held while the store is read or written; who needs the memory's too takes this one first.
 */
final class StoredSwitches {
    private static final Logger LOG = LoggerFactory.getLogger(StoredSwitches.class);
    private static final int ATTEMPTS = 8;
    private static final int MAX_LIFTS = 64;

    private final SwitchStore store;
    private final SwitchMemory memory;
    private final TimeSource time;
    private final Consumer<String> alarm;
    private final BiConsumer<SwitchSnapshot, SwitchSnapshot> onTakenOver;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock; the first is read without it, too.
    private volatile SwitchSnapshot stored = SwitchSnapshot.EMPTY; // before it was read: what the trail takes it to be
    private boolean unread; // it could not be read yet, and so nothing may be written to it
    private boolean failing;
    private final Settling settling; // of what looks wrong with the store's content, and may be half an edit

    /**
     * Creates the two halves' joint.
     *
     * @param store where switches are durable
     * @param memory where they are in force
     * @param time the clocks
     * @param alarm is told what is wrong with the store
     * @param onTakenOver is told what was stored before and what somebody else has made of it
     */
    StoredSwitches(
            SwitchStore store,
            SwitchMemory memory,
            TimeSource time,
            Consumer<String> alarm,
            BiConsumer<SwitchSnapshot, SwitchSnapshot> onTakenOver) {
        this.store = store;
        this.memory = memory;
        this.time = time;
        this.alarm = alarm;
        this.onTakenOver = onTakenOver;
        this.settling = new Settling(time);
    }

    /**
     * Reads the store for the first time, and has memory take over what it holds; memory stays as it is where the store
     * has nothing, is corrupt, or cannot be read now. What cannot be read now is not written either; it is taken over
     * as soon as it can be read.
     *
     * @param known what the store held at the end of the last run, as far as is known
     * @return what was wrong with the store, if anything
     * @throws IOException if the store can be read and not be written
     */
    Optional<String> open(SwitchSnapshot known) throws IOException {
        lock.lock();
        try {
            stored = known;
            Optional<String> fault = Optional.empty();
            SwitchSnapshot read = SwitchSnapshot.EMPTY;
            try {
                read = readStore();
            } catch (CorruptSwitchesException e) {
                String aside = setAside();
                fault = Optional.of(e.getMessage() + "; it was moved to " + aside
                        + " and the switches were rebuilt from the audit trail");
            } catch (IOException e) {
                return Optional.of(openedUnread(e));
            }
            if (read.version() > 0) {
                takeOver(read);
            } else if (fault.isPresent()) {
                LOG.error("{}. Check that these are what you want: {}", fault.get(), memory.own());
            } else if (!memory.own().isEmpty()) {
                LOG.warn(
                        "the switch store {} is empty; what the audit trail knows is set again: {}",
                        store,
                        memory.own());
            }
            if (read.version() == 0 || isOwing()) {
                write(read.version(), UnaryOperator.identity());
            }
            return fault;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a state that was read just now, for a tool: nothing is written before somebody changes something. */
    void openWith(SwitchSnapshot read) {
        lock.lock();
        try {
            memory.load(read);
            stored = read;
        } finally {
            lock.unlock();
        }
    }

    private String openedUnread(IOException e) {
        unread = true;
        failing = true; // the caller tells of it
        LOG.error(
                "the switch store {} cannot be read; check that what the trail knows is what you want: {}",
                store,
                memory.own(),
                e);
        return "the switch store " + store + " cannot be read (" + e
                + "); what the audit trail knows is in force, and nothing is stored until it can be read";
    }

    /**
     * Stores what memory holds; tried again later if it fails.
     *
     * @throws IOException if it is not stored
     */
    void keep(Switch set) throws IOException {
        lock.lock();
        try {
            if (unread || !stored.switches().contains(set)) { // else somebody who wrote meanwhile took it along
                write(UnaryOperator.identity());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stores what memory holds; tried again later if it fails.
     *
     * @throws IOException if it is not stored
     */
    void keepAll() throws IOException {
        lock.lock();
        try {
            write(UnaryOperator.identity());
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the store held when it was last read or written; waits for nobody} */
    SwitchSnapshot stored() {
        return stored;
    }

    /** {@return whether memory holds something else than the store; waits for nobody} */
    boolean isOwing() {
        SwitchSnapshot known = stored;
        SwitchSnapshot held = memory.snapshot(known.version());
        return !held.freeze().equals(known.freeze()) || !isSame(held.switches(), known.switches());
    }

    private static boolean isSame(List<Switch> these, List<Switch> those) {
        return these.equals(those) || Set.copyOf(these).equals(Set.copyOf(those)); // another writer has another order
    }

    /** What became of loosening. */
    enum Loosened {
        DONE,
        /** There was nothing to remove. */
        NOTHING,
        /** Something else is set there than what was seen: somebody was faster, and what he has set stays. */
        CHANGED
    }

    /**
     * Removes or replaces what is set at a scope, in the store first and then in memory.
     *
     * @param seen what was set when it was asked for; nothing else is removed
     * @throws IOException if it is not stored; memory is then as it was
     */
    Loosened loosen(Scope scope, List<Switch> seen, @Nullable Switch replacement, Cause cause) throws IOException {
        lock.lock();
        try {
            if (unread) {
                read(false); // so that what is found in memory is what the store holds
            }
            if (!memory.at(scope).equals(seen)) {
                return Loosened.CHANGED;
            }
            if (seen.isEmpty() && replacement == null) {
                return Loosened.NOTHING;
            }
            Lift lift = new Lift(Optional.of(scope), cause, time.instant());
            write(held -> loosened(held, seen, replacement, lift));
            return memory.replace(scope, seen, replacement) ? Loosened.DONE : Loosened.CHANGED;
        } finally {
            lock.unlock();
        }
    }

    private static SwitchSnapshot loosened(
            SwitchSnapshot held, List<Switch> present, @Nullable Switch replacement, Lift lift) {
        List<Switch> there = at(held, lift.scope().orElseThrow());
        if (!Set.copyOf(there).equals(Set.copyOf(present))) { // somebody was faster, and what he has set stays
            return held;
        }
        List<Switch> switches = new ArrayList<>(held.switches());
        switches.removeAll(present);
        if (replacement != null) {
            switches.removeIf(each -> each.scope().equals(replacement.scope()));
            switches.add(replacement);
        }
        return new SwitchSnapshot(held.version(), switches, held.freeze(), with(lift, held.lifts()));
    }

    /** The switches of exactly this scope. */
    static List<Switch> at(SwitchSnapshot snapshot, Scope scope) {
        return snapshot.switches().stream()
                .filter(each -> each.scope().equals(scope))
                .toList();
    }

    private static List<Lift> with(Lift lift, List<Lift> before) {
        List<Lift> lifts = new ArrayList<>(before);
        lifts.removeIf(each -> each.scope().equals(lift.scope()));
        lifts.add(lift);
        return lifts.subList(Math.max(0, lifts.size() - MAX_LIFTS), lifts.size());
    }

    /** What memory holds; with who lifted what, as long as nothing is set there again. */
    private SwitchSnapshot held(long version) {
        SwitchSnapshot held = memory.snapshot(version);
        List<Lift> lifts = stored.lifts().stream()
                .filter(lift -> lift.scope()
                        .map(scope -> held.switches().stream()
                                .noneMatch(each -> each.scope().equals(scope)))
                        .orElse(held.freeze().isEmpty()))
                .toList();
        return new SwitchSnapshot(version, held.switches(), held.freeze(), lifts);
    }

    /**
     * Ends the freeze, in the store first and then in memory.
     *
     * @param seen the freeze when it was asked for; no other one is ended
     * @throws IOException if it is not stored; memory is then as it was
     */
    Loosened thaw(Optional<Cause> seen, Cause cause) throws IOException {
        lock.lock();
        try {
            if (unread) {
                read(false);
            }
            if (!memory.ownFreeze().equals(seen)) {
                return Loosened.CHANGED;
            }
            if (seen.isEmpty()) {
                return Loosened.NOTHING;
            }
            Lift lift = new Lift(Optional.empty(), cause, time.instant());
            write(held -> held.freeze().equals(seen)
                    ? new SwitchSnapshot(held.version(), held.switches(), Optional.empty(), with(lift, held.lifts()))
                    : held);
            return memory.thaw(seen.get()) ? Loosened.DONE : Loosened.CHANGED;
        } finally {
            lock.unlock();
        }
    }

    /** What is there, or is not, may be half an edit, and is looked at again before anything is done about it. */
    private static final class UnsettledException extends IOException {
        private static final long serialVersionUID = 1L;

        UnsettledException(String what) {
            super(what + "; somebody may be writing it, so it is looked at again in a moment");
        }
    }

    private void letSettle(String what) throws UnsettledException {
        if (!settling.isSettled(what)) {
            throw new UnsettledException(what);
        }
    }

    /** Looks at the store: takes over what is new there, and stores what is owed to it. */
    void look() {
        if (!lock.tryLock()) {
            return; // it is being written; there is a next time
        }
        try {
            long there = read(true);
            if (there == 0 || isOwing()) { // it is gone or was set aside
                write(there, UnaryOperator.identity());
            }
            failing = false;
        } catch (UnsettledException e) {
            LOG.debug("{}", e.getMessage());
        } catch (IOException e) {
            alarmOnce("the switch store " + store + " cannot be used: " + e);
        } finally {
            lock.unlock();
        }
    }

    private void write(UnaryOperator<SwitchSnapshot> change) throws IOException {
        write(unread ? read(false) : stored.version(), change);
    }

    /** Writes what is in memory, changed; the next look writes what comes into memory meanwhile. */
    private void write(long there, UnaryOperator<SwitchSnapshot> change) throws IOException {
        long expected = there;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (replace(expected, change.apply(held(Math.max(expected, stored.version()) + 1)))) {
                return;
            }
            expected = read(false);
        }
        throw new IOException("somebody else kept changing it");
    }

    private boolean replace(long expected, SwitchSnapshot next) throws IOException {
        try {
            if (!store.replace(expected, next)) {
                return false;
            }
        } catch (Throwable e) {
            throw failure(e);
        }
        stored = next;
        failing = false;
        return true;
    }

    private SwitchSnapshot readStore() throws IOException {
        try {
            return Objects.requireNonNull(store.read(), "the store returned null");
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private String setAside() throws IOException {
        try {
            return store.setAside();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Whatever the host's store throws is a failure of the store, and costs no kill. */
    private static IOException failure(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return thrown instanceof IOException declared ? declared : new IOException(thrown.toString(), thrown);
    }

    /**
     * Takes over what somebody else has changed; returns the version that is there, or 0 if memory must be written
     * anew.
     *
     * @param patient whether a store that is gone may be written anew a little later
     * @throws UnsettledException if what is there may be half an edit
     */
    private long read(boolean patient) throws IOException {
        SwitchSnapshot read;
        try {
            read = readStore();
        } catch (CorruptSwitchesException e) {
            letSettle(String.valueOf(e.getMessage()));
            settling.clear();
            alarmOnce(e.getMessage() + "; what was last known stays in force");
            LOG.error("the switch store is moved to {}", setAside());
            unread = false;
            return 0;
        }
        boolean first = unread;
        unread = false;
        if (read.version() == 0 && read.switches().isEmpty()) {
            if (!first) {
                if (patient) {
                    letSettle("the switch store " + store + " is gone");
                }
                alarmOnce("the switch store " + store
                        + " is gone; what was last known stays in force and is written again");
            }
            settling.clear();
            return 0;
        }
        settling.clear();
        takeOver(read);
        return read.version();
    }

    private void takeOver(SwitchSnapshot read) {
        SwitchSnapshot before = stored;
        if (!read.equals(before)) {
            stored = read;
            memory.takeOver(before, read);
            onTakenOver.accept(before, read);
        }
    }

    /** Says that the store could not be written, and what follows from it. */
    String problem(IOException e, String consequence) {
        String problem = "the switch store " + store + " could not be written: " + e;
        LOG.error("{}. {}", problem, consequence, e);
        return problem;
    }

    private void alarmOnce(String what) {
        if (!failing) {
            failing = true;
            LOG.error("{}", what);
            alarm.accept(what);
        }
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
