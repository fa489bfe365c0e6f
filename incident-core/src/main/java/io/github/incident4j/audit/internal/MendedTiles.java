// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Checkpoint;
import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.Proofs;
import io.github.incident4j.audit.internal.merkle.TileSource;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tiles of a trail under one checkpoint. Full ones that are missing are made anew, and are kept when a proof up to
 * the signed root has taken them in. Those that only make the one above them are not kept: there may be thousands.
 */
final class MendedTiles implements TileSource {
    private static final int FULL = SegmentIndex.BLOCK;

    private final TrailFiles files;
    private final Checkpoint attested;
    private final Leaves log;
    private final Map<Place, byte[]> made = new LinkedHashMap<>(); // on the way up from the tile that is asked for
    private final Map<Place, NoSuchFileException> lost = new HashMap<>(); // so that it is tried once
    private long asked;

    private record Place(int level, long index) {}

    /**
     * Mends the tiles under a checkpoint.
     *
     * @param files the trail
     * @param attested the checkpoint
     * @param log makes the lowest tiles; whoever asks for them in their order has it read once
     */
    MendedTiles(TrailFiles files, Checkpoint attested, Leaves log) {
        this.files = files;
        this.attested = attested;
        this.log = log;
    }

    /**
     * The hashes of the records of a tile, as the checkpoint attests them.
     *
     * @param index which tile
     * @return the hashes; empty if the tiles that are there lead to another root
     * @throws IOException if a tile is missing and cannot be made anew
     */
    Optional<byte[]> attestedTile(long index) throws IOException {
        made.clear(); // what no proof has taken in
        asked = index;
        try {
            return proved(index);
        } catch (NoSuchFileException e) {
            made.keySet().forEach(place -> lost.put(place, e));
            throw e;
        }
    }

    private Optional<byte[]> proved(long index) throws IOException {
        long first = index * FULL;
        long size = attested.size();
        byte[] tile = tile(0, index, (int) Math.min(FULL, size - first));
        byte[] leaf = Arrays.copyOf(tile, Hashes.SIZE);
        if (Proofs.verifyInclusion(first, size, leaf, new Proofs(size, this).inclusion(first), attested.root())) {
            for (Map.Entry<Place, byte[]> each : made.entrySet()) { // a proof for the first hash takes in all others
                files.tiles().write(each.getKey().level(), each.getKey().index(), each.getValue());
            }
            return Optional.of(tile);
        }
        if (made.isEmpty()) {
            return Optional.empty();
        }
        throw new NoSuchFileException(
                made.keySet().toString(),
                null,
                "the log would make another tile " + index + " than the one that is missing");
    }

    @Override
    public byte[] tile(int level, long index, int width) throws IOException {
        if (((index + 1) * FULL) << (8 * level) > attested.size()) {
            return files.tiles().tile(level, index, width);
        }
        Place place = new Place(level, index);
        byte[] full = made.get(place);
        if (full == null) {
            full = files.tiles().find(level, index, FULL); // or some hashes of one made anew would be in no proof
        }
        if (full.length == 0) {
            full = make(place);
        }
        return Arrays.copyOf(full, width * Hashes.SIZE);
    }

    private byte[] make(Place place) throws IOException {
        NoSuchFileException before = lost.get(place);
        if (before != null) {
            throw before;
        }
        try {
            byte[] full =
                    place.level() == 0 ? log.tile(place.index()) : Leaves.above(this, place.level(), place.index());
            if (place.index() == asked >>> (8 * place.level())) {
                made.put(place, full);
            }
            return full;
        } catch (NoSuchFileException e) {
            lost.put(place, e);
            throw e;
        }
    }
}
