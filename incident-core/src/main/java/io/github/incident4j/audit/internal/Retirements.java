// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Which records were dropped on purpose, as the records that follow say: a trail may begin behind them. What was to go
 * and stays after all is taken back by a later record.
 */
final class Retirements {
    static final String TYPE = "trail.retired";

    static final String KEPT = "trail.kept";

    private static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEPT_QUOTED = (KEPT + '"').getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper = Json.mapper();
    private long through = -1;

    /** Looks at a line whose checksum holds. */
    void look(byte[] bytes, int offset, int length) throws IOException {
        if (LineFormat.isOfType(bytes, offset, length, QUOTED)) {
            take(TYPE, mapper.readTree(bytes, offset, length));
        } else if (LineFormat.isOfType(bytes, offset, length, KEPT_QUOTED)) {
            take(KEPT, mapper.readTree(bytes, offset, length));
        }
    }

    /** Takes a record of any type. */
    void take(String type, JsonNode json) {
        if (type.equals(TYPE)) {
            through = Math.max(through, json.path("through").asLong(-1));
        } else if (type.equals(KEPT)) {
            through = Math.min(through, json.path("from").asLong(Long.MAX_VALUE) - 1);
        }
    }

    /** The last record that was dropped; -1 if none was. */
    long through() {
        return through;
    }

    /** Whether everything before a record was dropped on purpose. */
    boolean cover(long first) {
        return first <= through + 1;
    }
}
