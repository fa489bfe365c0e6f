// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.TileSink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tiles that have become full and are not written yet. They are written between two batches, not within one. */
final class TileQueue implements TileSink {
    private static final int MAX = 4_096; // 32 MiB, a million records

    private final TileStore store;
    private final Deque<Tile> tiles = new ArrayDeque<>();
    private boolean behind; // some were dropped; they are made again when the trail is opened

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tile(int level, long index, byte[] hashes) {}

    TileQueue(TileStore store) {
        this.store = store;
    }

    @Override
    public void full(int level, long index, byte[] hashes) {
        boolean taken = false;
        try {
            if (tiles.size() < MAX) {
                tiles.add(new Tile(level, index, hashes));
                taken = true;
            }
        } finally {
            behind |= !taken; // for want of memory, too
        }
    }

    /** Whether tiles are missing, so that nothing more can be attested before the trail is opened again. */
    boolean isBehind() {
        return behind;
    }

    /**
     * Writes what waits.
     *
     * @throws IOException if that cannot be done now; what is not written goes on waiting
     */
    void flush() throws IOException {
        for (Tile tile = tiles.peek(); tile != null; tile = tiles.peek()) {
            store.write(tile.level(), tile.index(), tile.hashes());
            tiles.remove();
        }
    }
}
