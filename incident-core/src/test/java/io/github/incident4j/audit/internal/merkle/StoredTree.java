// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A tree with its tiles in memory. */
final class StoredTree implements TileSource {
    private final Map<String, byte[]> full = new HashMap<>();
    private final Hashes hashes = new Hashes();
    private MerkleTree tree = new MerkleTree(this::keep);

    private void keep(int level, long index, byte[] tile) {
        full.put(TilePath.of(level, index, 256), tile.clone());
    }

    void append(byte[] leaf) throws IOException {
        tree.append(hashes.leaf(leaf, 0, leaf.length));
    }

    byte[] root() {
        return tree.root();
    }

    long size() {
        return tree.size();
    }

    int levels() {
        return tree.levels();
    }

    int partial(int level) {
        return tree.partial(level).length / Hashes.SIZE;
    }

    long full(int level) {
        return full.keySet().stream()
                .filter(path -> path.startsWith("tile/" + level + "/"))
                .count();
    }

    Proofs proofs() {
        return new Proofs(tree.size(), this);
    }

    /** Goes on with a tree that was taken up from the tiles. */
    void restore() throws IOException {
        tree = MerkleTree.restore(tree.size(), this, this::keep);
    }

    @Override
    public byte[] tile(int level, long index, int width) throws IOException {
        byte[] stored = full.get(TilePath.of(level, index, 256));
        byte[] tile = stored == null ? tree.partial(level) : stored;
        if (tile.length < width * Hashes.SIZE) {
            throw new IOException("no tile " + TilePath.of(level, index, width));
        }
        return Arrays.copyOf(tile, width * Hashes.SIZE);
    }
}
