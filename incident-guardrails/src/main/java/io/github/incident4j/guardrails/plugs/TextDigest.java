// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import io.github.incident4j.guardrails.internal.Digests;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Stands for a text in a cache. */
record TextDigest(long a, long b, long c, long d) {

    /** Without it nobody can try which text a digest is of. */
    static final class Secret {
        private final byte[] key = new byte[32];

        Secret() {
            new SecureRandom().nextBytes(key);
        }

        TextDigest digest(String text) {
            ByteBuffer digest = Digests.sha256(key, text);
            return new TextDigest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
        }
    }
}
