// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of RFC 6962, section 2.1. An instance holds one digest and is used by one thread. */
public final class Hashes {
    /** How many bytes a hash has. */
    public static final int SIZE = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest = sha256();
    private final byte[] inner = new byte[1 + 2 * SIZE];

    /** {@return a new SHA-256 digest, which every Java platform has} */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return the root of a tree without leaves} */
    public byte[] empty() {
        return digest.digest();
    }

    /**
     * The hash of a leaf.
     *
     * @param bytes holds the leaf's bytes
     * @param offset where they begin
     * @param length how many they are
     * @return SHA-256(0x00 ‖ bytes)
     */
    public byte[] leaf(byte[] bytes, int offset, int length) {
        digest.reset(); // of one that an error has ended in its middle
        digest.update(LEAF);
        digest.update(bytes, offset, length);
        return digest.digest();
    }

    /**
     * The hash of an inner node.
     *
     * @param left the hash on the left
     * @param right the hash on the right
     * @return SHA-256(0x01 ‖ left ‖ right)
     */
    public byte[] node(byte[] left, byte[] right) {
        digest.reset();
        digest.update(NODE);
        digest.update(left);
        digest.update(right);
        return digest.digest();
    }

    /**
     * The root over hashes that lie in an array, of which there is a power of two.
     *
     * @param hashes the array
     * @param offset where they begin
     * @param count how many they are
     * @return the root
     */
    public byte[] perfectRoot(byte[] hashes, int offset, int count) {
        byte[] level = java.util.Arrays.copyOfRange(hashes, offset, offset + count * SIZE);
        inner[0] = NODE;
        digest.reset();
        for (int n = count; n > 1; n /= 2) {
            for (int i = 0; i < n / 2; i++) {
                System.arraycopy(level, 2 * i * SIZE, inner, 1, 2 * SIZE);
                digest.update(inner, 0, inner.length); // one call for two: half of the time is the calls'
                digestInto(level, i * SIZE);
            }
        }
        return java.util.Arrays.copyOf(level, SIZE);
    }

    private void digestInto(byte[] to, int at) {
        try {
            digest.digest(to, at, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("there is room for a hash", e);
        }
    }
}
