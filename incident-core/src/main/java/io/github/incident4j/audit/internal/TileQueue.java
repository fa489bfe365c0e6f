// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.TileSink;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tiles that have become full and are not written yet. They are written between two batches, not within one. When too
 * many wait, those that come are not kept, and are made anew from the log when tiles can be written again.
 */
final class TileQueue implements TileSink, Closeable {
    private static final int MAX = 4_096; // 32 MiB, a million records
    private static final int AT_ONCE = 64; // some milliseconds, for which records wait
    private static final int FULL = 256;
    private static final long NONE = -1;

    private final TileStore store;
    private final Leaves log;
    private final int max;
    private final Deque<Tile> tiles = new ArrayDeque<>();
    private long missing = NONE; // the first tile over records with which tiles are to be made anew
    private long ends; // how many tiles over records are full

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tile(int level, long index, byte[] hashes) {}

    TileQueue(TrailFiles files) {
        this(files, MAX);
    }

    TileQueue(TrailFiles files, int max) {
        this.store = files.tiles();
        this.log = new Leaves(files);
        this.max = max;
    }

    @Override
    public void full(int level, long index, byte[] tile) {
        boolean taken = false;
        try {
            if (missing == NONE && tiles.size() < max) {
                tiles.add(new Tile(level, index, tile));
                taken = true;
            }
        } finally {
            if (level == 0) {
                ends = index + 1;
            }
            if (!taken && missing == NONE) { // for want of memory, too
                missing = ((index + 1) << (8 * level)) - 1; // with which this one became full
            }
        }
    }

    /** Whether there are tiles to be written. */
    boolean isWaiting() {
        return !tiles.isEmpty() || isBehind();
    }

    /** Whether tiles are missing, so that nothing more can be attested before they are made anew. */
    boolean isBehind() {
        return missing != NONE;
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

    /**
     * Makes some of the missing tiles anew, when all that wait are written.
     *
     * @param forced how many records are on the disk
     * @throws IOException if that cannot be done now
     */
    void catchUp(long forced) throws IOException {
        for (int made = 0; missing != NONE && made < AT_ONCE && (missing + 1) * FULL <= forced; made++) {
            make(missing);
            missing = missing + 1 == ends ? NONE : missing + 1;
        }
        if (missing == NONE) {
            close();
        }
    }

    /** Makes a tile over records, and those that become full with it, unless they are there. */
    private void make(long index) throws IOException {
        if (store.find(0, index, FULL).length == 0) {
            store.write(0, index, log.tile(index));
        }
        long count = index + 1;
        for (int level = 1; count % FULL == 0; level++) {
            count /= FULL;
            if (store.find(level, count - 1, FULL).length == 0) {
                store.write(level, count - 1, Leaves.above(store, level, count - 1));
            }
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
