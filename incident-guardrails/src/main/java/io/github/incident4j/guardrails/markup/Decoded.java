// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text as a renderer reads it, with the way back: HTML's character references, backslash escapes of Markdown (a sign
 * after a backslash), and those of JSON and script ({@code \}{@code u003a}, {@code \x3a}) are the characters that they
 * stand for. Of the named references those are known that spell markup. Used once.
 */
final class Decoded {
    private static final int LONGEST_NAME = 8;
    private static final int LONGEST_NUMBER = 10;
    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("colon", ":"),
            Map.entry("sol", "/"),
            Map.entry("bsol", "\\"),
            Map.entry("period", "."),
            Map.entry("comma", ","),
            Map.entry("quest", "?"),
            Map.entry("equals", "="),
            Map.entry("num", "#"),
            Map.entry("percnt", "%"),
            Map.entry("commat", "@"),
            Map.entry("semi", ";"),
            Map.entry("excl", "!"),
            Map.entry("lpar", "("),
            Map.entry("rpar", ")"),
            Map.entry("lsqb", "["),
            Map.entry("rsqb", "]"),
            Map.entry("lbrack", "["),
            Map.entry("rbrack", "]"),
            Map.entry("lcub", "{"),
            Map.entry("rcub", "}"),
            Map.entry("lbrace", "{"),
            Map.entry("rbrace", "}"),
            Map.entry("dollar", "$"),
            Map.entry("lowbar", "_"),
            Map.entry("plus", "+"),
            Map.entry("grave", "`"),
            Map.entry("nbsp", " "),
            Map.entry("Tab", "\t"),
            Map.entry("NewLine", "\n"));

    private final String text;
    private final StringBuilder out;
    private int[] starts;
    private int at;

    private Decoded(String text) {
        this.text = text;
        out = new StringBuilder(text.length());
        starts = new int[text.length() + 1];
    }

    /** The text as it is read, or null when that is the text itself. */
    static @Nullable Decoded of(String text) {
        if (text.indexOf('&') < 0 && text.indexOf('\\') < 0) {
            return null;
        }
        Decoded decoded = new Decoded(text);
        decoded.decode();
        return decoded.out.length() == text.length() ? null : decoded;
    }

    private void decode() {
        while (at < text.length()) {
            char c = text.charAt(at);
            int width = c == '&' ? reference() : c == '\\' ? escape() : 0;
            if (width == 0) {
                append(String.valueOf(c), 1);
            }
        }
        mark(out.length(), text.length());
    }

    private void append(String read, int width) {
        for (int i = 0; i < read.length(); i++) {
            mark(out.length() + i, at);
        }
        out.append(read);
        at += width;
    }

    private void mark(int index, int start) {
        if (index == starts.length) {
            starts = Arrays.copyOf(starts, 2 * index + 2);
        }
        starts[index] = start;
    }

    /** Reads a character reference; the semicolon of a numeric one may be missing. */
    private int reference() {
        if (charAt(at + 1) == '#') {
            boolean hex = (charAt(at + 2) | 0x20) == 'x';
            int from = at + (hex ? 3 : 2);
            return number(from, hex ? 16 : 10, LONGEST_NUMBER, true);
        }
        int end = at + 1;
        while (end - at <= LONGEST_NAME && isLetter(charAt(end))) {
            end++;
        }
        String named = charAt(end) == ';' ? NAMED.get(text.substring(at + 1, end)) : null;
        if (named == null) {
            return 0;
        }
        append(named, end + 1 - at);
        return 1;
    }

    private int escape() {
        char next = charAt(at + 1);
        if (next == 'u' || next == 'x') {
            int digits = next == 'u' ? 4 : 2;
            for (int i = 0; i < digits; i++) {
                if (Character.digit(charAt(at + 2 + i), 16) < 0) {
                    return 0;
                }
            }
            return number(at + 2, 16, digits, false);
        }
        if (next > ' ' && next < 0x7F && !isLetter(next) && Character.digit(next, 10) < 0) {
            append(String.valueOf(next), 2);
            return 1;
        }
        return 0;
    }

    private int number(int from, int radix, int most, boolean reference) {
        int end = from;
        int value = 0;
        while (end - from < most && charAt(end) < 0x80 && Character.digit(charAt(end), radix) >= 0) {
            value = Math.min(value * radix + Character.digit(charAt(end), radix), Character.MAX_CODE_POINT + 1);
            end++;
        }
        if (end == from || value == 0 || value > Character.MAX_CODE_POINT) {
            return 0;
        }
        int width = end - at + (reference && charAt(end) == ';' ? 1 : 0);
        append(Character.toString(value), width);
        return 1;
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    String text() {
        return out.toString();
    }

    /** Where in the original a unit begins; of the end, the end. */
    int original(int index) {
        return starts[index];
    }
}
