// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import java.nio.ByteBuffer;

/** Half a SHA-256: stands for a call without holding its arguments. */
record Fingerprint(long high, long low) {
    static Fingerprint of(ByteBuffer digest) {
        return new Fingerprint(digest.getLong(), digest.getLong());
    }
}
