// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes that the signs of an encoding stand for, and the text in them. */
final class Bytes {
    private static final int PROBE = 64; // signs that are enough to tell whether there is a text
    private static final int REPLACEMENT = 0xFFFD;

    private Bytes() {}

    /** What a sign stands for. */
    interface Value {
        int of(char c);
    }

    /**
     * The text that signs of so many bits stand for. Where the first signs are no part of it, or are cut off, that
     * which begins at one of those behind them.
     */
    static @Nullable String decoded(String encoded, int bitsOfSign, Value value) {
        int group = bitsOfSign == 5 ? 8 : bitsOfSign == 6 ? 4 : 2; // signs that are whole bytes
        for (int from = 0; from < group && (from == 0 || encoded.length() - from >= Decoders.FEWEST); from++) {
            int probe = from == 0 ? encoded.length() : Math.min(encoded.length(), from + PROBE);
            String text = text(bytes(encoded, from, probe, bitsOfSign, value));
            if (text != null && probe < encoded.length()) {
                text = text(bytes(encoded, from, encoded.length(), bitsOfSign, value));
            }
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** The bytes that signs of so many bits stand for; of an incomplete last one nothing. */
    static byte[] bytes(String encoded, int from, int to, int bitsOfSign, Value value) {
        byte[] bytes = new byte[(to - from) * bitsOfSign / 8];
        int bits = 0;
        int held = 0;
        int size = 0;
        for (int i = from; i < to && size < bytes.length; i++) {
            bits = bits << bitsOfSign | value.of(encoded.charAt(i));
            held += bitsOfSign;
            if (held >= 8) {
                held -= 8;
                bytes[size++] = (byte) (bits >> held);
            }
        }
        return bytes;
    }

    /**
     * The text in some bytes, as UTF-8 or as UTF-16 of other systems; null when it does not look like one. A tenth may
     * be anything else: a piece begins and ends anywhere, and who writes a text may put some bytes into it.
     */
    static @Nullable String text(byte[] bytes) {
        boolean wide = bytes.length >= 4 && ((bytes[1] == 0 && bytes[3] == 0) || (bytes[0] == 0 && bytes[2] == 0));
        if (!wide && isNoUtf8(bytes)) {
            return null;
        }
        Charset charset =
                !wide ? StandardCharsets.UTF_8 : bytes[1] == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        String text = new String(bytes, charset);
        return text.length() < 4 || isOdd(text) ? null : text;
    }

    /**
     * Whether so many bytes are wrong in UTF-8, or controls, that there is no text, as in most words that could be
     * base64. That each stands for a character of its own is certain, which makes it a safe and quick guess.
     */
    private static boolean isNoUtf8(byte[] bytes) {
        int odd = 0;
        int before = 0;
        for (byte b : bytes) {
            boolean lonely = b < (byte) 0xC0 ? before >= 0 : b >= 0 && before >= (byte) 0xC0 && before < 0;
            boolean control = b >= 0 && b < ' ' && isOdd(b);
            odd += lonely || control ? 1 : 0;
            before = b;
        }
        return odd * 10 > bytes.length;
    }

    private static boolean isOdd(String text) {
        int odd = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            odd += isOdd(c) ? 1 : 0;
            i += Character.charCount(c);
        }
        return odd * 10 > text.length();
    }

    private static boolean isOdd(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> !Character.isWhitespace(c);
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> true;
            default -> c == REPLACEMENT;
        };
    }
}
