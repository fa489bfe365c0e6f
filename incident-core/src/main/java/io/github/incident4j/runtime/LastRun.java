// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.Text;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out from the trail whether the run before has recorded its end. If not, its process has crashed, or its disk
 * took nothing any more: then its last records are missing, and nobody has counted them in a {@code trail.gap}.
 */
final class LastRun {
    private static final Logger LOG = LoggerFactory.getLogger(LastRun.class);

    private @Nullable String runtime; // null if none is open
    private Instant opened = Instant.EPOCH;
    private Instant lastSeen = Instant.EPOCH;

    /**
     * A run without an end.
     *
     * @param runtime its id
     * @param opened when it was opened
     * @param lastSeen when the last of its records, of those that are no decisions, was made
     */
    record Unclosed(String runtime, Instant opened, Instant lastSeen) {}

    void replay(StoredRecord stored) {
        lastSeen = stored.time();
        if (stored.type().equals("runtime.opened")) {
            runtime = Text.clean(stored.json().path("runtime").asText());
            opened = stored.time();
        } else if (stored.type().equals("runtime.closed")) {
            runtime = null;
        }
    }

    @Nullable
    Unclosed unclosed() {
        String open = runtime;
        if (open == null) {
            return null;
        }
        LOG.warn(
                "the run of the audit trail that was opened at {} has not recorded its end: its process crashed, or its"
                        + " disk took nothing any more. What its guards' durability allows to be lost may be missing",
                opened);
        return new Unclosed(open, opened, lastSeen);
    }
}
