// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file of side records. It has one form, so it is written and read without a JSON parser:
 *
 * <pre>
 * {"seq":7,"v":3,"key":0,"sealed":"&lt;base64&gt;","crc32c":"&lt;8 hex&gt;"}     key: the line of the secret, from 0
 * </pre>
 *
 * @param key the number of the secret's line
 * @param sealed the sealed text
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
record SideLine(int key, byte[] sealed) {
    private static final String HEAD = "{\"seq\":";
    private static final String KEY = ",\"v\":" + LineFormat.VERSION + ",\"key\":";
    private static final String SEALED = ",\"sealed\":\"";
    private static final Base64.Encoder ENCODER = Base64.getEncoder();
    private static final Base64.Decoder DECODER = Base64.getDecoder();
    private static final byte[] KEY_BYTES = ",\"key\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEALED_BYTES = SEALED.getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_WITHIN = 64;
    private static final int MAX_DIGITS = 9;
    private static final int MAX_KEY = 2 * MerkleLog.SEGMENT_RECORDS; // no segment has as many people

    /** Appends a line; returns nothing, since nobody needs its length. */
    static void write(long sequence, int key, byte[] text, int length, LineFormat format, Bytes to) {
        int start = to.size();
        to.ascii(HEAD);
        to.ascii(Long.toString(sequence));
        to.ascii(KEY);
        to.ascii(Integer.toString(key));
        to.ascii(SEALED);
        byte[] encoded = ENCODER.encode(Arrays.copyOf(text, length));
        to.write(encoded, 0, encoded.length);
        to.ascii("\"}");
        format.close(to, start);
    }

    /**
     * Reads a line whose checksum holds.
     *
     * @throws IllegalArgumentException if it is none of this form
     */
    static SideLine parse(byte[] bytes, int offset, int length) {
        int key = after(KEY_BYTES, bytes, offset, Math.min(length, HEAD_WITHIN));
        int comma = key;
        int number = 0;
        while (bytes[comma] >= '0' && bytes[comma] <= '9') {
            number = number * 10 + (bytes[comma++] - '0');
        }
        int sealed = after(SEALED_BYTES, bytes, comma, Math.min(length, SEALED_BYTES.length + 1));
        int end = offset + length - LineFormat.SUFFIX_LENGTH - 1;
        if (comma == key || comma - key > MAX_DIGITS || number > MAX_KEY || sealed > end) {
            throw new IllegalArgumentException("no side record");
        }
        return new SideLine(number, DECODER.decode(Arrays.copyOfRange(bytes, sealed, end)));
    }

    /** The present line of a file, if it is whole and belongs to a record that the log has; else null. */
    static @Nullable SideLine whole(Lines lines, LineFormat format, long next) {
        if (lines.isTorn()
                || !format.checksumHolds(lines.array(), lines.start(), lines.length())
                || LineFormat.sequenceOf(lines.array(), lines.start(), lines.length()) >= next) {
            return null;
        }
        try {
            return parse(lines.array(), lines.start(), lines.length());
        } catch (IllegalArgumentException e) { // a line of something else, which somebody has put there
            return null;
        }
    }

    /** Where a member's value begins. */
    private static int after(byte[] member, byte[] bytes, int offset, int length) {
        for (int i = offset; i + member.length <= offset + length; i++) {
            if (Arrays.equals(bytes, i, i + member.length, member, 0, member.length)) {
                return i + member.length;
            }
        }
        throw new IllegalArgumentException("no side record");
    }
}
