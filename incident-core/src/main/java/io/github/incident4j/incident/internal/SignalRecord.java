// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Signal;
import java.io.IOException;
import java.util.Optional;

/** The record of a signal and the incident that it opened or joined. */
record SignalRecord(Signal signal, String incident, long nanoTime) implements TrailEntry {
    @Override
    public String type() {
        return "signal";
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("detector", signal.detector());
        json.writeStringField("model", signal.model());
        json.writeStringField("route", signal.route());
        if (signal.segment().isPresent()) {
            json.writeStringField("segment", Text.clean(signal.segment().get().toString()));
        }
        json.writeStringField("incident", incident);
        json.writeStringField("severity", signal.severity().name());
        json.writeNumberField("decision", signal.decision());
        json.writeStringField("onset", signal.onset().toString());
        json.writeNumberField("onset_decision", signal.onsetDecision());
        json.writeNumberField("statistic", signal.evidence().statistic());
        json.writeNumberField("threshold", signal.evidence().threshold());
        json.writeNumberField("baseline", signal.evidence().baseline());
        json.writeNumberField("current", signal.evidence().current());
        json.writeNumberField("sample_size", signal.evidence().sampleSize());
        Optional<Interval> interval = signal.evidence().interval();
        if (interval.isPresent()) {
            json.writeNumberField("current_low", interval.get().low());
            json.writeNumberField("current_high", interval.get().high());
            json.writeNumberField("level", interval.get().level());
        }
        json.writeStringField("sentence", Text.clean(signal.sentence()));
    }
}
