// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;
import java.util.Set;

/**
 * The record of how far the detectors of a model had come when something was done about what they had found: it was
 * told, or they began anew against their baselines; or when other calls came to them. It names what they had seen last,
 * since others may stand before it in the trail that they had not seen yet. Without it a run after a crash would find
 * the same harm again, and undo what was done about it.
 *
 * @param type {@link #TOLD}, {@link #REARMED} or {@link #MIXED}
 * @param model the model
 * @param after the id of the decision that they had seen last, or of the mark if none came behind it, or of which
 *     decision the label was
 * @param diverted of which calls some are kept from the model since then; not for {@link #TOLD}
 * @param nanoTime when, on the monotonic clock
 */
public record SeenRecord(String type, String model, String after, Set<Diversion> diverted, long nanoTime)
        implements TrailEntry {
    /** All signals up to there were told. */
    public static final String TOLD = "detectors.told";

    /** All statistics have begun anew. */
    public static final String REARMED = "detectors.rearmed";

    /** Other calls come since then: what watches the mix of calls has begun anew. */
    public static final String MIXED = "detectors.mixed";

    /** All of them. */
    public static final Set<String> TYPES = Set.of(TOLD, REARMED, MIXED);

    static final String AFTER = "after";
    static final String DIVERTED = "diverted";

    /** Copies the set. */
    public SeenRecord {
        diverted = Set.copyOf(diverted);
    }

    /**
     * Reads a record back.
     *
     * @param type its type
     * @param json its members
     * @param nanoTime when it was written
     * @return the record
     */
    public static SeenRecord read(String type, JsonNode json, long nanoTime) {
        return new SeenRecord(
                type,
                json.path("model").asText(),
                json.path(AFTER).asText(),
                Diversion.read(json.path(DIVERTED)),
                nanoTime);
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", Text.clean(model));
        json.writeStringField(AFTER, after);
        if (!diverted.isEmpty()) {
            json.writeArrayFieldStart(DIVERTED);
            Diversion.write(json, diverted);
            json.writeEndArray();
        }
    }
}
