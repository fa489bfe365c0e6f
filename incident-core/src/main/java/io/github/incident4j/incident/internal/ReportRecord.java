// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Report;
import java.io.IOException;

/** The record of what somebody told, and of the incident that it opened or joined. */
record ReportRecord(Report report, String incident, long nanoTime) implements TrailEntry {
    @Override
    public String type() {
        return "report";
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("source", report.source().name());
        json.writeStringField("incident", incident);
        json.writeStringField("sentence", Text.clean(report.sentence()));
        if (report.model().isPresent()) {
            json.writeStringField("model", Text.clean(report.model().get()));
        }
        json.writeStringField("type_of_harm", report.type().name());
        json.writeStringField("severity", report.severity().name());
        if (report.segment().isPresent()) {
            json.writeStringField("segment", Text.clean(report.segment().get().toString()));
        }
        if (report.since().isPresent()) {
            json.writeStringField("since", report.since().get().toString());
        }
        if (report.decision().isPresent()) {
            json.writeStringField("decision", Text.clean(report.decision().get()));
        }
    }
}
