// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.words;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.scan.View;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The words of a text, as numbers that are the same for words that differ in case, width or characters that do not
 * show. A word is a run of letters and digits; a letter of a script that is written without spaces is a word of its
 * own, and so is a character beyond the basic plane. Everything else only parts words. Immutable; made in linear time.
 */
public final class Words {
    private static final long PRIME = 0x100000001B3L;
    private static final long BASIS = 0xCBF29CE484222325L;

    private final View view;
    private final long[] hashes;
    private final int[] starts;
    private final int[] ends;
    private final int size;

    private Words(View view, long[] hashes, int[] starts, int[] ends, int size) {
        this.view = view;
        this.hashes = hashes;
        this.starts = starts;
        this.ends = ends;
        this.size = size;
    }

    /**
     * Takes the words out of a text.
     *
     * @param text any text; lone surrogates are fine
     * @return its words
     */
    public static Words of(String text) {
        return of(View.of(text));
    }

    /**
     * Takes the words out of the view of a text.
     *
     * @param view the view
     * @return its words
     */
    public static Words of(View view) {
        long[] hashes = new long[16];
        int[] starts = new int[16];
        int[] ends = new int[16];
        int size = 0;
        int i = 0;
        while (i < view.length()) {
            char c = view.charAt(i);
            if (!isWord(c)) {
                i++;
                continue;
            }
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
                starts = Arrays.copyOf(starts, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
            }
            starts[size] = i;
            long hash = BASIS;
            do {
                hash = (hash ^ fold(view.charAt(i++))) * PRIME;
            } while (!isAlone(c) && i < view.length() && goesOn(view.charAt(i)));
            hashes[size] = mixed(hash);
            ends[size++] = i;
        }
        return new Words(view, hashes, starts, ends, size);
    }

    /** A letter in one case. */
    public static char fold(char c) {
        return c < 0x80 ? c >= 'A' && c <= 'Z' ? (char) (c + ' ') : c : Character.toLowerCase(Character.toUpperCase(c));
    }

    /** What the view puts in the place of a character beyond the basic plane is a word, too. */
    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '\uFFFD';
    }

    private static boolean isAlone(char c) {
        return c == '\uFFFD' || Characters.isUnspaced(c);
    }

    private static boolean goesOn(char c) {
        return (isWord(c) || Characters.isMark(c)) && !isAlone(c);
    }

    private static long mixed(long hash) {
        long h = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    /** {@return how many words there are} */
    public int size() {
        return size;
    }

    /** {@return the view of the text that the words were taken from} */
    public View view() {
        return view;
    }

    /**
     * Where a word begins.
     *
     * @param word the place of the word
     * @return the index in the view
     */
    public int start(int word) {
        return starts[word];
    }

    /**
     * Where a word ends.
     *
     * @param word the place of the word
     * @return the index in the view after its last character
     */
    public int end(int word) {
        return ends[word];
    }

    /**
     * The number of a word.
     *
     * @param word the place of the word
     * @return its number; two words have the same one only by an accident of 64 bits
     */
    public long hash(int word) {
        return hashes[word];
    }

    /**
     * A word as it stands in the view, in one case.
     *
     * @param word the place of the word
     * @return the word
     */
    public String word(int word) {
        StringBuilder folded = new StringBuilder(ends[word] - starts[word]);
        for (int i = starts[word]; i < ends[word]; i++) {
            folded.append(fold(view.charAt(i)));
        }
        return folded.toString();
    }

    /**
     * The number of some words in a row.
     *
     * @param first the place of the first
     * @param length how many
     * @return their number
     */
    public long gram(int first, int length) {
        long hash = BASIS;
        for (int i = first; i < first + length; i++) {
            hash = mixed((hash ^ hashes[i]) * PRIME);
        }
        return hash;
    }

    /**
     * All runs of so many words.
     *
     * @param length how many words in a row
     * @return the numbers of the runs; none where the text has fewer words
     */
    public Set<Long> grams(int length) {
        Set<Long> grams = new HashSet<>();
        for (int i = 0; i + length <= size; i++) {
            grams.add(gram(i, length));
        }
        return grams;
    }

    /**
     * How many of the words stand in a run that is among those given.
     *
     * @param grams the numbers of the runs
     * @param length how many words each of them has
     * @return the number of words
     */
    public int covered(Set<Long> grams, int length) {
        int covered = 0;
        int upTo = 0;
        for (int i = 0; i + length <= size; i++) {
            if (grams.contains(gram(i, length))) {
                covered += i + length - Math.max(upTo, i);
                upTo = i + length;
            }
        }
        return covered;
    }

    /**
     * The same words in the same order.
     *
     * @param other the words of another text
     * @param many how many words from the beginning
     * @return whether the first so many are the same in both
     */
    public boolean beginAs(Words other, int many) {
        return size >= many && other.size >= many && Arrays.equals(hashes, 0, many, other.hashes, 0, many);
    }
}
