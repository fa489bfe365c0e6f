// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Severity;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of what the runtime itself does. */
sealed interface RuntimeRecord extends TrailEntry {

    /** The runtime was opened; what is known of the run before, if that has left no record of its end. */
    record Opened(long runtime, Map<String, Severity> channels, LastRun.@Nullable Unclosed before, long nanoTime)
            implements RuntimeRecord {
        static final String TYPE = "runtime.opened";
        private static final String CHANNELS = "channels";

        /** The channels of a run, and from which severity on they were told. */
        static Map<String, Severity> channelsOf(StoredRecord stored) {
            Map<String, Severity> channels = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : stored.json().path(CHANNELS).properties()) {
                channels.put(each.getKey(), Severity.valueOf(each.getValue().asText()));
            }
            return channels;
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("runtime", HexFormat.of().toHexDigits(runtime));
            json.writeStringField("java", String.valueOf(Runtime.version()));
            json.writeObjectFieldStart(CHANNELS);
            for (Map.Entry<String, Severity> channel : channels.entrySet()) {
                json.writeStringField(channel.getKey(), channel.getValue().name());
            }
            json.writeEndObject();
            if (before != null) {
                json.writeObjectFieldStart("not_closed");
                json.writeStringField("runtime", before.runtime());
                json.writeStringField("opened", before.opened().toString());
                json.writeStringField("last_seen", before.lastSeen().toString());
                json.writeEndObject();
            }
        }
    }

    /** The runtime was closed in order. */
    record Closed(long runtime, long skippedByDetectors, long nanoTime) implements RuntimeRecord {
        @Override
        public String type() {
            return "runtime.closed";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("runtime", HexFormat.of().toHexDigits(runtime));
            json.writeNumberField("skipped_by_detectors", skippedByDetectors);
        }
    }

    /** A guarded model was built. */
    record Guarded(GuardInfo guard, long nanoTime) implements RuntimeRecord {
        @Override
        public String type() {
            return "guard.built";
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("model", guard.model());
            json.writeStringField("config", guard.recording().hash());
            json.writeFieldName("configuration");
            json.writeRawValue(guard.recording().configuration());
        }
    }
}
