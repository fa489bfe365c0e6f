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
 * Takes the tiles of a tree that is made anew. Those that are there already stay; those that are not, or differ, are
 * written elsewhere and take their places when the tree turns out to be the one that was signed. Where it does not, the
 * old ones are evidence: they say which lines were others.
 */
final class TileCompare implements TileSink {
    private static final int FULL = SegmentIndex.BLOCK;
    private static final int MAX = 20;
    private static final byte[] LOST = new byte[Hashes.SIZE];

    private final TileStore store;
    private final TileStore remade;
    private final TileSink next;
    private final List<Difference> differences = new ArrayList<>();
    private boolean done;

    /** A line that had another hash. */
    record Difference(long sequence, String hash) {}

    /**
     * Creates a comparison; nothing is written yet.
     *
     * @param store the tiles that are there
     * @param remade where those that differ are kept meanwhile
     * @param next takes the tiles that become full when this is done
     */
    TileCompare(TileStore store, TileStore remade, TileSink next) {
        this.store = store;
        this.remade = remade;
        this.next = next;
    }

    @Override
    public void full(int level, long index, byte[] hashes) throws IOException {
        if (done) {
            next.full(level, index, hashes);
        } else if (!isThere(level, index, hashes)) {
            remade.write(level, index, hashes);
        }
    }

    /** Compares a tile of the lowest level that is not full. */
    void compare(long index, byte[] hashes) throws IOException {
        if (!done && hashes.length > 0) {
            isThere(0, index, hashes);
        }
    }

    private boolean isThere(int level, long index, byte[] hashes) throws IOException {
        byte[] stored = store.find(level, index, hashes.length / Hashes.SIZE);
        if (level == 0 && stored.length > 0) { // one that is lost says nothing
            note(index, hashes, stored);
        }
        return Arrays.equals(stored, hashes);
    }

    private void note(long index, byte[] hashes, byte[] stored) {
        for (int at = 0; at < hashes.length && differences.size() < MAX; at += Hashes.SIZE) {
            int end = at + Hashes.SIZE;
            if (!Arrays.equals(hashes, at, end, stored, at, end)
                    && !Arrays.equals(LOST, 0, Hashes.SIZE, stored, at, end)) {
                Difference difference = new Difference(
                        index * FULL + at / Hashes.SIZE, HexFormat.of().formatHex(stored, at, end));
                if (!differences.contains(difference)) {
                    differences.add(difference);
                }
            }
        }
    }

    /** The first lines that had other hashes. */
    List<Difference> differences() {
        return List.copyOf(differences);
    }

    /** The tree is the right one: what was made of it takes its place. */
    void adopt() throws IOException {
        done = true;
        remade.moveTo(store);
    }

    /** The tree is not the one that was signed: the old tiles stay as they are. */
    void discard() throws IOException {
        done = true;
        remade.delete();
    }
}
