// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.ByteArrayOutputStream;

/** Bytes that grow and can be looked at without a copy. */
final class Bytes extends ByteArrayOutputStream {
    Bytes(int capacity) {
        super(capacity);
    }

    byte[] array() {
        return buf;
    }

    void truncate(int size) {
        count = size;
    }
}
