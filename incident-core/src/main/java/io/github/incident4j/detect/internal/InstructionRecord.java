// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Cause;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a person has told the detectors of a model.
 *
 * @param type {@link #MAINTENANCE} or {@link #RELEARN}
 * @param model the model
 * @param cause who, why and until when
 * @param nanoTime when, on the monotonic clock
 */
public record InstructionRecord(String type, String model, Cause cause, long nanoTime) implements TrailEntry {
    /** They are to be silent for a while. */
    public static final String MAINTENANCE = "detectors.maintenance";

    /** They are to learn their baselines anew. */
    public static final String RELEARN = "detectors.relearn";

    static final String UNTIL = "until";

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("model", Text.clean(model));
        Optional<Instant> until = cause.until();
        if (until.isPresent()) {
            json.writeStringField(UNTIL, until.get().toString());
        }
        json.writeStringField("by", Text.clean(cause.by()));
        json.writeStringField("because", Text.clean(cause.because()));
    }
}
