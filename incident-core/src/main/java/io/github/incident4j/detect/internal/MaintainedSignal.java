// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import java.io.IOException;

/** The record of a signal that was not raised, as the model was being maintained. */
record MaintainedSignal(Signal signal, long nanoTime) implements TrailEntry {
    @Override
    public String type() {
        return "signal.maintenance";
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("detector", signal.detector());
        json.writeStringField("model", signal.model());
        json.writeStringField("route", signal.route());
        if (signal.segment().isPresent()) {
            json.writeStringField("segment", Text.clean(signal.segment().get().toString()));
        }
        json.writeNumberField("decision", signal.decision());
        json.writeNumberField("onset_decision", signal.onsetDecision());
        json.writeStringField("sentence", Text.clean(signal.sentence()));
    }
}
