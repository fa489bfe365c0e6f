// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;

/**
 * Where the journal's records go. Used by the journal thread only. After an {@link IOException} the log is finished: it
 * is closed, and a new one is opened over the same files.
 */
interface RecordLog extends Closeable {

    /** {@return the sequence number that the next record gets} */
    long nextSequence();

    /**
     * Encodes an entry behind those that were appended before; it may stay in memory until {@link #commit()}.
     *
     * @param entry what to append
     * @param epochNanos when it happened, on the wall clock
     * @throws IOException if the log cannot be written; never because of the entry
     */
    void append(TrailEntry entry, long epochNanos) throws IOException;

    /**
     * Hands everything appended so far to the operating system.
     *
     * @throws IOException if it cannot be written
     */
    void commit() throws IOException;

    /**
     * Forces everything committed so far to the disk.
     *
     * @throws IOException if that fails
     */
    void force() throws IOException;
}
