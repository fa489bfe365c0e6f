// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a model that repeats itself: a stretch in which the same characters, words or lines come again and again
 * without anything between them, and a text most of which consists of sentences and lines that stood in it before.
 *
 * <p>The stretch is found by its period: where the last characters have stood before, their distance is taken for the
 * period and compared on, character by character, until the text differs. A table of the last place of each short run
 * of characters gives the distances; what a full table forgets costs a chance and never makes a stretch.
 *
 * @param times how often the same must come in a row
 * @param letters how many letters the repeated stretch must have
 */
record Repetition(int times, int letters) {
    static final String NAME = "repetition";

    private static final int GRAM = 8;
    private static final int FACTOR = 0x01000193;
    private static final int LARGEST_TABLE = 1 << 16;

    /** Lines of signs part paragraphs, and figures of digits fill tables: these count for less than letters. */
    private static final int SIGNS_FOR_A_LETTER = 8;

    /** Shorter sentences and lines come again in code and lists. */
    private static final int SHORTEST_PART = 20;

    private static final double SHARE = 0.6;

    @Nullable
    Finding in(String text) {
        char[] signs = new char[text.length()];
        int[] places = new int[text.length()];
        int length = 0;
        boolean space = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean white = Characters.isWhiteSpace(c);
            if (white && space) {
                continue;
            }
            space = white;
            signs[length] = white ? ' ' : Words.fold(c);
            places[length++] = i;
        }
        int end = endOfLoop(signs, length);
        if (end > 0) {
            return new Finding(
                    NAME,
                    "degeneration",
                    "the same comes " + times + " times and more in a row, up to " + (places[end - 1] + 1));
        }
        return partsIn(text);
    }

    /** The place after the first stretch that is long enough; 0 when there is none. */
    private int endOfLoop(char[] signs, int length) {
        int size = Math.max(GRAM, Math.min(LARGEST_TABLE, Integer.highestOneBit(Math.max(1, length)) * 2));
        int[] lastPlaces = new int[size];
        int outgoing = 1;
        for (int i = 0; i < GRAM; i++) {
            outgoing *= FACTOR;
        }
        int hash = 0;
        int period = 0;
        int from = 0;
        long weight = 0;
        for (int i = 0; i < length; i++) {
            hash = hash * FACTOR + signs[i] + 1;
            if (i >= GRAM) {
                hash -= outgoing * (signs[i - GRAM] + 1);
            }
            if (period > 0 && signs[i] == signs[i - period]) {
                weight += weight(signs[i]);
                if (weight >= (long) letters * SIGNS_FOR_A_LETTER && i + 1 - from >= (long) (times - 1) * period) {
                    return i + 1;
                }
            } else {
                period = 0;
            }
            if (i >= GRAM - 1) {
                int slot = (hash ^ (hash >>> 15)) & (size - 1);
                int last = lastPlaces[slot];
                if (period == 0 && last > 0 && isRepeated(signs, i, i + 1 - last)) {
                    period = i + 1 - last;
                    from = i - GRAM + 1;
                    weight = 0;
                    for (int k = from; k <= i; k++) {
                        weight += weight(signs[k]);
                    }
                }
                lastPlaces[slot] = i + 1;
            }
        }
        return 0;
    }

    /** Whether the last characters stand one period before, too, and not only have the same hash. */
    private static boolean isRepeated(char[] signs, int at, int period) {
        return Arrays.equals(signs, at - GRAM + 1, at + 1, signs, at - GRAM + 1 - period, at + 1 - period);
    }

    private static int weight(char c) {
        if (Character.isLetter(c) || Character.isSurrogate(c)) {
            return SIGNS_FOR_A_LETTER;
        }
        return c == ' ' ? 0 : 1;
    }

    private @Nullable Finding partsIn(String text) {
        Set<Long> before = new HashSet<>();
        Words words = Words.of(text);
        int first = 0;
        int all = 0;
        int again = 0;
        int parts = 0;
        for (int i = 1; i <= words.size(); i++) {
            int end = words.end(i - 1);
            if (i < words.size() && !partsSentences(words, end, words.start(i))) {
                continue;
            }
            int size = end - words.start(first);
            all += size;
            if (size >= SHORTEST_PART && !before.add(words.gram(first, i - first))) {
                again += size;
                parts++;
            }
            first = i;
        }
        return parts >= times && again >= letters && again > SHARE * all
                ? new Finding(
                        NAME,
                        "degeneration",
                        parts + " sentences or lines stood in the text before, " + 100 * again / all + " % of it")
                : null;
    }

    private static boolean partsSentences(Words words, int from, int to) {
        for (int i = from; i < to; i++) {
            switch (words.view().charAt(i)) {
                case '\n', '.', '!', '?', '。', '！', '？', '।', '؟' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }
}
