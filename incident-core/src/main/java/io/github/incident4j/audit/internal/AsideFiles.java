// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that are too long for the log, each in a file of its own; the log has their digests in their places. Rare, so
 * that a force for each does not matter. Written by the journal thread only.
 */
final class AsideFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AsideFiles.class);

    /** How many bytes a line of the log has at most: an entry of C2SP tlog-tiles. */
    static final int MAX_LINE = 65_535;

    /** How long the lines are at most that lie aside, for those who must read one as a whole. */
    static final int MAX_ASIDE = 1 << 28;

    /** What is said of a line that lies aside, and is not to be had. */
    static final String LOST = "what was moved aside is missing, or not what the log commits to";

    private static final HexFormat HEX = HexFormat.of();

    private final TrailFiles files;
    private final NavigableMap<Long, byte[]> pending = new TreeMap<>();
    private long written = -1; // of these, up to here

    AsideFiles(TrailFiles files) {
        this.files = files;
    }

    /**
     * Takes a record's line, which is durable after the next {@link #force}; returns its SHA-256 in hex.
     *
     * @throws IOException if it is longer than anybody may read
     */
    String put(long sequence, byte[] line) throws IOException {
        if (line.length > MAX_ASIDE) {
            throw new IOException("a record of " + line.length + " bytes is too long; " + MAX_ASIDE + " is the limit");
        }
        pending.put(sequence, line);
        return digest(line);
    }

    /** Takes back the line of a record that has got no place in the log. */
    void takeBack(long sequence) {
        pending.remove(sequence);
    }

    /** Whether nothing waits to be forced. */
    boolean isEmpty() {
        return pending.tailMap(written, false).isEmpty();
    }

    static String digest(byte[] line) {
        return HEX.formatHex(Hashes.sha256().digest(line));
    }

    /**
     * Forces what was taken; to be done before the lines that name it are written. It is held until {@link #release}.
     *
     * @throws IOException if it cannot be written
     */
    void force() throws IOException {
        for (Map.Entry<Long, byte[]> next : pending.tailMap(written, false).entrySet()) {
            DurableFiles.createDirectories(DurableFiles.parentOf(files.aside(next.getKey())));
            DurableFiles.replace(files.aside(next.getKey()), next.getValue());
            written = next.getKey();
        }
    }

    /** After a failure: forces all of which the lines are written again, perhaps in an empty place. */
    void resume() throws IOException {
        written = -1;
        force();
    }

    /** The lines that name them are on the disk, too. */
    void release() {
        pending.clear();
    }

    /** Reads the line that one in the log stands for; null if it stands for none, or that one is not to be had. */
    static byte @Nullable [] read(TrailFiles files, byte[] bytes, int offset, int length) {
        String digest = LineFormat.asideOf(bytes, offset, length);
        if (digest == null) {
            return null;
        }
        Path file = files.aside(LineFormat.sequenceOf(bytes, offset, length));
        long expected = LineFormat.asideBytesOf(bytes, offset, length);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != expected || expected > MAX_ASIDE) {
                return null; // whatever lies there now, it is not read
            }
            byte[] line = Files.readAllBytes(file);
            return digest.equals(digest(line)) ? line : null;
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
            return null;
        }
    }
}
