// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has what happens to the switches recorded, one at a time. Each record of a change names what is in force at its scope
 * at that moment, and what of it the store does not hold yet. So the last record of a scope is its state, in whichever
 * order those who changed it come to record it.
 */
final class SwitchRecords {
    private final SwitchMemory memory;
    private final StoredSwitches store;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final ReentrantLock turn = new ReentrantLock(); // no monitor: a record may wait for room

    // What is on record as not stored; guarded by the turn.
    private final Set<Scope> owed = new HashSet<>();
    private boolean freezeOwed;

    SwitchRecords(SwitchMemory memory, StoredSwitches store, TimeSource time, Consumer<TrailEntry> trail) {
        this.memory = memory;
        this.store = store;
        this.time = time;
        this.trail = trail;
    }

    /** Takes over what an earlier run has on record as not stored. */
    void resume(TrailSwitches earlier) {
        inTurn(() -> {
            owed.addAll(earlier.owed());
            freezeOwed = earlier.isFreezeOwed();
        });
    }

    /** A change of the runtime's own switches, and what is to be said of it. */
    void changed(String type, Switch set, List<String> notes) {
        seen(new SwitchRecord(type, SwitchBoard.OWN, set, null, null, joined(notes), time.nanoTime()));
    }

    /** The freeze was set or lifted here. */
    void freeze(String type, Cause cause, List<String> notes) {
        seen(new SwitchRecord(type, SwitchBoard.OWN, null, cause, null, joined(notes), time.nanoTime()));
    }

    private static Optional<String> joined(List<String> notes) {
        return notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
    }

    /** A change that was asked for and not made. */
    void refused(String type, Switch wanted, String why) {
        add(new SwitchRecord(type, SwitchBoard.OWN, wanted, null, null, Optional.of(why), time.nanoTime()));
    }

    /** The freeze was not lifted. */
    void refused(String type, Cause cause, String why) {
        add(new SwitchRecord(type, SwitchBoard.OWN, null, cause, null, Optional.of(why), time.nanoTime()));
    }

    /** Something that concerns no single switch. */
    void happened(String source, String type, Optional<String> note) {
        add(new SwitchRecord(type, source, null, null, null, note, time.nanoTime()));
    }

    /** A change, of whichever source. */
    void seen(SwitchRecord record) {
        if (record.source().equals(SwitchBoard.OWN)) {
            inTurn(() -> trail.accept(record.with(standing(record.set()))));
        } else {
            add(record);
        }
    }

    /** Says, if something is on record as not stored, that all of it is by now. */
    void stored() {
        inTurn(() -> {});
    }

    /** Every change may have had the store take along what others owe to it. */
    private void sayWhatIsStored() {
        long now = time.nanoTime(); // first: it is not our code
        if ((freezeOwed || !owed.isEmpty()) && isStoredByNow()) {
            owed.clear();
            freezeOwed = false;
            trail.accept(
                    new SwitchRecord(SwitchRecord.STORED, SwitchBoard.OWN, null, null, null, Optional.empty(), now));
        }
    }

    private boolean isStoredByNow() {
        return owed.stream().noneMatch(scope -> at(scope).isOwed()) && !(freezeOwed && freeze().isOwed());
    }

    private Standing<?> standing(@Nullable Switch changed) {
        if (changed == null) {
            Standing<Cause> freeze = freeze();
            freezeOwed = freeze.isOwed();
            return freeze;
        }
        Scope scope = changed.scope();
        Standing<Switch> there = at(scope);
        if (there.isOwed()) {
            owed.add(scope);
        } else {
            owed.remove(scope);
        }
        return there;
    }

    private Standing<Switch> at(Scope scope) {
        return new Standing<>(memory.at(scope), store.at(scope));
    }

    private Standing<Cause> freeze() {
        return new Standing<>(
                memory.ownFreeze().stream().toList(), store.freeze().stream().toList());
    }

    private void add(SwitchRecord record) {
        inTurn(() -> trail.accept(record));
    }

    private void inTurn(Runnable recording) {
        turn.lock();
        try {
            recording.run();
            sayWhatIsStored();
        } finally {
            turn.unlock();
        }
    }
}
