// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.Proofs;
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

/**
 * When the newest records of segments happened, by their lines alone, and only where a signed checkpoint attests each
 * of these: the index beside them nobody has signed, and who has the directory can write lines with right checksums.
 * Used by one thread.
 */
final class AttestedTimes {
    private static final int TILE = SegmentIndex.BLOCK;

    private final TrailFiles files;
    private final Hashes hashes = new Hashes();
    private final Map<Path, Instant> known = new HashMap<>(); // of segments that were read and are written no more

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

    private Optional<Instant> read(Path segment, long next, Checkpoint attested) throws IOException {
        SegmentIndex.Scan scan = new SegmentIndex.Scan();
        long sequence = TrailFiles.firstSequenceOf(segment);
        byte[] tile = new byte[0];
        try (Lines lines = new Lines(segment)) {
            while (lines.next()) {
                int at = (int) (sequence % TILE) * Hashes.SIZE;
                if (tile.length == 0 || at == 0) {
                    tile = attestedTile(sequence / TILE, attested);
                }
                byte[] leaf = hashes.leaf(lines.array(), lines.start(), lines.length());
                if (sequence >= next || !Arrays.equals(leaf, 0, Hashes.SIZE, tile, at, at + Hashes.SIZE)) {
                    return Optional.empty();
                }
                scan.look(lines);
                sequence++;
            }
        } catch (NoSuchFileException e) {
            return Optional.empty(); // a tile is lost
        }
        return sequence < next
                ? Optional.empty()
                : Optional.of(scan.index(Files.size(segment)).latest());
    }

    /** The hashes of a tile; a proof for the first one takes in all others. */
    private byte[] attestedTile(long index, Checkpoint attested) throws IOException {
        long first = index * TILE;
        long size = attested.size();
        byte[] tile = files.tiles().tile(0, index, (int) Math.min(TILE, size - first));
        byte[] leaf = Arrays.copyOf(tile, Hashes.SIZE);
        Proofs proofs = new Proofs(size, files.tiles());
        return Proofs.verifyInclusion(first, size, leaf, proofs.inclusion(first), attested.root())
                ? tile
                : new byte[tile.length]; // the leaves of lost records, which no line has
    }
}
