// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Says that the states of a mark are all written: those of these models hold everything up to it. Without this record,
 * or where some of the states that it speaks of are not in the trail, the mark does not count.
 *
 * @param mark the mark
 * @param models the models
 * @param nanoTime when that was, on the monotonic clock
 */
record MarkedRecord(String mark, List<Of> models, long nanoTime) implements TrailEntry {
    static final String TYPE = "detector.marked";
    static final String MODELS = "models";
    static final String MODEL = "model";
    static final String STATES_OF = "states_of";
    static final String STATES = "states";

    /**
     * The states of a model.
     *
     * @param model the model
     * @param statesOf the mark at which they were written, as they have not changed since
     * @param states how many they are; 0 of a model without detectors, of which nothing is to be read again
     * @param diverted of which calls some are kept from the model: the record that it began may be dropped by now
     */
    record Of(String model, String statesOf, int states, Set<Diversion> diverted) {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField(MarkRecord.ID, mark);
        json.writeArrayFieldStart(MODELS);
        for (Of each : models) {
            json.writeStartObject();
            json.writeStringField(MODEL, each.model());
            if (each.states() > 0) {
                json.writeStringField(STATES_OF, each.statesOf());
            }
            json.writeNumberField(STATES, each.states());
            json.writeArrayFieldStart(SeenRecord.DIVERTED);
            Diversion.write(json, each.diverted());
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
