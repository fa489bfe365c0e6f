// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.internal.merkle.Hashes;
import io.github.incident4j.audit.internal.merkle.TileSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares tiles that are made anew with those that are there, before these are replaced: where the log turns out not
 * to be the one that was signed, that says which lines are others.
 */
final class TileCompare implements TileSink {
    private static final int FULL = SegmentIndex.BLOCK;
    private static final int MAX = 20;
    private static final byte[] LOST = new byte[Hashes.SIZE];

    private final TileStore store;
    private final TileSink next;
    private final List<Difference> differences = new ArrayList<>();
    private boolean done;

    /** A line that had another hash. */
    record Difference(long sequence, String hash) {}

    TileCompare(TileStore store, TileSink next) {
        this.store = store;
        this.next = next;
    }

    @Override
    public void full(int level, long index, byte[] hashes) throws IOException {
        if (level == 0) {
            compare(index, hashes);
        }
        next.full(level, index, hashes);
    }

    /** Compares a tile of the lowest level, full or not. */
    void compare(long index, byte[] hashes) {
        int width = hashes.length / Hashes.SIZE;
        if (done || width == 0) {
            return;
        }
        byte[] stored;
        try {
            stored = store.tile(0, index, width);
        } catch (IOException e) {
            return; // it is lost, so it says nothing
        }
        for (int i = 0; i < width && differences.size() < MAX; i++) {
            int at = i * Hashes.SIZE;
            if (!Arrays.equals(hashes, at, at + Hashes.SIZE, stored, at, at + Hashes.SIZE)
                    && !Arrays.equals(LOST, 0, Hashes.SIZE, stored, at, at + Hashes.SIZE)) {
                String hash = HexFormat.of().formatHex(stored, at, at + Hashes.SIZE);
                Difference difference = new Difference(index * FULL + i, hash);
                if (!differences.contains(difference)) {
                    differences.add(difference);
                }
            }
        }
    }

    /** Whether some line had another hash. */
    boolean isDifferent() {
        return !differences.isEmpty();
    }

    /** Compares no more; returns the first lines that had other hashes. */
    List<Difference> finish() {
        done = true;
        return List.copyOf(differences);
    }
}
