// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.List;

/**
 * Says that the states of a mark are all written: those of these models hold everything up to it. Without this record
 * the states of the mark do not count.
 *
 * @param mark the mark
 * @param models the models
 * @param nanoTime when that was, on the monotonic clock
 */
record MarkedRecord(String mark, List<String> models, long nanoTime) implements TrailEntry {
    static final String TYPE = "detector.marked";
    static final String MODELS = "models";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField(MarkRecord.ID, mark);
        json.writeArrayFieldStart(MODELS);
        for (String model : models) {
            json.writeString(model);
        }
        json.writeEndArray();
    }
}
