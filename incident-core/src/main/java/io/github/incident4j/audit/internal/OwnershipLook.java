// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Looks about once a second whether the directory is still ours. Who cannot tell must stop at once: whoever has taken
 * it waits no longer than that before he writes. Used by the journal's thread only.
 */
final class OwnershipLook {
    private static final int MOST = 2; // one after another, each as long as it is good for

    private final Ownership ownership;
    private final LongSupplier ticker;
    private long last;
    private boolean ours = true;

    OwnershipLook(Ownership ownership, LongSupplier ticker) {
        this.ownership = ownership;
        this.ticker = ticker;
        this.last = ticker.getAsLong();
    }

    /** Looks if it is time, and again where the look itself took as long. */
    void lookIfDue() throws IOException {
        for (int looks = 0; ticker.getAsLong() - last >= Ownership.LOOK_NANOS; looks++) {
            if (looks == MOST) {
                throw new IOException("whose the directory is cannot be told quickly enough");
            }
            look();
        }
    }

    void look() throws IOException {
        last = ticker.getAsLong();
        ours = false;
        ownership.check();
        ours = true;
    }

    /** After a failure, of which the reason may be another directory in its place; until the next look. */
    void doubt() {
        ours = false;
    }

    /** Whether the directory is ours, as far as the last look could tell. */
    boolean isOurs() {
        return ours;
    }
}
