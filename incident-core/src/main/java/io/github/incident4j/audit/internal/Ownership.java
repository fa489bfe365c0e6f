// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;

/** Whether a directory is still its writer's own: a lock file can be removed, and another process can take it then. */
@FunctionalInterface
public interface Ownership {
    /** After how many nanoseconds the holder looks again at the latest, if its thread runs and the disk answers. */
    long LOOK_NANOS = 1_000_000_000L;

    /** Of a directory that nobody else can know. */
    Ownership UNDISPUTED = () -> {};

    /**
     * Looks again. Called by the journal's thread about once a second, and by any other before it writes; reads a
     * file's attributes and some bytes.
     *
     * @throws TakenOverException if somebody else has taken the directory; from then on always
     * @throws IOException if that cannot be told now; who is not sure must neither write nor acknowledge
     */
    void check() throws IOException;
}
