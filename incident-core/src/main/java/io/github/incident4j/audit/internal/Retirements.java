// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Which records were dropped on purpose, as the records that follow say: a trail may begin behind them. */
final class Retirements {
    static final String TYPE = "trail.retired";

    private static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper = Json.mapper();
    private long through = -1;

    /** Looks at a line whose checksum holds. */
    void look(byte[] bytes, int offset, int length) throws IOException {
        if (LineFormat.isOfType(bytes, offset, length, QUOTED)) {
            JsonNode json = mapper.readTree(bytes, offset, length);
            through = Math.max(through, json.path("through").asLong(-1));
        }
    }

    /** Whether everything before a record was dropped on purpose. */
    boolean cover(long first) {
        return first <= through + 1;
    }
}
