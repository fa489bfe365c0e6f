// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of what the runtime itself does. */
sealed interface RuntimeRecord extends TrailEntry {

    /** The runtime was opened; what is known of the run before, if that has left no record of its end. */
    record Opened(long runtime, List<String> channels, LastRun.@Nullable Unclosed before, long nanoTime)
            implements RuntimeRecord {
        static final String TYPE = "runtime.opened";
        private static final String CHANNELS = "channels";

        static List<String> channelsOf(StoredRecord stored) {
            List<String> names = new ArrayList<>();
            stored.json().path(CHANNELS).forEach(name -> names.add(name.asText()));
            return names;
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("runtime", HexFormat.of().toHexDigits(runtime));
            json.writeStringField("java", String.valueOf(Runtime.version()));
            json.writeArrayFieldStart(CHANNELS);
            for (String channel : channels) {
                json.writeString(channel);
            }
            json.writeEndArray();
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
