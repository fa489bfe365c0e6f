// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Eventually {
    private static final long LIMIT_SECONDS = 60;
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

    private Eventually() {}

    /**
     * Looks until a condition holds. It pauses in between: who looks without one holds the locks of what it looks at
     * most of the time, and a processor, both of which the other thread needs.
     */
    public static void until(BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                throw new AssertionError("it has not come true for " + LIMIT_SECONDS + " seconds");
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
