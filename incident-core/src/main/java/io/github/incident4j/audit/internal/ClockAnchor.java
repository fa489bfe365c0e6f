// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Tells the wall clock's time of what happened at a reading of the monotonic one. Used by the journal's thread only.
 */
final class ClockAnchor {
    private static final long MAX_SKEW = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_READINGS = 3;

    private final TimeSource time;
    private long tick;
    private long epochNanos;

    ClockAnchor(TimeSource time) {
        this.time = time;
    }

    /** Reads both clocks as at one moment: again when the thread paused, or a replay's clock was turned, in between. */
    void read() {
        Instant now;
        int readings = 0;
        do {
            tick = time.nanoTime();
            now = time.instant();
        } while (time.nanoTime() - tick > MAX_SKEW && ++readings < MAX_READINGS);
        epochNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** The monotonic clock's last reading. */
    long tick() {
        return tick;
    }

    /** The wall clock's last reading. */
    long epochNanos() {
        return epochNanos;
    }

    long epochNanosAt(long nanoTime) {
        return epochNanos + (nanoTime - tick);
    }
}
