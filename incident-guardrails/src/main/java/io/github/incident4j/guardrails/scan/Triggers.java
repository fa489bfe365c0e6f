// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which recognisers are asked where, in one kind of view. Immutable. */
final class Triggers {
    private static final int ASCII = 0x80;
    private static final int[] NOBODY = new int[0];

    private final int[][] anywhere = new int[ASCII][];
    private final int[][] atWordStart = new int[ASCII][];
    private final Map<Character, int[]> others = new HashMap<>();
    private final Literals literals;
    /** What a recogniser's values begin with; null where that may be anything. */
    private final @Nullable FirstRun[] firstRuns;

    private final int[] digitsWithin;
    private final int[] lookingBack;
    private final boolean[] backward;
    private final boolean empty;
    /** Whom the look of each answers: that of the first one of those that share it, all of them. */
    private final int[][] sharing;

    /** Takes those of the recognisers that read this kind of view; each keeps its place in the list. */
    Triggers(List<Recogniser> recognisers, Predicate<Recogniser> ofThisKind) {
        Arrays.fill(anywhere, NOBODY);
        Arrays.fill(atWordStart, NOBODY);
        List<List<String>> words = new ArrayList<>();
        List<Integer> asked = new ArrayList<>();
        IdentityHashMap<Look, Integer> first = new IdentityHashMap<>();
        sharing = new int[recognisers.size()][];
        for (int place = 0; place < recognisers.size(); place++) {
            Recogniser recogniser = recognisers.get(place);
            sharing[place] = new int[] {place};
            boolean asks = ofThisKind.test(recogniser);
            if (asks && recogniser instanceof SharedRecogniser shared) {
                Integer other = first.putIfAbsent(shared.look(), place);
                if (other != null) {
                    sharing[other] = with(sharing[other], place);
                    asks = false;
                }
            }
            words.add(asks ? literals(recogniser) : List.of());
            if (asks) {
                add(recogniser, place);
                asked.add(place);
            }
        }
        literals = new Literals(words, place -> recognisers.get(place) instanceof BackwardRecogniser);
        firstRuns = new FirstRun[recognisers.size()];
        for (int place = 0; place < firstRuns.length; place++) {
            firstRuns[place] = recognisers.get(place) instanceof LayoutRecogniser layouts ? layouts.firstRun() : null;
        }
        digitsWithin = recognisers.stream()
                .mapToInt(recogniser -> recogniser.digitWithin() < 0 ? Integer.MAX_VALUE : recogniser.digitWithin())
                .toArray();
        backward = new boolean[recognisers.size()];
        for (int place = 0; place < backward.length; place++) {
            backward[place] = recognisers.get(place) instanceof BackwardRecogniser;
        }
        lookingBack = asked.stream()
                .mapToInt(Integer::intValue)
                .filter(place -> backward[place])
                .toArray();
        empty = asked.isEmpty();
    }

    private static List<String> literals(Recogniser recogniser) {
        List<String> literals = recogniser.literals();
        return recogniser.readsFolded() ? literals.stream().map(View::folded).toList() : literals;
    }

    private void add(Recogniser recogniser, int place) {
        int[][] table = recogniser.atWordStart() ? atWordStart : anywhere;
        recogniser.triggers().chars().distinct().forEach(c -> {
            if (c < ASCII) {
                table[c] = with(table[c], place);
            } else {
                others.merge((char) c, new int[] {place}, (before, one) -> with(before, place));
            }
        });
    }

    private static int[] with(int[] places, int place) {
        int[] more = Arrays.copyOf(places, places.length + 1);
        more[places.length] = place;
        return more;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Those that are asked wherever a character stands. */
    int[] anywhere(char c) {
        return c < ASCII ? anywhere[c] : others.isEmpty() ? NOBODY : others.getOrDefault(c, NOBODY);
    }

    /** Those that are asked where no ASCII letter or digit stands before a character. */
    int[] atWordStart(char c) {
        return c < ASCII ? atWordStart[c] : NOBODY;
    }

    Literals literals() {
        return literals;
    }

    @Nullable
    FirstRun firstRun(int place) {
        return firstRuns[place];
    }

    int digitWithin(int place) {
        return digitsWithin[place];
    }

    boolean looksBack(int place) {
        return backward[place];
    }

    /** All whom the look of one answers, when he is asked. */
    int[] sharing(int place) {
        return sharing[place];
    }

    int[] lookingBack() {
        return lookingBack;
    }
}
