// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.io.IOException;

/**
 * Where switches come from beside the runtime's own store: a mounted ConfigMap, a flag service. The runtime reads it
 * four times a second on a thread of its own, and at once when the source says that something has changed; it keeps the
 * last known good state, also across restarts, when a read fails.
 *
 * <p>Implementations are used by one thread at a time.
 */
public interface SwitchSource {

    /** {@return the source's name, legal by {@link io.github.incident4j.model.Names}, unique within the runtime} */
    String name();

    /**
     * Reads all switches of the source.
     *
     * @return the whole state, parsed to its end
     * @throws CorruptSwitchesException if what the source holds is no valid state
     * @throws IOException if the source cannot be read now; the last known good state stays
     */
    SwitchSnapshot read() throws IOException;

    /**
     * Is told whom to call when something may have changed. A hint that saves the wait for the next read; sources that
     * cannot tell leave it out.
     *
     * @param changed returns at once; may be called by any thread
     */
    default void watch(Runnable changed) {}

    /** Lets go of what {@link #watch} holds. */
    default void close() {}
}
