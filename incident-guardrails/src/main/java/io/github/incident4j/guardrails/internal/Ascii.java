// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

/** Kinds of characters of ASCII; a character of any other script is of none of them. */
public final class Ascii {

    private Ascii() {}

    /**
     * Whether it is one of 0 to 9.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * Whether it is one of a to z.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isSmall(char c) {
        return c >= 'a' && c <= 'z';
    }

    /**
     * Whether it is one of A to Z.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /**
     * Whether it is a letter of either case.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isLetter(char c) {
        return isSmall(c) || isCapital(c);
    }

    /**
     * Whether it is a letter or a digit.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isWord(char c) {
        return isDigit(c) || isLetter(c);
    }

    /**
     * Whether it is a digit to the base of 16, in either case.
     *
     * @param c the character
     * @return whether it is
     */
    public static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /**
     * The small form of a capital.
     *
     * @param c the character
     * @return the small letter for a capital, else the character itself
     */
    public static char small(char c) {
        return isCapital(c) ? (char) (c + 0x20) : c;
    }
}
