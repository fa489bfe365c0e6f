// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal's records go. Used by the journal thread only. After an {@link IOException}, or an error in the
 * midst of writing, nothing is appended until {@link #resume} has succeeded.
 */
interface RecordLog extends Closeable {

    /**
     * Encodes an entry behind those that were appended before; it stays in memory until {@link #spill()} or
     * {@link #commit()}. Whatever this throws, such as an {@link OutOfMemoryError}, costs that entry and nothing else.
     *
     * @param entry what to append
     * @param epochNanos when it happened, on the wall clock
     * @return false if the entry could not be encoded and a substitute is recorded in its place
     */
    boolean append(TrailEntry entry, long epochNanos);

    /**
     * Writes when much waits in memory, and finishes a segment that is full.
     *
     * @throws IOException if it cannot be written; what was appended is held then
     */
    void spill() throws IOException;

    /**
     * Hands everything appended so far to the operating system.
     *
     * @throws IOException if it cannot be written; it is held then
     */
    void commit() throws IOException;

    /**
     * Forces everything appended so far to the disk.
     *
     * @throws IOException if that fails; what was not forced before is held then
     */
    void force() throws IOException;

    /** How many records are on the disk, counted from the first one ever; also for other threads. */
    long forcedRecords();

    /** How many bytes were appended and not forced yet. */
    int unforced();

    /** How many records were appended and not forced yet. */
    long unforcedRecords();

    /** Ends the log as it lies, without another look at its files, which are somebody else's. */
    void abandon();

    /**
     * Ends the log after a failure, with what is known to be on the disk: the rest may lie in memory only, where the
     * next opening would take it for records.
     *
     * @throws IOException if the rest cannot be taken out of it
     */
    void giveUp() throws IOException;

    /** Why the disk has no room for much more, if that is so. */
    @Nullable
    IOException shortage();

    /**
     * Goes on after a failure: in a new file, beginning with everything that was not forced.
     *
     * @throws IOException if it still cannot be written
     */
    void resume() throws IOException;

    /**
     * Looks for the secret of a subject in the segment that is being written, and destroys it, durably, if the trail
     * has told of that.
     *
     * @param erasing whom to forget
     * @return what was found and done
     * @throws IOException if it could not be destroyed
     */
    Erasing.Result erase(Erasing erasing) throws IOException;

    /** Finishes the segment if its first record is older than retention wants segments to become. */
    void rollIfOld(long epochNanos) throws IOException;

    /** Has it known that what was forced may be attested now, if that is due. */
    void attest(boolean now);
}
