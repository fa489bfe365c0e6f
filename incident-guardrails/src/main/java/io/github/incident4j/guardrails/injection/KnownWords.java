// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Words by which one tells a word with digits and signs for letters from a formula, a part number, a key or an id: the
 * words of the phrases and frequent ones of English, folded. Kept as numbers, so that looking one up makes no objects.
 * Immutable.
 */
final class KnownWords {
    private static final int SHORTEST = 3;
    private static final long BASIS = 0xCBF29CE484222325L; // FNV-1a
    private static final long PRIME = 0x100000001B3L;

    private final long[] words;

    private KnownWords(long[] words) {
        this.words = words;
    }

    static KnownWords load() {
        Stream<String> common = Table.lines("common-words.txt").flatMap(line -> Arrays.stream(line.split(" ")));
        return of(Stream.concat(common, Grammar.wholeWords().stream()).toList());
    }

    static KnownWords of(List<String> words) {
        return new KnownWords(words.stream()
                .map(View::folded)
                .filter(word -> word.length() >= SHORTEST && word.chars().allMatch(c -> c >= 'a' && c <= 'z'))
                .mapToLong(word -> word.chars().asLongStream().reduce(BASIS, KnownWords::add))
                .distinct()
                .sorted()
                .toArray());
    }

    private static long add(long hash, long c) {
        return (hash ^ c) * PRIME;
    }

    /** The number of no letters yet. */
    static long begin() {
        return BASIS;
    }

    /** The number of one letter more, which is folded. */
    static long with(long number, char letter) {
        return add(number, letter);
    }

    boolean hold(long number) {
        return Arrays.binarySearch(words, number) >= 0;
    }
}
