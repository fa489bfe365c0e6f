// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.model.TimeSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits a second for what looks wrong to be put right: editors write in steps, and files are replaced while they are
 * read. Guarded by who has it.
 */
final class Settling {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    private @Nullable String suspect;
    private long since;

    Settling(TimeSource time) {
        this.time = time;
    }

    /** Takes note of what looks wrong now; returns whether the same has looked wrong for a second. */
    boolean isSettled(String what) {
        long now = time.nanoTime();
        if (!what.equals(suspect)) {
            suspect = what;
            since = now;
        }
        return now - since >= LIMIT;
    }

    /** Nothing looks wrong now. */
    void clear() {
        suspect = null;
    }
}
