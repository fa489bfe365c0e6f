// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

/** What kinds of characters there are, with the same answer on every JDK where a list can give it. */
public final class Characters {

    private Characters() {}

    /**
     * The white space of Unicode, the blank Braille cell, and the separators of ASCII.
     *
     * @param codePoint the code point
     * @return whether it is white space
     */
    public static boolean isWhiteSpace(int codePoint) {
        return codePoint < 0x80
                ? codePoint == ' ' || (codePoint >= '\t' && codePoint <= '\r') || (codePoint >= 0x1C && codePoint < ' ')
                : codePoint == 0x85 || codePoint == 0x2800 || Character.isSpaceChar(codePoint);
    }

    /**
     * Whether a code point leaves no trace on the page: the controls, and Unicode's default ignorable code points with
     * the annotation marks. A list of its own gives the same answer on every JDK.
     *
     * @param c the code point
     * @return whether it does not show
     */
    public static boolean isInvisible(int c) {
        if (c < 0xAD) {
            return (c < ' ' || (c >= 0x7F && c <= 0x9F)) && !isWhiteSpace(c);
        }
        if (c < 0x2000) {
            return c == 0xAD
                    || c == 0x034F
                    || c == 0x061C
                    || c == 0x115F
                    || c == 0x1160
                    || c == 0x17B4
                    || c == 0x17B5
                    || (c >= 0x180B && c <= 0x180F);
        }
        if (c < 0x10000) {
            return (c >= 0x200B && c <= 0x200F)
                    || (c >= 0x202A && c <= 0x202E)
                    || (c >= 0x2060 && c <= 0x206F)
                    || c == 0x3164
                    || (c >= 0xFE00 && c <= 0xFE0F)
                    || c == 0xFEFF
                    || c == 0xFFA0
                    || (c >= 0xFFF0 && c <= 0xFFFB);
        }
        return (c >= 0x1BCA0 && c <= 0x1BCA3) || (c >= 0x1D173 && c <= 0x1D17A) || (c >= 0xE0000 && c <= 0xE0FFF);
    }

    /**
     * Whether a code point stands on the one before it.
     *
     * @param codePoint the code point
     * @return whether it is a combining mark
     */
    public static boolean isMark(int codePoint) {
        int marks =
                1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;
        return codePoint >= 0x0300 && (marks >> Character.getType(codePoint) & 1) != 0;
    }

    /**
     * Whether a code point belongs to Han, kana, Thai, Lao, Khmer or Myanmar, which are written without spaces, or to
     * the signs used between them, such as ー.
     *
     * @param c the code point
     * @return whether it does
     */
    public static boolean isUnspaced(int c) {
        if (c < 0x0E00) {
            return false;
        }
        if (c < 0x3000) {
            return c <= 0x0EFF || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF);
        }
        if (c < 0xA000) {
            return c <= 0x30FF || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3400 && c <= 0x4DBF) || c >= 0x4E00;
        }
        if (c < 0x10000) {
            return (c >= 0xA9E0 && c <= 0xA9FF) || (c >= 0xAA60 && c <= 0xAA7F) || (c >= 0xF900 && c <= 0xFAFF);
        }
        return (c >= 0x116D0 && c <= 0x116FF) || (c >= 0x1AFF0 && c <= 0x1B16F) || (c >= 0x20000 && c <= 0x3FFFF);
    }

    /**
     * The plain form of a typographic hyphen, dash or minus sign.
     *
     * @param c the character
     * @return a hyphen for these, else the character itself
     */
    public static char withPlainHyphen(char c) {
        return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ? '-' : c;
    }
}
