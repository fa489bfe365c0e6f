// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.Proofs;
import io.github.incident4j.audit.internal.merkle.TileSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tiles of a trail under one checkpoint. Full ones that are missing are made anew, and are kept when a proof up to
 * the signed root has taken them in.
 */
final class MendedTiles implements TileSource {
    private static final int FULL = SegmentIndex.BLOCK;

    private final TrailFiles files;
    private final Checkpoint attested;
    private final Map<Place, byte[]> made = new LinkedHashMap<>();

    private record Place(int level, long index) {}

    MendedTiles(TrailFiles files, Checkpoint attested) {
        this.files = files;
        this.attested = attested;
    }

    /**
     * The hashes of the records of a tile, as the checkpoint attests them.
     *
     * @param index which tile
     * @return the hashes; empty if the tiles lead to another root
     * @throws IOException if a tile is missing and cannot be made anew
     */
    Optional<byte[]> attestedTile(long index) throws IOException {
        made.clear(); // what no proof has taken in
        long first = index * FULL;
        long size = attested.size();
        byte[] tile = tile(0, index, (int) Math.min(FULL, size - first));
        byte[] leaf = Arrays.copyOf(tile, Hashes.SIZE);
        if (!Proofs.verifyInclusion(first, size, leaf, new Proofs(size, this).inclusion(first), attested.root())) {
            return Optional.empty();
        }
        for (Map.Entry<Place, byte[]> each : made.entrySet()) { // a proof for the first hash takes in all others
            files.tiles().write(each.getKey().level(), each.getKey().index(), each.getValue());
        }
        return Optional.of(tile);
    }

    @Override
    public byte[] tile(int level, long index, int width) throws IOException {
        if (((index + 1) * FULL) << (8 * level) > attested.size()) {
            return files.tiles().tile(level, index, width);
        }
        byte[] found = files.tiles().find(level, index, FULL); // or some hashes of one made anew would be in no proof
        if (found.length > 0) {
            return Arrays.copyOf(found, width * Hashes.SIZE);
        }
        Place place = new Place(level, index);
        byte[] full = made.get(place);
        if (full == null) {
            full = level == 0 ? leaves(index) : Leaves.above(this, level, index);
            made.put(place, full);
        }
        return Arrays.copyOf(full, width * Hashes.SIZE);
    }

    private byte[] leaves(long index) throws IOException {
        try (Leaves log = new Leaves(files)) {
            return log.tile(index);
        }
    }
}
