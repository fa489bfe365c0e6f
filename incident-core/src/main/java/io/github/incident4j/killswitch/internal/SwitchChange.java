// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.killswitch.Switch;
import java.io.IOException;
import java.util.Optional;

/** The record of a kill or a restore. */
record SwitchChange(String type, Switch set, Optional<String> problem, long nanoTime) implements TrailEntry {
    static final String KILLED = "switch.killed";
    static final String RESTORED = "switch.restored";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        ObjectNode change = MAPPER.createObjectNode();
        SwitchJson.write(change, set);
        json.writeFieldName("switch");
        MAPPER.writeTree(json, change);
        json.writeBooleanField("durable", problem.isEmpty());
        if (problem.isPresent()) {
            json.writeStringField("problem", Text.clean(problem.get()));
        }
    }
}
