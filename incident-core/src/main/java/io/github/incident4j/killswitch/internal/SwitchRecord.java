// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record of something that happened to the switches.
 *
 * @param type what happened
 * @param source whose switch it is
 * @param set the switch; for a restore and for what did not take effect, a switch that holds its scope and cause
 * @param cause who and why, where no switch is concerned
 * @param standing what holds at the scope, or of the freeze, since then; null where nothing of the runtime was changed
 * @param note why it did not take effect, or is not durable
 */
record SwitchRecord(
        String type,
        String source,
        @Nullable Switch set,
        @Nullable Cause cause,
        @Nullable Standing<?> standing,
        Optional<String> note,
        long nanoTime)
        implements TrailEntry {
    static final String KILLED = "switch.killed";
    static final String LIMITED = "switch.limited";
    static final String RESTORED = "switch.restored";
    static final String EXPIRED = "switch.expired";
    static final String REFUSED = "switch.refused";
    static final String PENDING = "switch.pending";
    static final String FAILED = "switch.failed";
    static final String STORED = "switch.stored";
    static final String FROZEN = "switch.frozen";
    static final String THAWED = "switch.thawed";
    static final String SOURCE_FAILED = "switch.source_failed";
    static final String SOURCE_TOO_OLD = "switch.source_too_old";
    static final String SOURCE_RECOVERED = "switch.source_recovered";

    static final String IN_FORCE = "in_force";
    static final String IN_STORE = "in_store"; // left out where it is the same
    static final String DURABLE = "durable";

    private static final Set<String> NOT_DONE = Set.of(REFUSED, PENDING, FAILED);
    private static final ObjectMapper MAPPER = Json.mapper();

    /** The same, with what holds since then. */
    SwitchRecord with(Standing<?> there) {
        return new SwitchRecord(type, source, set, cause, there, note, nanoTime);
    }

    private boolean isDurable() {
        return standing == null ? !NOT_DONE.contains(type) : standing.isDurable();
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("source", source);
        ObjectNode change = MAPPER.createObjectNode();
        if (set != null) {
            SwitchJson.write(change, set);
            json.writeFieldName("switch");
            MAPPER.writeTree(json, change);
        } else if (cause != null) {
            SwitchJson.write(change, cause);
            json.writeFieldName("cause");
            MAPPER.writeTree(json, change);
        }
        if (standing != null) {
            write(json, IN_FORCE, standing.inForce());
            if (!standing.isDurable()) {
                write(json, IN_STORE, standing.stored());
            }
        }
        json.writeBooleanField(DURABLE, isDurable());
        if (note.isPresent()) {
            json.writeStringField("note", Text.clean(note.get()));
        }
    }

    private static void write(JsonGenerator json, String member, List<?> switchesOrCauses) throws IOException {
        ArrayNode all = MAPPER.createArrayNode();
        for (Object each : switchesOrCauses) {
            if (each instanceof Switch set) {
                SwitchJson.write(all.addObject(), set);
            } else {
                SwitchJson.write(all.addObject(), (Cause) each);
            }
        }
        json.writeFieldName(member);
        MAPPER.writeTree(json, all);
    }

    /** A switch that stands for a scope and a cause. */
    static Switch about(Scope scope, Cause cause, Instant now) {
        return new Switch(scope, SwitchState.killed(), cause, now);
    }

    /** The type of the record that says that a switch was set. */
    static String typeOf(Switch set) {
        return set.state() instanceof SwitchState.Killed ? KILLED : LIMITED;
    }
}
