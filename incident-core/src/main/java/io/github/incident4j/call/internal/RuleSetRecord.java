// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Cause;
import java.io.IOException;
import java.util.Locale;

/**
 * The record of an exchange of a guardrail's rules.
 *
 * @param model the guarded model
 * @param guardrail the guardrail
 * @param what what was done
 * @param from the version before
 * @param to the version after it
 * @param cause who has done it and why
 */
record RuleSetRecord(String model, String guardrail, What what, String from, String to, Cause cause, long nanoTime)
        implements TrailEntry {
    static final String PREFIX = "guardrail.";

    /** What was done. */
    enum What {
        /** The host's own rules were replaced. */
        REPLACED,
        /** Known rules stand in for the host's own. */
        USED,
        /** The host's own rules are in force again. */
        LIFTED
    }

    @Override
    public String type() {
        return PREFIX + what.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", model);
        json.writeStringField("guardrail", guardrail);
        json.writeStringField("from", from);
        json.writeStringField("to", to);
        json.writeStringField("by", Text.clean(cause.by()));
        json.writeStringField("because", Text.clean(cause.because()));
    }
}
