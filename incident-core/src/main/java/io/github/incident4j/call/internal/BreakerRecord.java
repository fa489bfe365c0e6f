// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.Locale;

/**
 * The record of a circuit breaker's change of state.
 *
 * @param model the model
 * @param route its route
 * @param from the state before, in lower case
 * @param to the state since then, in lower case
 * @param reason why
 */
public record BreakerRecord(String model, String route, String from, String to, Reason reason, long nanoTime)
        implements TrailEntry {
    /** Why a breaker has changed its state. */
    public enum Reason {
        /** By what calls have shown. */
        RESULTS,
        /** A detector's signal has opened it. */
        DETECTOR,
        /** Its wait is over, so that calls may try the route. */
        WAITED,
        /** The calls that were to try the route have not shown anything in time. */
        PROBES_MISSING
    }

    /** {@return whether it lets no call through since then because of something that has shown on the route} */
    public boolean isOpening() {
        return to.equals("open") && reason != Reason.PROBES_MISSING;
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
        json.writeStringField("reason", reason.name().toLowerCase(Locale.ROOT));
    }
}
