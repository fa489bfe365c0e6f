// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.TrailEntry;
import java.io.IOException;

/**
 * A mark in the trail. When it comes to the detector thread, the detectors have seen just what stands before it,
 * however the calls overlapped and whatever the clocks said; so it is the position of the states that are written then.
 *
 * @param id what the states name
 * @param nanoTime when it was set, on the monotonic clock
 */
public record MarkRecord(String id, long nanoTime) implements TrailEntry {
    static final String TYPE = "detector.mark";
    static final String ID = "mark";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField(ID, id);
    }
}
