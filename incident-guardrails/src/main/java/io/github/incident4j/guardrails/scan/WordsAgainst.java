// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Locale;
import java.util.Set;

/**
 * Words that make a value less likely when they stand directly before it, as in {@code order number 4242…}. Unlike
 * context words they do not count behind a value, or beyond another number, a comma or a context word ({@code to order
 * call 212…}). Immutable.
 *
 * @param words the words, in small letters
 * @param context those that make it likelier
 */
record WordsAgainst(Set<String> words, Set<String> context) {
    private static final int BEFORE = 32;
    private static final double LESS = 0.3;

    /** What a recogniser has found, with less confidence if one of the words stands directly before it. */
    Hit judged(View view, Hit hit) {
        if (words.isEmpty() || !isBefore(view, hit.from())) {
            return hit;
        }
        double less = Math.max(0, hit.confidence() - LESS);
        return new Hit(hit.from(), hit.to(), less, less, hit.mentioned());
    }

    private boolean isBefore(View view, int from) {
        int end = from;
        for (int at = from - 1; at >= from - BEFORE && !parts(view.charAt(at)); at--) {
            boolean begins = Character.isLetter(view.charAt(at)) && !Character.isLetter(view.charAt(at - 1));
            if (!Character.isLetter(view.charAt(at))) {
                end = at;
            } else if (begins) {
                String word = word(view, at, end);
                if (words.contains(word) || context.contains(word)) {
                    return words.contains(word);
                }
            }
        }
        return false;
    }

    private static String word(View view, int from, int to) {
        StringBuilder word = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            word.append(view.charAt(i));
        }
        return word.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean parts(char c) {
        return Character.isDigit(c) || c == ',' || c == ';' || c == '\n';
    }
}
