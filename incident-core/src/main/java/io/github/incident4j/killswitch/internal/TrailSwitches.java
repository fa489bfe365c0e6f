// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The switches as the trail of earlier runs has them, and which of them the store could not take then. */
final class TrailSwitches {
    private final SwitchMemory memory;
    private final List<Switch> unstored = new ArrayList<>();
    private Optional<Cause> unstoredFreeze = Optional.empty();

    TrailSwitches(SwitchMemory memory) {
        this.memory = memory;
    }

    List<Switch> unstored() {
        return List.copyOf(unstored);
    }

    Optional<Cause> unstoredFreeze() {
        return unstoredFreeze;
    }

    /** Takes a record of an earlier run into account. */
    void replay(StoredRecord record) {
        if (!record.type().startsWith("switch.")
                || !record.json().path("source").asText(SwitchBoard.OWN).equals(SwitchBoard.OWN)) {
            return;
        }
        boolean durable = record.json().path("durable").asBoolean(true);
        switch (record.type()) {
            case SwitchRecord.KILLED, SwitchRecord.LIMITED -> {
                Switch set = readSwitch(record);
                memory.replaySet(set);
                if (set.state() instanceof SwitchState.Limited) { // it takes the place of what is there
                    unstored.removeIf(each -> each.scope().equals(set.scope()));
                }
                if (!durable) {
                    unstored.add(set);
                }
            }
            case SwitchRecord.RESTORED -> {
                Scope scope = readSwitch(record).scope();
                memory.replayRestored(scope);
                unstored.removeIf(each -> each.scope().equals(scope));
            }
            case SwitchRecord.EXPIRED -> memory.replayExpired(readSwitch(record));
            case SwitchRecord.STORED -> {}
            case SwitchRecord.FROZEN -> {
                Optional<Cause> cause =
                        Optional.of(SwitchJson.readCause(record.json().path("cause")));
                memory.freeze(cause);
                unstoredFreeze = durable ? Optional.empty() : cause;
            }
            case SwitchRecord.THAWED -> {
                memory.freeze(Optional.empty());
                unstoredFreeze = Optional.empty();
            }
            default -> {
                return; // nothing was changed by it
            }
        }
        if (durable) {
            unstored.clear(); // whatever is stored is stored as a whole
            unstoredFreeze = Optional.empty();
        }
    }

    private static Switch readSwitch(StoredRecord record) {
        return SwitchJson.read(record.json().path("switch"), record.time());
    }
}
