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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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
    private volatile Content stored =
            Content.of(SwitchSnapshot.EMPTY); // before it was read: what the trail takes it for
    private boolean unread; // it could not be read yet, and so nothing may be written to it
    private boolean failing;
    private final Settling settling; // of what looks wrong with the store's content, and may be half an edit

    /** What the store holds, as far as is known, and at which scopes. */
    private record Content(SwitchSnapshot snapshot, Map<Scope, List<Switch>> byScope) {
        static Content of(SwitchSnapshot snapshot) {
            return new Content(snapshot, snapshot.switches().stream().collect(Collectors.groupingBy(Switch::scope)));
        }

        /** The same switches without those that are gone with the store; its versions are not begun anew. */
        static Content goneFrom(SwitchSnapshot before) {
            return of(new SwitchSnapshot(before.version(), List.of(), Optional.empty(), before.lifts()));
        }
    }

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
     * @throws IOException if the store has nothing, or was corrupt, and cannot be written anew
     */
    Optional<String> open(SwitchSnapshot known) throws IOException {
        lock.lock();
        try {
            stored = Content.of(known);
            SwitchSnapshot read;
            try {
                read = readStore();
            } catch (CorruptSwitchesException e) {
                String fault = e.getMessage() + "; it was moved to " + setAside()
                        + " and the switches were rebuilt from the audit trail";
                LOG.error("{}. Check that these are what you want: {}", fault, memory.own());
                writeAnew();
                return Optional.of(fault);
            } catch (IOException e) {
                return Optional.of(openedUnread(e));
            }
            if (isNothing(read)) {
                if (!memory.own().isEmpty()) {
                    LOG.warn(
                            "the switch store {} is empty; what the audit trail knows is set again: {}",
                            store,
                            memory.own());
                }
                writeAnew();
                return Optional.empty();
            }
            takeOver(read);
            return storedAtOpening();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isNothing(SwitchSnapshot read) {
        return read.version() == 0 && read.switches().isEmpty() && read.freeze().isEmpty();
    }

    private void writeAnew() throws IOException {
        stored = Content.goneFrom(stored.snapshot());
        write(0, UnaryOperator.identity());
    }

    /** What is owed is in force and on record, and no reason not to start. */
    private Optional<String> storedAtOpening() {
        try {
            if (isOwing()) {
                write(UnaryOperator.identity());
            }
            return Optional.empty();
        } catch (IOException e) {
            failing = true; // the caller tells of it
            return Optional.of(problem(e, "What it does not hold is in force, and storing it is tried again"));
        }
    }

    /** Takes a state that was read just now, for a tool: nothing is written before somebody changes something. */
    void openWith(SwitchSnapshot read) {
        lock.lock();
        try {
            memory.load(read);
            stored = Content.of(read);
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
     * Stores what memory holds, if nobody who wrote meanwhile took it along; tried again later if it fails.
     *
     * @throws IOException if it is not stored
     */
    void keep() throws IOException {
        lock.lock();
        try {
            if (unread || isOwing()) {
                write(UnaryOperator.identity());
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the store held at a scope when it was last read or written; waits for nobody} */
    List<Switch> at(Scope scope) {
        return stored.byScope().getOrDefault(scope, List.of());
    }

    /** {@return the freeze that the store held then} */
    Optional<Cause> freeze() {
        return stored.snapshot().freeze();
    }

    /** {@return whether memory holds something else than the store; waits for nobody} */
    boolean isOwing() {
        SwitchSnapshot known = stored.snapshot();
        return !isSame(memory.snapshot(known.version()), known);
    }

    private static boolean isSame(SwitchSnapshot one, SwitchSnapshot other) {
        return one.freeze().equals(other.freeze())
                && (one.switches().equals(other.switches()) // or another writer has another order
                        || Set.copyOf(one.switches()).equals(Set.copyOf(other.switches())));
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
        List<Switch> there = held.switches().stream()
                .filter(each -> each.scope().equals(lift.scope().orElseThrow()))
                .toList();
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

    private static List<Lift> with(Lift lift, List<Lift> before) {
        List<Lift> lifts = new ArrayList<>(before);
        lifts.removeIf(each -> each.scope().equals(lift.scope()));
        lifts.add(lift);
        return lifts.subList(Math.max(0, lifts.size() - MAX_LIFTS), lifts.size());
    }

    /** What memory holds; with who lifted what, as long as nothing is set there again. */
    private SwitchSnapshot held(long version) {
        SwitchSnapshot held = memory.snapshot(version);
        List<Lift> lifts = stored.snapshot().lifts().stream()
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
            OptionalLong there = read(true);
            if (there.isEmpty() || isOwing()) {
                write(there.orElse(0), UnaryOperator.identity());
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
        write(unread ? read(false).orElse(0) : stored.snapshot().version(), change);
    }

    /** Writes what is in memory, changed; the next look writes what comes into memory meanwhile. */
    private void write(long there, UnaryOperator<SwitchSnapshot> change) throws IOException {
        long expected = there;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (replace(
                    expected,
                    change.apply(held(Math.max(expected, stored.snapshot().version()) + 1)))) {
                return;
            }
            expected = read(false).orElse(0);
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
        stored = Content.of(next);
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
     * Takes over what somebody else has changed; returns the version that is there, or nothing if it is gone or was set
     * aside, and memory must be written anew.
     *
     * @param patient whether a store that is gone may be written anew a little later
     * @throws UnsettledException if what is there may be half an edit
     */
    private OptionalLong read(boolean patient) throws IOException {
        SwitchSnapshot read;
        try {
            read = readStore();
        } catch (CorruptSwitchesException e) {
            letSettle(String.valueOf(e.getMessage()));
            settling.clear();
            alarmOnce(e.getMessage() + "; what was last known stays in force");
            LOG.error("the switch store is moved to {}", setAside());
            unread = false;
            stored = Content.goneFrom(stored.snapshot());
            return OptionalLong.empty();
        }
        boolean first = unread;
        unread = false;
        if (isNothing(read)) {
            if (!first) {
                if (patient) {
                    letSettle("the switch store " + store + " is gone");
                }
                alarmOnce("the switch store " + store
                        + " is gone; what was last known stays in force and is written again");
            }
            settling.clear();
            stored = Content.goneFrom(stored.snapshot());
            return OptionalLong.empty();
        }
        settling.clear();
        takeOver(read);
        return OptionalLong.of(read.version());
    }

    /** First in memory, so that no record in between says that it is not in force and all the same in the store. */
    private void takeOver(SwitchSnapshot found) {
        SwitchSnapshot before = stored.snapshot();
        if (found.equals(before)) {
            return;
        }
        SwitchSnapshot read = dated(found, before);
        boolean changed = !isSame(read, before);
        List<Switch> ended = endedIn(before);
        if (changed) {
            memory.takeOver(before, read);
        }
        stored = Content.of(read);
        if (changed) {
            onTakenOver.accept(without(ended, before), without(ended, read));
        }
    }

    /** What memory has ended by itself, and has said so: no other writer has done that. */
    private List<Switch> endedIn(SwitchSnapshot before) {
        List<Switch> own = memory.own();
        Instant now = time.instant();
        return before.switches().stream()
                .filter(each -> OwnSwitches.isOver(each.cause(), now) && !own.contains(each))
                .toList();
    }

    private static SwitchSnapshot without(List<Switch> ended, SwitchSnapshot from) {
        return new SwitchSnapshot(
                from.version(),
                from.switches().stream().filter(each -> !ended.contains(each)).toList(),
                from.freeze(),
                from.lifts());
    }

    /** Who edits by hand leaves out since when, which is then each time as old as the reading; the first one counts. */
    private static SwitchSnapshot dated(SwitchSnapshot found, SwitchSnapshot before) {
        Map<Switch, Switch> known = new HashMap<>();
        before.switches().forEach(each -> known.put(SwitchDifferences.undated(each), each));
        return new SwitchSnapshot(
                found.version(),
                found.switches().stream()
                        .map(each -> known.getOrDefault(SwitchDifferences.undated(each), each))
                        .toList(),
                found.freeze(),
                found.lifts());
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
