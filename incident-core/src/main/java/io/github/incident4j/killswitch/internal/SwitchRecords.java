// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has what happens to the switches recorded. */
final class SwitchRecords {
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;

    SwitchRecords(TimeSource time, Consumer<TrailEntry> trail) {
        this.time = time;
        this.trail = trail;
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
        trail.accept(record);
    }

    private void add(
            String type,
            String source,
            @Nullable Switch set,
            @Nullable Cause cause,
            boolean durable,
            Optional<String> note) {
        trail.accept(new SwitchRecord(type, source, set, cause, durable, note, time.nanoTime()));
    }
}
