// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Cause;
import java.io.IOException;

/**
 * The record of a person's approval of a containment.
 *
 * @param incident the incident's id
 * @param proposal the number under which it was proposed; 0 if none waited
 * @param cause who approves it and why
 */
public record ApprovalRecord(String incident, int proposal, Cause cause, long nanoTime) implements TrailEntry {
    /** The type of the record. */
    static final String TYPE = "containment.approved";

    @Override
    public String type() {
        return TYPE;
    }

    /** An approval of an earlier run. */
    static ApprovalRecord read(StoredRecord stored) {
        JsonNode json = stored.json();
        return new ApprovalRecord(
                json.path("incident").asText(),
                json.path("proposal").asInt(),
                Cause.by(json.path("by").asText()).because(json.path("because").asText()),
                0);
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("incident", Text.clean(incident));
        json.writeNumberField("proposal", proposal);
        json.writeStringField("by", Text.clean(cause.by()));
        json.writeStringField("because", Text.clean(cause.because()));
    }
}
