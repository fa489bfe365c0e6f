// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The frame of a line of the log. A line is one JSON object in UTF-8:
 *
 * <pre>
 * {"seq":0,"v":1,"time":"2026-11-20T21:41:00.123456789Z","type":"decision", … ,"prev":"&lt;64 hex&gt;","crc32c":"&lt;8 hex&gt;"}
 *                                                                          └ link to the line before   └ fixed 21-byte suffix
 * </pre>
 *
 * {@code prev} is the SHA-256 of the line before, without its newline (64 zeros for the first line). {@code crc32c} is
 * the CRC-32C (Castagnoli, RFC 3720) of all bytes of the line before the comma that precedes it.
 */
final class LineFormat {
    static final int VERSION = 1;
    static final String FIRST_LINK = "0".repeat(64);
    static final int SUFFIX_LENGTH = 21;

    private static final byte[] SUFFIX_START = ",\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINK_START = ",\"prev\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE_START = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final int LINK_LENGTH = 64;
    private static final HexFormat HEX = HexFormat.of();

    private LineFormat() {}

    /** Returns the suffix for a line whose object, without its closing brace, is the given range. */
    static byte[] suffix(byte[] bytes, int offset, int length) {
        byte[] suffix = new byte[SUFFIX_LENGTH];
        System.arraycopy(SUFFIX_START, 0, suffix, 0, SUFFIX_START.length);
        byte[] hex = crc(bytes, offset, length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, suffix, SUFFIX_START.length, hex.length);
        suffix[SUFFIX_LENGTH - 2] = '"';
        suffix[SUFFIX_LENGTH - 1] = '}';
        return suffix;
    }

    /** Says whether a line, without its newline, ends with the right checksum. */
    static boolean checksumHolds(byte[] line) {
        int body = line.length - SUFFIX_LENGTH;
        if (body < SEQUENCE_START.length) {
            return false;
        }
        byte[] suffix = suffix(line, 0, body);
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            if (suffix[i] != line[body + i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the sequence number that stands at the line's start, or -1. */
    static long sequenceOf(byte[] line) {
        if (!startsWith(line, 0, SEQUENCE_START)) {
            return -1;
        }
        long sequence = 0;
        int i = SEQUENCE_START.length;
        for (; i < line.length && line[i] >= '0' && line[i] <= '9'; i++) {
            if (sequence > Long.MAX_VALUE / 10 - 1) {
                return -1;
            }
            sequence = sequence * 10 + (line[i] - '0');
        }
        return i == SEQUENCE_START.length ? -1 : sequence;
    }

    /** Returns the link to the line before, or an empty text if the line has none at its place. */
    static String linkOf(byte[] line) {
        int start = line.length - SUFFIX_LENGTH - 1 - LINK_LENGTH - LINK_START.length;
        if (start < 0 || !startsWith(line, start, LINK_START)) {
            return "";
        }
        return new String(line, start + LINK_START.length, LINK_LENGTH, StandardCharsets.US_ASCII);
    }

    /** Returns the link that the line after this one must carry. */
    static String linkTo(byte[] line, int offset, int length) {
        MessageDigest sha256 = sha256();
        sha256.update(line, offset, length);
        return HEX.formatHex(sha256.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return HEX.toHexDigits((int) crc.getValue());
    }

    private static boolean startsWith(byte[] bytes, int offset, byte[] prefix) {
        if (bytes.length - offset < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[offset + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
