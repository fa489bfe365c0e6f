// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.audit.internal.Json;
import io.github.incident4j.incident.Incident;
import java.time.DateTimeException;

/** Incidents as the trail holds them. */
public final class StoredIncidents {
    private static final ObjectMapper MAPPER = Json.mapper();

    private StoredIncidents() {}

    /**
     * Says whether a record holds an incident.
     *
     * @param record any record
     * @return whether it is one of an event in an incident
     */
    public static boolean isOne(TrailRecord record) {
        return record.type().startsWith(IncidentRecord.PREFIX);
    }

    /**
     * Writes an incident.
     *
     * @param incident the incident
     * @return it as the trail holds it
     */
    public static ObjectNode write(Incident incident) {
        return IncidentJson.write(incident);
    }

    /**
     * Reads an incident.
     *
     * @param record the record of an event in it
     * @return the incident as it stood after that
     * @throws IllegalStateException if it cannot be read, such as one of a later build
     */
    public static Incident read(TrailRecord record) {
        try {
            return IncidentJson.read(MAPPER.valueToTree(record.members().get("incident")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalStateException(
                    "record " + record.sequence() + " holds an incident that this build cannot read (" + e.getMessage()
                            + "); ask the build that wrote it, or a later one",
                    e);
        }
    }
}
