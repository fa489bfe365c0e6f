// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that grow and can be looked at without a copy. */
final class Bytes extends ByteArrayOutputStream {
    Bytes(int capacity) {
        super(capacity);
    }

    byte[] array() {
        return buf;
    }

    /** Writes text that is known to be ASCII. */
    void ascii(String text) {
        int start = grow(text.length());
        for (int i = 0; i < text.length(); i++) {
            buf[start + i] = (byte) text.charAt(i);
        }
    }

    /** Makes room for some bytes at the end and counts them in; they are written by whoever knows the array. */
    int grow(int length) {
        int start = count;
        int end = Math.addExact(count, length);
        if (end > buf.length) {
            buf = Arrays.copyOf(buf, Math.max(end, buf.length * 2));
        }
        count = end;
        return start;
    }

    /** Empties it, and gives a buffer back that has grown far. */
    void shrink(int most) {
        count = 0;
        if (buf.length > most) {
            buf = new byte[most];
        }
    }

    void truncate(int size) {
        count = size;
    }
}
