// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Stands for a text in a cache. */
record TextDigest(long a, long b, long c, long d) {

    /** Without it nobody can try which text a digest is of. */
    static final class Secret {
        private static final int CHUNK = 4_096;

        private final byte[] key = new byte[32];

        Secret() {
            new SecureRandom().nextBytes(key);
        }

        /** Of the UTF-16 units, so that halves of surrogate pairs, which UTF-8 cannot tell apart, make a difference. */
        TextDigest digest(String text) {
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
            ByteBuffer digest = ByteBuffer.wrap(sha.digest());
            return new TextDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
