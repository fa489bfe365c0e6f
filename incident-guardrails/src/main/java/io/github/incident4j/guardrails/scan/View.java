// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Characters;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text as a recogniser sees it, with the way back to the original. Digits of every script are ASCII digits;
 * full-width and other compatibility forms are plain (Unicode's NFKC, one character at a time); typographic hyphens and
 * spaces are plain, line breaks and tabs stay; what does not show (zero-width characters, bidirectional controls, tag
 * characters, variation selectors, soft hyphens, controls) is not there. A combining mark goes with what it stands on:
 * on an ASCII letter with which Unicode composes it makes another letter, elsewhere it is not there. Case stays. A
 * character beyond the basic plane that is nothing of this is {@code U+FFFD}. Immutable.
 */
public final class View {
    private static final char OTHER = '\uFFFD';

    private final char[] units;
    private final int length;
    /** The span of each unit in the original; both empty when the view is the original. */
    private final int[] starts;

    private final int[] ends;

    private View(char[] units, int length, int[] starts, int[] ends) {
        this.units = units;
        this.length = length;
        this.starts = starts;
        this.ends = ends;
    }

    /**
     * Makes the view of a text. Takes linear time.
     *
     * @param text the text; lone surrogates are fine
     * @return its view
     */
    public static View of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7F || (c < ' ' && Characters.isInvisible(c))) {
                return new Builder(text).build();
            }
        }
        return new View(text.toCharArray(), text.length(), new int[0], new int[0]);
    }

    /** {@return the number of characters in the view} */
    public int length() {
        return length;
    }

    /**
     * A character of the view.
     *
     * @param index an index; any number will do
     * @return the character there, and {@code '\n'} before the beginning and after the end
     */
    public char charAt(int index) {
        return index < 0 || index >= length ? '\n' : units[index];
    }

    /**
     * Whether an ASCII letter or digit stands somewhere.
     *
     * @param index an index; any number will do
     * @return whether the character there is one
     */
    public boolean isWordAt(int index) {
        return isWord(charAt(index));
    }

    /**
     * Whether an ASCII digit stands somewhere.
     *
     * @param index an index; any number will do
     * @return whether the character there is one
     */
    public boolean isDigitAt(int index) {
        return isDigit(charAt(index));
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isWord(char c) {
        return isDigit(c) || isLetter(c);
    }

    int originalStart(int index) {
        return starts.length == 0 ? index : starts[index];
    }

    /** The end in the original of the unit at an index. */
    int originalEnd(int index) {
        return starts.length == 0 ? index + 1 : ends[index];
    }

    /** {@return the whole view} */
    @Override
    public String toString() {
        return new String(units, 0, length);
    }

    private static final class Builder {
        private final String text;
        private char[] units;
        private int[] starts;
        private int[] ends;
        private int length;

        Builder(String text) {
            this.text = text;
            units = new char[text.length()];
            starts = new int[text.length()];
            ends = new int[text.length()];
        }

        View build() {
            int width;
            for (int i = 0; i < text.length(); i += width) {
                int codePoint = text.codePointAt(i);
                width = Character.charCount(codePoint);
                if (Characters.isMark(codePoint) && length > 0 && !Characters.isInvisible(codePoint)) {
                    mark(codePoint, i + width);
                } else if (!Characters.isInvisible(codePoint)) {
                    append(codePoint, i, i + width);
                }
            }
            return new View(units, length, starts, ends);
        }

        private void mark(int codePoint, int end) {
            char base = units[length - 1];
            if (isLetter(base)) {
                String composed = Normalizer.normalize(base + Character.toString(codePoint), Normalizer.Form.NFC);
                if (composed.length() == 1) {
                    units[length - 1] = composed.charAt(0);
                }
            }
            ends[length - 1] = end;
        }

        private void append(int codePoint, int start, int end) {
            if (codePoint < 0x80) {
                unit((char) codePoint, start, end);
            } else if (Character.isDigit(codePoint)) {
                unit((char) ('0' + Character.digit(codePoint, 10)), start, end);
            } else if (codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029) {
                unit('\n', start, end);
            } else if (Characters.isWhiteSpace(codePoint)) {
                unit(' ', start, end);
            } else if (isPlain(codePoint)) {
                unit(codePoint > 0xFFFF ? OTHER : (char) codePoint, start, end);
            } else {
                String form = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
                form.codePoints()
                        .forEach(c -> unit(c > 0xFFFF ? OTHER : Characters.withPlainHyphen((char) c), start, end));
            }
        }

        /** Whether a code point of the large scripts is sure to be its own compatibility form, or no matter. */
        private static boolean isPlain(int c) {
            return (c >= 0x0370 && c <= 0x1CFF)
                    || (c >= 0x3041 && c <= 0x312F)
                    || (c >= 0x3400 && c <= 0xDFFF)
                    || c >= 0x20000;
        }

        private void unit(char unit, int start, int end) {
            if (length == units.length) {
                int larger = 2 * length + 16;
                units = Arrays.copyOf(units, larger);
                starts = Arrays.copyOf(starts, larger);
                ends = Arrays.copyOf(ends, larger);
            }
            units[length] = unit;
            starts[length] = start;
            ends[length] = end;
            length++;
        }
    }
}
