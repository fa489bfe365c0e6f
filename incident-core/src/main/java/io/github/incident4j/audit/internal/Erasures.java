// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Which secrets were to be destroyed, as the trail tells. One that it has told of twice is one. */
final class Erasures {
    /** Written before, so that no crash leaves secrets destroyed of which the trail knows nothing. */
    static final String TYPE = "subject.erasing";

    /** Written afterwards: nobody finds these secrets any more, unless they are put back. */
    static final String DONE = "subject.erased";

    /** The member that names them. */
    static final String IDS = "ids";

    private static final byte[] QUOTED = (TYPE + '"').getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE_QUOTED = (DONE + '"').getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper = Json.mapper();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private long unnamed; // by older builds, which counted them only

    /** Looks at a line whose checksum holds. */
    void look(byte[] bytes, int offset, int length) throws IOException {
        boolean told = LineFormat.isOfType(bytes, offset, length, QUOTED);
        if (!told && !LineFormat.isOfType(bytes, offset, length, DONE_QUOTED)) {
            return;
        }
        JsonNode json = mapper.readTree(bytes, offset, length);
        for (JsonNode id : json.path(IDS)) {
            (told ? ids : done).add(id.asText());
        }
        unnamed += !told || json.has(IDS) ? 0 : json.path("secrets").asLong();
    }

    /** The secrets that were destroyed, as the trail calls them. */
    Set<String> done() {
        return done;
    }

    long secrets() {
        return unnamed + ids.size();
    }
}
