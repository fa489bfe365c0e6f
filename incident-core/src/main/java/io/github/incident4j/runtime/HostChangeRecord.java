// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Cause;
import java.io.IOException;
import java.time.Instant;

/** The record of a change that the host has told, such as a deployment. */
record HostChangeRecord(String what, Instant at, Cause cause, long nanoTime) implements TrailEntry {
    static final String TYPE = "host.change";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("what", Text.clean(what));
        json.writeStringField("at", at.toString());
        json.writeStringField("by", Text.clean(cause.by()));
        json.writeStringField("because", Text.clean(cause.because()));
    }
}
