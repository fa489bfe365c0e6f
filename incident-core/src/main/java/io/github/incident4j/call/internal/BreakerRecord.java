// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;

/**
 * The record of a circuit breaker's change of state.
 *
 * @param model the model
 * @param route its route
 * @param from the state before, in lower case
 * @param to the state since then, in lower case
 */
public record BreakerRecord(String model, String route, String from, String to, long nanoTime) implements TrailEntry {
    /** {@return whether it lets no call through since then} */
    public boolean isOpening() {
        return to.equals("open");
    }

    @Override
    public String type() {
        return "breaker.changed";
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", model);
        json.writeStringField("route", route);
        json.writeStringField("from", from);
        json.writeStringField("to", to);
    }
}
