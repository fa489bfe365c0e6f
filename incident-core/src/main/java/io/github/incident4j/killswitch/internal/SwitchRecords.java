// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has what happens to the switches recorded, one at a time: a record that says "durable" tells whoever replays the
 * trail that all before it is stored, so none says so while something is owed to the store.
 */
final class SwitchRecords {
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final BooleanSupplier owing;
    private final ReentrantLock turn = new ReentrantLock(); // no monitor: a record may wait for room

    /**
     * Creates the records.
     *
     * @param owing whether memory holds what the store does not
     */
    SwitchRecords(TimeSource time, Consumer<TrailEntry> trail, BooleanSupplier owing) {
        this.time = time;
        this.trail = trail;
        this.owing = owing;
    }

    /** A change of the runtime's own switches; one with a problem is not durable. */
    void changed(String type, Switch set, Optional<String> problem) {
        changed(type, set, problem.isEmpty(), problem.stream().toList());
    }

    /** A change of the runtime's own switches, and what is to be said of it. */
    void changed(String type, Switch set, boolean durable, List<String> notes) {
        Optional<String> note = notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
        add(type, SwitchBoard.OWN, set, null, durable, note);
    }

    /** A change of the runtime's own switches that is owed to the store from now on. */
    void owed(Switch set, List<String> notes, Runnable owe) {
        Optional<String> note = notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes));
        String type = SwitchRecord.typeOf(set);
        SwitchRecord record = new SwitchRecord(type, SwitchBoard.OWN, set, null, false, note, time.nanoTime());
        inTurn(() -> {
            owe.run();
            trail.accept(record);
        });
    }

    /** What was owed to the store is stored, unless more is owed by now; then there will be another one. */
    void stored() {
        SwitchRecord record = new SwitchRecord(
                SwitchRecord.STORED, SwitchBoard.OWN, null, null, true, Optional.empty(), time.nanoTime());
        inTurn(() -> {
            if (!owing.getAsBoolean()) {
                trail.accept(record);
            }
        });
    }

    /** The freeze was set or lifted here. */
    void freeze(String type, Cause cause, boolean durable, Optional<String> note) {
        add(type, SwitchBoard.OWN, null, cause, durable, note);
    }

    /** Something that concerns no single switch. */
    void happened(String source, String type, Optional<String> note) {
        add(type, source, null, null, true, note);
    }

    /** What others have done. */
    void seen(SwitchRecord record) {
        boolean ofStore = record.source().equals(SwitchBoard.OWN);
        inTurn(() -> trail.accept(record.durable() && ofStore && owing.getAsBoolean() ? record.notDurable() : record));
    }

    private void inTurn(Runnable recording) {
        turn.lock();
        try {
            recording.run();
        } finally {
            turn.unlock();
        }
    }

    private void add(
            String type,
            String source,
            @Nullable Switch set,
            @Nullable Cause cause,
            boolean durable,
            Optional<String> note) {
        seen(new SwitchRecord(type, source, set, cause, durable, note, time.nanoTime()));
    }
}
