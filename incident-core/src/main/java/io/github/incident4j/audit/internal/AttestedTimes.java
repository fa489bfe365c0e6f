// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the newest records of segments happened, by their lines alone, and only where a signed checkpoint attests each
 * of these: the index beside them nobody has signed, and who has the directory can write lines with right checksums.
 * Used by one thread.
 */
final class AttestedTimes {
    private static final int TILE = SegmentIndex.BLOCK;
    private static final byte[] NONE = new byte[0];
    private static final byte[] LOST = new byte[TILE * Hashes.SIZE];

    private final TrailFiles files;
    private final Hashes hashes = new Hashes();
    private final Map<Path, Instant> known = new HashMap<>(); // of segments that were read and are written no more
    private @Nullable String lost; // a tile

    AttestedTimes(TrailFiles files) {
        this.files = files;
    }

    /**
     * When the newest record of a segment happened.
     *
     * @param segment a segment that is not written any more
     * @param next the number of the first record behind it
     * @param attested a checkpoint whose signature is known to hold
     * @return the time, {@link Instant#MIN} where there are no records; empty where a line is not attested
     */
    Optional<Instant> newest(Path segment, long next, Checkpoint attested) throws IOException {
        Instant before = known.get(segment);
        if (before != null || next > attested.size()) {
            return Optional.ofNullable(before);
        }
        Optional<Instant> newest = read(segment, next, attested);
        newest.ifPresent(time -> known.put(segment, time));
        return newest;
    }

    /** Whether all lines of a segment were found to be attested. */
    boolean isAttested(Path segment) {
        return known.containsKey(segment);
    }

    /** Forgets the segments that are gone. */
    void keep(Collection<Path> segments) {
        known.keySet().retainAll(segments);
    }

    /** A tile that is missing and cannot be made anew, if there is one. */
    Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    /** Makes the tiles over some records anew that are missing, as far as the log has what they say. */
    void mend(long from, long until, Checkpoint attested) throws IOException {
        try (Leaves log = new Leaves(files)) {
            MendedTiles tiles = new MendedTiles(files, attested, log);
            for (long index = from / TILE; index * TILE < until; index++) {
                int width = (int) Math.min(TILE, attested.size() - index * TILE);
                if (files.tiles().find(0, index, width).length == 0) {
                    attestedTile(tiles, index);
                }
            }
        }
    }

    /**
     * When the newest of those records of a segment happened that a checkpoint attests; whatever else stands in it.
     *
     * @param segment a segment, which may be written further
     * @param attested a checkpoint whose signature is known to hold
     * @return the time; empty where it attests none of them
     */
    Optional<Instant> newestOf(Path segment, Checkpoint attested) throws IOException {
        SegmentIndex.Scan scan = new SegmentIndex.Scan();
        long present = -1;
        byte[] tile = NONE;
        try (Lines lines = new Lines(segment);
                Leaves log = new Leaves(files)) {
            MendedTiles tiles = new MendedTiles(files, attested, log);
            while (lines.next()) {
                long sequence = LineFormat.sequenceOf(lines.array(), lines.start(), lines.length());
                if (sequence < 0 || sequence >= attested.size()) {
                    continue;
                }
                if (sequence / TILE != present) {
                    present = sequence / TILE;
                    tile = attestedTile(tiles, present);
                }
                if (isIn(tile, sequence, lines)) {
                    scan.look(lines);
                }
            }
        }
        return scan.index(0).blocks().stream().map(SegmentIndex.Block::latest).max(Instant::compareTo);
    }

    private Optional<Instant> read(Path segment, long next, Checkpoint attested) throws IOException {
        SegmentIndex.Scan scan = new SegmentIndex.Scan();
        long sequence = TrailFiles.firstSequenceOf(segment);
        byte[] tile = NONE;
        try (Lines lines = new Lines(segment);
                Leaves log = new Leaves(files)) {
            MendedTiles tiles = new MendedTiles(files, attested, log);
            while (lines.next()) {
                if (tile.length == 0 || sequence % TILE == 0) {
                    tile = attestedTile(tiles, sequence / TILE);
                }
                if (sequence >= next || !isIn(tile, sequence, lines)) {
                    return Optional.empty();
                }
                scan.look(lines);
                sequence++;
            }
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it has been dropped
        }
        return sequence < next
                ? Optional.empty()
                : Optional.of(scan.index(Files.size(segment)).latest());
    }

    private boolean isIn(byte[] tile, long sequence, Lines lines) {
        int at = (int) (sequence % TILE) * Hashes.SIZE;
        byte[] leaf = hashes.leaf(lines.array(), lines.start(), lines.length());
        return at + Hashes.SIZE <= tile.length && Arrays.equals(leaf, 0, Hashes.SIZE, tile, at, at + Hashes.SIZE);
    }

    /** The hashes of a tile; those of lost records, which no line has, where they are not attested. */
    private byte[] attestedTile(MendedTiles tiles, long index) throws IOException {
        try {
            return tiles.attestedTile(index).orElse(LOST);
        } catch (NoSuchFileException e) {
            lost = e.getReason() == null ? e.getMessage() : e.getReason();
            return LOST;
        }
    }
}
