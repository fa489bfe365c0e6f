// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.TrailReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Reads the audit trail under a runtime's directory. It opens files for reading only and needs no running runtime.
 *
 * <h2>Audit guarantees</h2>
 *
 * <ul>
 *   <li>Order is total: {@code seq} counts from 0 without gaps.
 *   <li>A record that was changed, removed or moved is found by {@link #verify()}: each line carries its CRC-32C and
 *       the SHA-256 of the line before it.
 *   <li>Not found by the chain alone: the removal of the newest lines, and a forger who rewrites every line after the
 *       one that he changed. Both need a copy of a newer hash that the forger cannot reach.
 * </ul>
 *
 * <p>Instances are immutable and safe for use by several threads.
 */
public final class AuditTrail {
    private final TrailReader reader;
    private final Path directory;

    private AuditTrail(Path directory) {
        this.directory = directory;
        this.reader = new TrailReader(directory.resolve("trail"));
    }

    /**
     * The trail under a runtime's directory. Nothing is read yet; a directory without a trail has no records.
     *
     * @param directory the directory that the runtime was given
     * @return the trail
     */
    public static AuditTrail in(Path directory) {
        return new AuditTrail(directory);
    }

    /** {@return the runtime's directory} */
    public Path directory() {
        return directory;
    }

    /**
     * The records, oldest first, read as the stream is consumed. A torn last line that is still being written is not
     * part of it. Close the stream.
     *
     * @return the records
     * @throws UncheckedIOException if a file cannot be read, also while the stream is consumed
     */
    public Stream<TrailRecord> records() {
        return reader.records();
    }

    /**
     * Reads the whole trail again and checks every line: its checksum, its sequence number and its link to the line
     * before it.
     *
     * @return how much is intact, and the first fault
     * @throws UncheckedIOException if a file cannot be read
     */
    public Verification verify() {
        return reader.verify();
    }
}
