// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing Merkle tree that remembers no more than the tile on each level that is not full yet (C2SP tlog-tiles,
 * height 8): some kilobytes for any number of leaves. Used by one thread.
 */
public final class MerkleTree {
    private static final int HEIGHT = 8;
    private static final int FULL = 1 << HEIGHT;
    private static final byte[][] NONE = {};

    private final TileSink sink;
    private final Hashes hashes = new Hashes();
    private final List<byte[]> partials = new ArrayList<>(); // for each level, 256 hashes of room
    private long size;

    /**
     * Creates a tree without leaves.
     *
     * @param sink takes the tiles that become full
     */
    public MerkleTree(TileSink sink) {
        this.sink = sink;
    }

    /**
     * Takes a tree up again.
     *
     * @param size how many leaves it has
     * @param source its tiles
     * @param sink takes the tiles that become full from now on
     * @return the tree
     * @throws IOException if a tile cannot be read
     */
    public static MerkleTree restore(long size, TileSource source, TileSink sink) throws IOException {
        MerkleTree tree = new MerkleTree(sink);
        tree.size = size;
        for (long count = size; count > 0; count >>>= HEIGHT) {
            byte[] partial = new byte[FULL * Hashes.SIZE];
            int width = (int) (count % FULL);
            if (width > 0) {
                byte[] stored = source.tile(tree.partials.size(), count / FULL, width);
                System.arraycopy(stored, 0, partial, 0, width * Hashes.SIZE);
            }
            tree.partials.add(partial);
        }
        return tree;
    }

    /** {@return how many leaves the tree has} */
    public long size() {
        return size;
    }

    /** {@return on how many levels there are tiles} */
    public int levels() {
        return partials.size();
    }

    /**
     * The tile of a level that is not full yet.
     *
     * @param level the level
     * @return a copy of its hashes, 0 to 255 of them
     */
    public byte[] partial(int level) {
        return Arrays.copyOf(partials.get(level), width(level) * Hashes.SIZE);
    }

    private int width(int level) {
        return (int) ((size >>> (HEIGHT * level)) % FULL);
    }

    /**
     * Appends a leaf. When there is no memory for it the tree stays as it was.
     *
     * @param leafHash its {@linkplain Hashes#leaf hash}
     * @throws IOException if the sink throws it; the leaf is appended all the same, as after anything that it throws
     */
    public void append(byte[] leafHash) throws IOException {
        byte[] hash = leafHash;
        long index = size; // of the hash within its level
        int full = 0; // levels, of which the tile becomes full
        while (place(hash, full, (int) (index % FULL))) {
            hash = hashes.perfectRoot(partials.get(full++), 0, FULL);
            index /= FULL;
        }
        byte[][] tiles = full == 0 ? NONE : new byte[full][FULL * Hashes.SIZE];
        for (int level = 0; level < full; level++) {
            tiles[level] = partials.set(level, tiles[level]);
        }
        index = size++; // what was done before is undone by not counting it
        for (int level = 0; level < full; level++) {
            index /= FULL;
            sink.full(level, index, tiles[level]);
        }
    }

    /** Writes a hash behind those that count; returns whether it is the last one that its tile has room for. */
    private boolean place(byte[] hash, int level, int at) {
        if (level == partials.size()) {
            partials.add(new byte[FULL * Hashes.SIZE]);
        }
        System.arraycopy(hash, 0, partials.get(level), at * Hashes.SIZE, Hashes.SIZE);
        return at == FULL - 1;
    }

    /** {@return the root over all leaves (RFC 6962, section 2.1)} */
    public byte[] root() {
        byte[] root = null;
        for (int level = 0; level < partials.size(); level++) {
            byte[] tile = partials.get(level);
            int width = width(level);
            // The perfect subtrees of a tile, the smallest, which is the rightmost, first.
            int end = width;
            for (int bit = 1; bit < FULL; bit <<= 1) {
                if ((width & bit) != 0) {
                    end -= bit;
                    byte[] subtree = hashes.perfectRoot(tile, end * Hashes.SIZE, bit);
                    root = root == null ? subtree : hashes.node(subtree, root);
                }
            }
        }
        return root == null ? hashes.empty() : root;
    }
}
