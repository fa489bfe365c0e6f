// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of texts. */
public final class Digests {
    private static final int CHUNK = 4_096;

    private Digests() {}

    /**
     * SHA-256 of a key and the UTF-16 units of a text, so that halves of surrogate pairs, which UTF-8 cannot tell
     * apart, make a difference.
     *
     * @param key what comes before the text; may be empty
     * @param text the text
     * @return the 32 bytes
     */
    public static ByteBuffer sha256(byte[] key, CharSequence text) {
        MessageDigest sha = sha256();
        sha.update(key);
        ByteBuffer chunk = ByteBuffer.allocate(2 * Math.min(CHUNK, Math.max(1, text.length())));
        for (int i = 0; i < text.length(); i++) {
            if (!chunk.hasRemaining()) {
                sha.update(chunk.flip());
                chunk.clear();
            }
            chunk.putChar(text.charAt(i));
        }
        sha.update(chunk.flip());
        return ByteBuffer.wrap(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
