// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Arrays;

/**
 * The characters at which a recogniser stops to read. A view remembers for each instance where none of them stands, so
 * one is made once and kept. Immutable.
 *
 * @see View#indexOf(Signs, int, int)
 */
public final class Signs {
    private final boolean[] of = new boolean[0x80];
    private final boolean others;

    private Signs(boolean others) {
        this.others = others;
    }

    /**
     * Some signs of ASCII.
     *
     * @param signs the characters
     * @return the same as a set
     */
    public static Signs of(String signs) {
        Signs set = new Signs(false);
        signs.chars().forEach(c -> set.of[c] = true);
        return set;
    }

    /**
     * Some signs of ASCII, and all controls with line breaks and tabs.
     *
     * @param signs the characters
     * @return the same as a set
     */
    public static Signs controlsAnd(String signs) {
        Signs set = of(signs);
        for (int c = 0; c < ' '; c++) {
            set.of[c] = true;
        }
        return set;
    }

    /**
     * All characters but some of ASCII.
     *
     * @param signs those that are none
     * @return all others
     */
    public static Signs allBut(String signs) {
        Signs set = new Signs(true);
        Arrays.fill(set.of, true);
        signs.chars().forEach(c -> set.of[c] = false);
        return set;
    }

    /**
     * Whether a character is one of them.
     *
     * @param c any character
     * @return whether it is
     */
    public boolean has(char c) {
        return c < 0x80 ? of[c] : others;
    }
}
