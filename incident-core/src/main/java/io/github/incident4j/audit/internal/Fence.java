// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;

/**
 * Lets writes to the trail through as long as its directory is ours. For those who write beside the journal's thread:
 * when the lock is given back none of them is in the midst of it, and none begins any more.
 */
final class Fence {
    private final Ownership ownership;
    private boolean shut;

    Fence(Ownership ownership) {
        this.ownership = ownership;
    }

    /** Changes some files, for no longer than a close of the trail may wait. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /**
     * Runs what writes.
     *
     * @throws TakenOverException if the directory is not ours any more; from then on always
     * @throws IOException if whose it is cannot be told now, or from what writes
     */
    synchronized void pass(Writing writing) throws IOException {
        if (shut) {
            throw new TakenOverException("the audit trail is closed, so that somebody else may have its directory");
        }
        ownership.check();
        writing.run();
    }

    /** Waits for a write that is under way, and lets no other one through. */
    synchronized void shut() {
        shut = true;
    }
}
