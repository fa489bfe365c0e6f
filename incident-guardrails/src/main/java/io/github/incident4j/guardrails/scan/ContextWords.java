// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which words speak for which of several sets. A word is a run of letters of any script; those of a mask such as
 * {@code [US_SSN]} are none. Immutable.
 */
final class ContextWords {
    private static final int BEFORE = 60;
    private static final int AFTER = 30;
    static final int LONGEST = 32;
    private static final int LONGEST_MASK = 48;
    private static final int KEPT = 256;

    /** How far behind a value is read to know its context: a word or mask that begins last, and its end. */
    static final int FARTHEST = AFTER + LONGEST_MASK + 2;

    private final Map<String, int[]> setsOf;

    /** The words of each set, in small letters. */
    ContextWords(List<Set<String>> sets) {
        Map<String, List<Integer>> collected = new HashMap<>();
        for (int i = 0; i < sets.size(); i++) {
            for (String word : sets.get(i)) {
                collected.computeIfAbsent(word, key -> new ArrayList<>()).add(i);
            }
        }
        Map<String, int[]> table = new HashMap<>();
        collected.forEach((word, places) ->
                table.put(word, places.stream().mapToInt(Integer::intValue).toArray()));
        setsOf = Map.copyOf(table);
    }

    /** Whether a word is one that can be found: a run of letters, in small letters, and not too long. */
    static boolean isReadable(String word) {
        return !word.isEmpty()
                && word.length() <= LONGEST
                && word.chars().allMatch(Character::isLetter)
                && word.equals(word.toLowerCase(Locale.ROOT));
    }

    /** Whether a word stands nearby. */
    enum Answer {
        YES,
        NO,
        /** What decides it is still to come. */
        UNDECIDED
    }

    Reader reader() {
        return new Reader();
    }

    /** Reads the words of one view, only where it is asked. */
    final class Reader {
        private final char[] word = new char[LONGEST];
        private int readFrom; // all words that begin between these two are known
        private int readTo;
        private boolean inLongWord; // of which the rest is still to come
        private int[] starts = new int[16];
        private int[][] sets = new int[16][];
        private int count;

        /** Whether a word of a set begins at most 60 characters before a span or 30 after it. */
        Answer isNear(View view, int set, int from, int to) {
            boolean read = read(view, from - BEFORE, to + AFTER);
            for (int i = count - 1; i >= 0 && starts[i] >= from - BEFORE; i--) {
                int start = starts[i];
                if (start < to + AFTER && (start < from || start >= to) && holds(sets[i], set)) {
                    return Answer.YES;
                }
            }
            return read ? Answer.NO : Answer.UNDECIDED;
        }

        private static boolean holds(int[] sets, int set) {
            for (int each : sets) {
                if (each == set) {
                    return true;
                }
            }
            return false;
        }

        /** Reads all words that begin in a range; false when some of them are still to come. */
        private boolean read(View view, int from, int to) {
            // A mask or word that began before this place ends before the range.
            int begin = Math.max(0, from - LONGEST_MASK - 2);
            if (readTo < begin || from < readFrom) { // who is asked again may look further back than others before
                readTo = begin;
                readFrom = begin == 0 ? 0 : from;
                inLongWord = begin > 0;
                count = 0;
            }
            while (readTo < to) {
                if (readTo >= view.length()) {
                    return view.isComplete();
                }
                char c = view.unit(readTo);
                int end = readTo + 1;
                if (c == '[') {
                    inLongWord = false;
                    end = endOfMask(view, readTo);
                } else if (Character.isLetter(c)) {
                    end = inLongWord ? endOfWord(view, readTo) : word(view, readTo);
                    inLongWord &= end == view.length();
                } else {
                    inLongWord = false;
                }
                if (end < 0) {
                    return false;
                }
                readTo = end;
            }
            return true;
        }

        /** Reads the word at an index; answers its end, or -1 when that is still to come. */
        private int word(View view, int start) {
            int end = endOfWord(view, start);
            int size = end - start;
            if (size > LONGEST) {
                inLongWord = true;
                return end;
            }
            if (end == view.length() && !view.isComplete()) {
                return -1;
            }
            for (int i = 0; i < size; i++) {
                word[i] = Character.toLowerCase(view.unit(start + i));
            }
            int[] of = setsOf.get(new String(word, 0, size));
            if (of != null) {
                add(start, of);
            }
            return end;
        }

        private void add(int start, int[] of) {
            if (count == starts.length) {
                int dropped = count > KEPT ? count / 2 : 0; // a word is remembered for longer than it can matter
                starts = Arrays.copyOfRange(starts, dropped, dropped + 2 * (count - dropped));
                sets = Arrays.copyOfRange(sets, dropped, dropped + 2 * (count - dropped));
                count -= dropped;
            }
            starts[count] = start;
            sets[count] = of;
            count++;
        }
    }

    private static int endOfWord(View view, int start) {
        int end = start;
        while (end < view.length() && Character.isLetter(view.unit(end))) {
            end++;
        }
        return end;
    }

    /**
     * The index after the bracket that ends a mask, or after the first one if this is none; -1 when that is to come.
     */
    private static int endOfMask(View view, int start) {
        int i = start + 1;
        while (i < view.length() && i - start < LONGEST_MASK && isOfMask(view.unit(i))) {
            i++;
        }
        if (i == view.length() && !view.isComplete()) {
            return -1;
        }
        return i < view.length() && i > start + 1 && view.unit(i) == ']' ? i + 1 : start + 1;
    }

    private static boolean isOfMask(char c) {
        return c == '_' || Ascii.isDigit(c) || (c >= 'A' && c <= 'Z');
    }
}
