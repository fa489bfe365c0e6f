// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Segment;
import java.io.IOException;
import java.util.Optional;

/**
 * The record that the detectors of a model have begun anew against their baselines, as what they had seen was dealt
 * with. Without it a run after a crash would find the same harm again, and undo what was done since.
 *
 * @param model the model
 * @param diverted the segment whose calls the model no longer answers, if there is one
 * @param nanoTime when, on the monotonic clock
 */
public record RearmedRecord(String model, Optional<Segment> diverted, long nanoTime) implements TrailEntry {
    /** The type. */
    public static final String TYPE = "detectors.rearmed";

    /** The member that holds the segment. */
    public static final String DIVERTED = "diverted";

    /** The member that holds the attribute of the segment. */
    public static final String ATTRIBUTE = "attribute";

    /** The member that holds the value of the segment. */
    public static final String VALUE = "value";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", Text.clean(model));
        if (diverted.isPresent()) {
            json.writeObjectFieldStart(DIVERTED);
            json.writeStringField(ATTRIBUTE, Text.clean(diverted.get().attribute()));
            json.writeStringField(VALUE, Text.clean(diverted.get().value()));
            json.writeEndObject();
        }
    }
}
