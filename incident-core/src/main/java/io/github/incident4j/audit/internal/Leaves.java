// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.TileSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes full tiles anew: the lowest ones from the lines of the log, the others from those below them. */
final class Leaves implements Closeable {
    private static final int FULL = 256;

    private final TrailFiles files;
    private final Lines.Opener opener;
    private final Hashes hashes = new Hashes();
    private final LineFormat format = new LineFormat();
    private @Nullable Lines lines;

    Leaves(TrailFiles files) {
        this(files, Lines::new);
    }

    Leaves(TrailFiles files, Lines.Opener opener) {
        this.files = files;
        this.opener = opener;
    }

    /**
     * The hashes of the lines of a tile.
     *
     * @param index which tile
     * @throws IOException if the log does not have all of these lines whole
     */
    byte[] tile(long index) throws IOException {
        byte[] leaves = new byte[FULL * Hashes.SIZE];
        for (int i = 0; i < FULL; i++) {
            Lines line = line(index * FULL + i);
            byte[] leaf = hashes.leaf(line.array(), line.start(), line.length());
            System.arraycopy(leaf, 0, leaves, i * Hashes.SIZE, Hashes.SIZE);
        }
        return leaves;
    }

    /** The roots of the tiles below one. */
    static byte[] above(TileSource below, int level, long index) throws IOException {
        Hashes hashes = new Hashes();
        byte[] roots = new byte[FULL * Hashes.SIZE];
        for (int i = 0; i < FULL; i++) {
            byte[] root = hashes.perfectRoot(below.tile(level - 1, index * FULL + i, FULL), 0, FULL);
            System.arraycopy(root, 0, roots, i * Hashes.SIZE, Hashes.SIZE);
        }
        return roots;
    }

    /** Goes on to the line of a record; from the segment's start where what was read before leads nowhere. */
    private Lines line(long sequence) throws IOException {
        for (boolean fresh = lines == null; ; fresh = true) {
            Lines present = lines == null ? open(sequence) : lines;
            lines = present;
            boolean before = true;
            while (before && present.next() && !present.isTorn()) {
                if (format.checksumHolds(present.array(), present.start(), present.length())) {
                    long found = LineFormat.sequenceOf(present.array(), present.start(), present.length());
                    before = found < sequence;
                    if (found == sequence) {
                        return present;
                    }
                }
            }
            close();
            if (fresh) {
                throw new NoSuchFileException(
                        files.segment(sequence).toString(),
                        null,
                        "record " + sequence + ", of which the tile is missing, is not in the log");
            }
        }
    }

    private Lines open(long sequence) throws IOException {
        Path segment = files.segment(sequence);
        for (Path each : files.segments()) {
            if (TrailFiles.firstSequenceOf(each) <= sequence) {
                segment = each;
            }
        }
        return opener.open(segment);
    }

    @Override
    public void close() throws IOException {
        Lines present = lines;
        lines = null;
        if (present != null) {
            present.close();
        }
    }
}
