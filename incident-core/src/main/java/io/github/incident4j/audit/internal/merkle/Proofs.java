// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Proofs over a tree of which the tiles are stored, and their verification, which needs nothing but the proof (RFC
 * 6962, section 2.1; the verification as RFC 9162, sections 2.1.3.2 and 2.1.4.2, writes it down).
 */
public final class Proofs {
    private static final int HEIGHT = 8;
    private static final int FULL = 1 << HEIGHT;

    private final TileSource source;
    private final long size;
    private final Hashes hashes = new Hashes();

    /**
     * Proofs over a tree.
     *
     * @param size how many leaves the tree has
     * @param source its tiles
     */
    public Proofs(long size, TileSource source) {
        this.size = size;
        this.source = source;
    }

    /**
     * The root.
     *
     * @return the root over all leaves
     * @throws IOException if a tile cannot be read
     */
    public byte[] root() throws IOException {
        return size == 0 ? hashes.empty() : range(0, size);
    }

    /**
     * Proves that a leaf is in the tree.
     *
     * @param index the leaf's index
     * @return the hashes of the proof, from the leaf up
     * @throws IOException if a tile cannot be read
     * @throws IllegalArgumentException if there is no such leaf
     */
    public List<byte[]> inclusion(long index) throws IOException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("there is no leaf " + index + " in a tree of " + size);
        }
        List<byte[]> proof = new ArrayList<>();
        path(index, 0, size, proof);
        return proof;
    }

    /** PATH(m, D[n]) of RFC 6962, section 2.1.1. */
    private void path(long index, long start, long end, List<byte[]> proof) throws IOException {
        if (end - start == 1) {
            return;
        }
        long middle = start + largestPowerBelow(end - start);
        if (index < middle) {
            path(index, start, middle, proof);
            proof.add(range(middle, end));
        } else {
            path(index, middle, end, proof);
            proof.add(range(start, middle));
        }
    }

    /**
     * Proves that the tree of an earlier size is its beginning.
     *
     * @param before the earlier size, 1 or more
     * @return the hashes of the proof; none if both sizes are the same
     * @throws IOException if a tile cannot be read
     * @throws IllegalArgumentException if the earlier size is not one
     */
    public List<byte[]> consistency(long before) throws IOException {
        if (before < 1 || before > size) {
            throw new IllegalArgumentException("a tree of " + size + " has no beginning of size " + before);
        }
        List<byte[]> proof = new ArrayList<>();
        subproof(before, 0, size, true, proof);
        return proof;
    }

    /** SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2. */
    private void subproof(long before, long start, long end, boolean whole, List<byte[]> proof) throws IOException {
        if (before == end) {
            if (!whole) {
                proof.add(range(start, end));
            }
            return;
        }
        long middle = start + largestPowerBelow(end - start);
        if (before <= middle) {
            subproof(before, start, middle, whole, proof);
            proof.add(range(middle, end));
        } else {
            subproof(before, middle, end, false, proof);
            proof.add(range(start, middle));
        }
    }

    private static long largestPowerBelow(long n) {
        return Long.highestOneBit(n - 1);
    }

    /** The root over a range whose start is a multiple of the largest power of two that it holds. */
    private byte[] range(long start, long end) throws IOException {
        long count = end - start;
        if (Long.bitCount(count) > 1) {
            long middle = start + largestPowerBelow(count);
            byte[] left = range(start, middle);
            return hashes.node(left, range(middle, end));
        }
        // A perfect subtree: it lies in one tile, as a row of hashes of the highest level that holds it.
        int level = Long.numberOfTrailingZeros(count) / HEIGHT;
        long first = start >>> (HEIGHT * level);
        int width = (int) (count >>> (HEIGHT * level));
        int at = (int) (first % FULL);
        byte[] tile = source.tile(level, first / FULL, at + width);
        return hashes.perfectRoot(tile, at * Hashes.SIZE, width);
    }

    // ---- verification -----------------------------------------------------------------------------------------

    /**
     * Checks that a leaf is in a tree.
     *
     * @param index the leaf's index
     * @param size the tree's size
     * @param leafHash the leaf's hash
     * @param proof the hashes of the proof
     * @param root the tree's root
     * @return whether the proof holds
     */
    public static boolean verifyInclusion(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || !areHashes(proof) || leafHash.length != Hashes.SIZE) {
            return false;
        }
        Hashes hashes = new Hashes();
        long fn = index;
        long sn = size - 1;
        byte[] r = leafHash;
        for (byte[] p : proof) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = hashes.node(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                r = hashes.node(r, p);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && Arrays.equals(r, root);
    }

    /**
     * Checks that one tree is the beginning of another.
     *
     * @param size1 the size of the earlier one, 1 or more
     * @param size2 the size of the later one
     * @param root1 the root of the earlier one
     * @param root2 the root of the later one
     * @param proof the hashes of the proof
     * @return whether the proof holds
     */
    public static boolean verifyConsistency(long size1, long size2, byte[] root1, byte[] root2, List<byte[]> proof) {
        if (size1 < 1 || size1 > size2 || !areHashes(proof)) {
            return false;
        }
        if (size1 == size2) {
            return proof.isEmpty() && Arrays.equals(root1, root2);
        }
        if (proof.isEmpty()) {
            return false;
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(size1) == 1) {
            path.add(0, root1);
        }
        Hashes hashes = new Hashes();
        long fn = size1 - 1;
        long sn = size2 - 1;
        while ((fn & 1) == 1) {
            fn >>>= 1;
            sn >>>= 1;
        }
        byte[] fr = path.get(0);
        byte[] sr = path.get(0);
        for (byte[] c : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = hashes.node(c, fr);
                sr = hashes.node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                sr = hashes.node(sr, c);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && Arrays.equals(fr, root1) && Arrays.equals(sr, root2);
    }

    private static boolean areHashes(List<byte[]> proof) {
        return proof.stream().allMatch(hash -> hash.length == Hashes.SIZE);
    }
}
