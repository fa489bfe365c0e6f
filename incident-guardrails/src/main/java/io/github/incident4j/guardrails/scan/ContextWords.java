// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which words speak for which recognisers, and where they stand in a text. A word is a run of letters of any script;
 * those of a mask such as {@code [US_SSN]} are none. Immutable.
 */
final class ContextWords {
    private static final int BEFORE = 60;
    private static final int AFTER = 30;
    private static final int LONGEST = 24;

    private final Map<String, int[]> recognisersOf;
    private final int recognisers;

    ContextWords(List<Recogniser> recognisers) {
        Map<String, List<Integer>> collected = new HashMap<>();
        for (int i = 0; i < recognisers.size(); i++) {
            for (String word : recognisers.get(i).context()) {
                collected.computeIfAbsent(word, key -> new ArrayList<>()).add(i);
            }
        }
        Map<String, int[]> table = new HashMap<>();
        collected.forEach((word, places) ->
                table.put(word, places.stream().mapToInt(Integer::intValue).toArray()));
        recognisersOf = Map.copyOf(table);
        this.recognisers = recognisers.size();
    }

    /** Reads a text once. */
    Places in(View view) {
        Places places = new Places(recognisers);
        char[] word = new char[LONGEST];
        int length = 0;
        for (int i = 0; i <= view.length(); i++) {
            char c = view.charAt(i);
            if (c == '[') {
                int end = endOfMask(view, i);
                if (end > 0) {
                    length = 0;
                    i = end - 1;
                    continue;
                }
            }
            if (Character.isLetter(c)) {
                if (length < LONGEST) {
                    word[length] = Character.toLowerCase(c);
                }
                length++;
            } else if (length > 0) {
                int[] found = length > LONGEST ? null : recognisersOf.get(new String(word, 0, length));
                if (found != null) {
                    places.add(found, i - length);
                }
                length = 0;
            }
        }
        return places;
    }

    /** The index of the bracket that ends a mask, or 0. */
    private static int endOfMask(View view, int at) {
        int i = at + 1;
        while (i - at < 2 * LONGEST
                && (view.charAt(i) == '_' || View.isDigit(view.charAt(i)) || isCapital(view.charAt(i)))) {
            i++;
        }
        return i > at + 1 && view.charAt(i) == ']' ? i : 0;
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** Where the context words of each recogniser begin, in ascending order. Used by one scan only. */
    static final class Places {
        private final int[][] places;
        private final int[] counts;

        private Places(int recognisers) {
            places = new int[recognisers][];
            counts = new int[recognisers];
            Arrays.fill(places, new int[0]);
        }

        private void add(int[] recognisers, int place) {
            for (int recogniser : recognisers) {
                int count = counts[recogniser];
                if (count == places[recogniser].length) {
                    places[recogniser] = Arrays.copyOf(places[recogniser], 2 * count + 8);
                }
                places[recogniser][count] = place;
                counts[recogniser] = count + 1;
            }
        }

        /** Whether a word of a recogniser begins shortly before a span or after it. */
        boolean isNear(int recogniser, int from, int to) {
            int[] of = places[recogniser];
            int at = Arrays.binarySearch(of, 0, counts[recogniser], from - BEFORE);
            for (int i = at < 0 ? -at - 1 : at; i < counts[recogniser] && of[i] < to + AFTER; i++) {
                if (of[i] < from || of[i] >= to) {
                    return true;
                }
            }
            return false;
        }
    }
}
