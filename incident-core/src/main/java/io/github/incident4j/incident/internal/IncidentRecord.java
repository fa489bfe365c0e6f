// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * The record of an event in an incident: {@code incident.opened}, {@code incident.containment} and so on. It holds the
 * whole incident, and where its response plan stands.
 */
record IncidentRecord(Incident incident, PlanState plan, Optional<Harm> harm, TimelineEntry entry, long nanoTime)
        implements TrailEntry {
    static final String PREFIX = "incident.";

    private static final ObjectMapper MAPPER = Json.mapper();

    @Override
    public String type() {
        return PREFIX + entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeFieldName("incident");
        MAPPER.writeTree(json, IncidentJson.write(incident));
        if (harm.isPresent()) {
            json.writeFieldName("harm");
            MAPPER.writeTree(json, IncidentJson.write(harm.get()));
        }
        if (!plan.equals(PlanState.NEW)) {
            json.writeFieldName("plan");
            MAPPER.writeTree(json, PlanJson.write(plan));
        }
    }
}
