// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A part of the trail that was moved to {@code trail/broken}.
 *
 * @param segment the file that it was a part of
 * @param part what was moved
 * @param nanoTime when
 */
record SetAside(String segment, Broken.Part part, long nanoTime) implements TrailEntry {
    static final String TYPE = "trail.recovery";
    static final String MOVED_TO = "moved_to";
    static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("segment", segment);
        json.writeStringField(MOVED_TO, TrailFiles.nameOf(part.to()));
        json.writeNumberField("bytes", part.bytes());
        json.writeStringField("sha256", part.sha256());
    }
}
