// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a line of the log. A line is one JSON object in UTF-8:
 *
 * <pre>
 * {"seq":0,"v":3,"time":"2026-11-20T21:41:00.123456789Z","type":"decision", … ,"crc32c":"&lt;8 hex&gt;"}
 *                                                                          └ fixed 21-byte suffix
 * </pre>
 *
 * {@code crc32c} is the CRC-32C (Castagnoli, RFC 3720) of all bytes of the line before the comma that precedes it.
 * Lines are leaves of a Merkle tree; what changes them is found by that, and the checksum finds torn writes and rot.
 * Version 1 had one more member, a hash of the line before; versions 1 and 2 held segments and values, which version 3
 * leaves to {@linkplain SideLog side records}: {@code "side":"<64 hex>"} before the checksum commits to one.
 */
final class LineFormat {
    static final int VERSION = 3;
    static final int SUFFIX_LENGTH = 21;

    private static final byte[] SUFFIX_START = ",\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE_START = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = "\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DECISION = "decision\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIDE = ",\"side\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ASIDE = ",\"aside\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ASIDE_BYTES = "\",\"aside_bytes\":".getBytes(StandardCharsets.US_ASCII);
    private static final int COMMITMENT = 64;
    private static final int ASIDE_LINE = 512; // such a line is never longer
    private static final int TYPE_FROM = 48; // behind the shortest number, version and time
    private static final int TYPE_WITHIN = 160;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final CRC32C crc = new CRC32C();

    /** Replaces the closing brace of the object that begins at an offset by the suffix; returns the line's length. */
    int close(Bytes bytes, int start) {
        int body = bytes.size() - start - 1;
        byte[] suffix = suffix(bytes.array(), start, body);
        bytes.truncate(start + body);
        bytes.write(suffix, 0, suffix.length);
        int length = bytes.size() - start;
        bytes.write('\n');
        return length;
    }

    /** Returns the suffix for a line whose object, without its closing brace, is the given range. */
    private byte[] suffix(byte[] bytes, int offset, int length) {
        byte[] suffix = new byte[SUFFIX_LENGTH];
        System.arraycopy(SUFFIX_START, 0, suffix, 0, SUFFIX_START.length);
        putHex(crc(bytes, offset, length), suffix, SUFFIX_START.length);
        suffix[SUFFIX_LENGTH - 2] = '"';
        suffix[SUFFIX_LENGTH - 1] = '}';
        return suffix;
    }

    /** Says whether a line, without its newline, ends with the right checksum. */
    boolean checksumHolds(byte[] bytes, int offset, int length) {
        int body = length - SUFFIX_LENGTH;
        if (body < SEQUENCE_START.length || !startsWith(bytes, offset + body, offset + length, SUFFIX_START)) {
            return false;
        }
        int crc = crc(bytes, offset, body);
        int at = offset + body + SUFFIX_START.length;
        boolean same = bytes[offset + length - 2] == '"' && bytes[offset + length - 1] == '}';
        for (int i = 0; i < 8; i++) {
            same &= bytes[at + i] == digit(crc, i);
        }
        return same;
    }

    /** The i-th of eight hex digits. */
    private static byte digit(int value, int i) {
        return DIGITS[(value >>> (28 - 4 * i)) & 0xf];
    }

    private int crc(byte[] bytes, int offset, int length) {
        crc.reset();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static void putHex(int value, byte[] to, int at) {
        for (int i = 0; i < 8; i++) {
            to[at + i] = digit(value, i);
        }
    }

    /** Returns the sequence number that stands at the line's start, or -1. */
    static long sequenceOf(byte[] bytes, int offset, int length) {
        int end = offset + length;
        if (!startsWith(bytes, offset, end, SEQUENCE_START)) {
            return -1;
        }
        long sequence = 0;
        int start = offset + SEQUENCE_START.length;
        int i = start;
        for (; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            if (sequence > Long.MAX_VALUE / 10 - 1) {
                return -1;
            }
            sequence = sequence * 10 + (bytes[i] - '0');
        }
        return i == start ? -1 : sequence;
    }

    /** Says whether the line is the record of a decision; looks at its beginning only. */
    static boolean isDecision(byte[] bytes, int offset, int length) {
        return isOfType(bytes, offset, length, DECISION);
    }

    /** Says whether the line is of a type, which is given with the quotation mark behind it. */
    static boolean isOfType(byte[] bytes, int offset, int length, byte[] type) {
        int end = offset + Math.min(length, TYPE_WITHIN);
        for (int i = offset + TYPE_FROM; i < end - TYPE.length; i++) {
            if (bytes[i] == '"' && startsWith(bytes, i, end, TYPE)) {
                return startsWith(bytes, i + TYPE.length, end, type);
            }
        }
        return false;
    }

    /** Returns what the line commits its side record to, in hex; null if it has none. */
    static @Nullable String commitmentOf(byte[] bytes, int offset, int length) {
        int end = offset + length - SUFFIX_LENGTH - 1;
        int at = end - COMMITMENT - SIDE.length;
        return at > offset && startsWith(bytes, at, end, SIDE) && bytes[end] == '"'
                ? new String(bytes, at + SIDE.length, COMMITMENT, StandardCharsets.US_ASCII)
                : null;
    }

    /** Returns the SHA-256 of the line that this one stands for, in hex; null if it stands for itself. */
    static @Nullable String asideOf(byte[] bytes, int offset, int length) {
        int digest = asideAt(bytes, offset, length);
        return digest < 0 ? null : new String(bytes, digest, COMMITMENT, StandardCharsets.US_ASCII);
    }

    /** Returns how long the line is that this one stands for; -1 if it does not tell. */
    static long asideBytesOf(byte[] bytes, int offset, int length) {
        int digest = asideAt(bytes, offset, length);
        int end = offset + length;
        int at = digest + COMMITMENT;
        if (digest < 0 || !startsWith(bytes, at, end, ASIDE_BYTES)) {
            return -1;
        }
        long count = 0;
        for (int i = at + ASIDE_BYTES.length; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            count = Math.min(Integer.MAX_VALUE, count * 10 + (bytes[i] - '0'));
        }
        return count;
    }

    /** Where the digest of the line begins that this one stands for; -1 if it stands for itself. */
    private static int asideAt(byte[] bytes, int offset, int length) {
        if (length > ASIDE_LINE) {
            return -1;
        }
        int end = offset + length;
        int at = offset + TYPE_FROM;
        while (at < end && !startsWith(bytes, at, end, TYPE)) {
            at++;
        }
        at += TYPE.length;
        while (at < end && bytes[at] != '"') {
            at++;
        }
        int digest = at + 1 + ASIDE.length;
        return digest + COMMITMENT < end && startsWith(bytes, at + 1, end, ASIDE) ? digest : -1;
    }

    private static boolean startsWith(byte[] bytes, int offset, int end, byte[] prefix) {
        return end - offset >= prefix.length
                && java.util.Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
    }
}
