// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What opening a trail found to be rotten, removed or forged. It is signed with the records that follow, so that nobody
 * can take it back: {@code verify} reports it as a fault for as long as it stands in the log.
 *
 * @param segment the file that is damaged
 * @param fault what is wrong with it
 * @param disowned how many records, from the first on, are attested no more since then; 0 where that costs none
 * @param nanoTime when it was found
 */
public record TrailDamage(String segment, String fault, long disowned, long nanoTime) implements TrailEntry {
    static final String TYPE = "trail.damage";
    static final String DISOWNED = "disowned";
    static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);

    TrailDamage(String segment, String fault, long nanoTime) {
        this(segment, fault, 0, nanoTime);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("segment", segment);
        json.writeStringField("fault", Text.clean(fault));
        if (disowned > 0) {
            json.writeNumberField(DISOWNED, disowned);
        }
    }
}
