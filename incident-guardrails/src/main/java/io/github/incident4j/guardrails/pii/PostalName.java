// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.View;
import java.util.Locale;
import java.util.Set;

/**
 * Names of postal codes that mean much else, too ({@code zip} files, a market {@code cap}, {@code CP}-1252): they count
 * directly before a number, and {@code zip code} wherever a context word would.
 */
final class PostalName {
    private static final int FARTHEST = 60;
    private static final int LONGEST_WORD = 8;
    private static final int MOST_SIGNS = 6;
    private static final int MOST_WORDS = 3; // "zip code is"
    private static final int FIVE = 5; // figures of Italy, France, Spain and Mexico
    private static final Set<String> BETWEEN = Set.of("code", "codes", "is", "was", "no", "number");

    private PostalName() {}

    /** Whether one stands before a number. */
    static boolean isBefore(View view, int from, int to) {
        int at = from;
        for (int words = 0; words <= MOST_WORDS; words++) {
            int end = afterWord(view, at);
            int start = startOfWord(view, end);
            String word = word(view, start, end);
            String small = word.toLowerCase(Locale.ROOT);
            if (small.equals("zip")) {
                return true;
            }
            if (words == 0 && to - from == FIVE && (small.equals("cp") || word.equals("CAP"))) {
                return true;
            }
            if (!BETWEEN.contains(small)) {
                break;
            }
            at = start;
        }
        return hasZipCode(view, from);
    }

    private static int afterWord(View view, int from) {
        int at = from;
        while (from - at < MOST_SIGNS && " :=#._-\"'".indexOf(view.charAt(at - 1)) >= 0) {
            at--;
        }
        return at;
    }

    private static int startOfWord(View view, int end) {
        int at = end;
        while (end - at <= LONGEST_WORD && Ascii.isLetter(view.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean hasZipCode(View view, int from) {
        for (int at = from - 8; at >= from - FARTHEST; at--) {
            if ((view.charAt(at) | 0x20) == 'z' && !view.isWordAt(at - 1)) {
                String words = word(view, at, at + 8).toLowerCase(Locale.ROOT);
                if (words.startsWith("zip") && words.endsWith("code") && !view.isWordAt(at + 3)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String word(View view, int from, int to) {
        StringBuilder word = new StringBuilder();
        for (int i = from; i < to; i++) {
            word.append(view.charAt(i));
        }
        return word.toString();
    }
}
