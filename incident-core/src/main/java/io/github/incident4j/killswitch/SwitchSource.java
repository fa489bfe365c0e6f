// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.io.IOException;

/**
 * Where switches come from beside the runtime's own store: a mounted ConfigMap, a flag service. The runtime reads it
 * four times a second on a thread of its own, and at once when the source says that something has changed; it keeps the
 * last known good state, also across restarts, when a read fails.
 *
 * <p>All calls but those of {@link #name} and {@link #watch} come from one thread, which is the source's own: whatever
 * hangs or throws there holds up neither the runtime's start and end nor other sources.
 */
public interface SwitchSource {

    /**
     * {@return the source's name, legal by {@link io.github.incident4j.model.Names}, unique within the runtime; always
     * the same, and at once}
     */
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
     * Is told whom to call when something may have changed; once, after the first {@link #read}. A hint that saves the
     * wait for the next read; sources that cannot tell leave it out. Called on a thread of its own, so that it may wait
     * there for what it tells of, also while {@link #close} is called; whether it returns or throws, the source is read
     * four times a second all the same.
     *
     * @param changed returns at once; may be called by any thread, also after {@link #close}
     */
    default void watch(Runnable changed) {}

    /**
     * Lets go of what {@link #watch} holds; the last call, if the runtime was opened at all, but for a {@link #watch}
     * that takes its time: that may begin or end later, and should let go at once. The runtime's end waits a second for
     * it, and goes on without it if it has not returned then, or the read before it has not.
     */
    default void close() {}
}
