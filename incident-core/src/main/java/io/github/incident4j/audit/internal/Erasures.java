// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How many secrets were to be destroyed, as the trail tells. */
final class Erasures {
    /** Written before, so that no crash leaves secrets destroyed of which the trail knows nothing. */
    static final String TYPE = "subject.erasing";

    private static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper = Json.mapper();
    private long secrets;

    /** Looks at a line whose checksum holds. */
    void look(byte[] bytes, int offset, int length) throws IOException {
        if (LineFormat.isOfType(bytes, offset, length, QUOTED)) {
            secrets += mapper.readTree(bytes, offset, length).path("secrets").asLong();
        }
    }

    long secrets() {
        return secrets;
    }
}
