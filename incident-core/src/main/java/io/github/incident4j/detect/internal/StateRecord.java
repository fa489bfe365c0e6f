// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Erasable;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a detector knows, up to a mark. Its state is sealed: a baseline is a sample of what has been decided.
 *
 * @param model the guarded model
 * @param detector the detector's name
 * @param mark the mark
 * @param state the state, an object of JSON
 * @param nanoTime when it was written, on the monotonic clock
 */
record StateRecord(String model, String detector, String mark, String state, long nanoTime)
        implements TrailEntry, Erasable {
    static final String TYPE = "detector.state";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", model);
        json.writeStringField("detector", detector);
        json.writeStringField(MarkRecord.ID, mark);
        json.writeNumberField("state_v", DetectorStates.VERSION);
    }

    @Override
    public Erasable erasable() {
        return this;
    }

    @Override
    public @Nullable String subject() {
        return null;
    }

    @Override
    public void writeSide(JsonGenerator json) throws IOException {
        json.writeFieldName("state");
        json.writeRawValue(state);
    }

    @Override
    public void writeDigests(JsonGenerator json, UnaryOperator<String> digest) {
        // the log has no text of it
    }
}
