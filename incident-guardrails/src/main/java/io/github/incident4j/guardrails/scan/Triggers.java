// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which recognisers are asked where, in one kind of view. Immutable. */
final class Triggers {
    private static final int ASCII = 0x80;
    private static final int LONGEST_RUN = Long.SIZE; // longer ones are all alike
    private static final int RUNS = LONGEST_RUN + 2;

    private final Asked[] anywhere = new Asked[ASCII];
    /** By the character, and by the length of the run of letters and digits that it begins; then before a sign. */
    private final Asked[][] atWordStart = new Asked[ASCII][];

    private final Map<Character, Asked> others = new HashMap<>();
    private final Literals literals;
    private final int[] digitsWithin;
    private final BackwardRecogniser[] backward;
    /** Those that look back, by the character before their trigger; the last are for those beyond ASCII. */
    private final int[][] lookingBack = new int[ASCII + 1][];

    private final boolean empty;
    /** Whom the look of each answers: that of the first one of those that share it, all of them. */
    private final int[][] sharing;

    /** Who is asked at one kind of place. */
    static final class Asked {
        static final Asked NOBODY = new Asked(new int[0], new int[0], new int[0]);

        /** Those whose values may have no digit near. */
        final int[] always;
        /** Those whose values have one, the farthest first, and how far behind the trigger it is at most. */
        final int[] forDigit;

        final int[] within;

        private Asked(int[] always, int[] forDigit, int[] within) {
            this.always = always;
            this.forDigit = forDigit;
            this.within = within;
        }
    }

    /** Takes those of the recognisers that read this kind of view; each keeps its place in the list. */
    Triggers(List<Recogniser> recognisers, Predicate<Recogniser> ofThisKind) {
        int[] ofKind = IntStream.range(0, recognisers.size())
                .filter(place -> ofThisKind.test(recognisers.get(place)))
                .toArray();
        empty = ofKind.length == 0;
        sharing = new int[recognisers.size()][];
        int[] asked = shareLooks(recognisers, ofKind);
        digitsWithin = recognisers.stream().mapToInt(Recogniser::digitWithin).toArray();
        backward = new BackwardRecogniser[recognisers.size()];
        for (int place : ofKind) {
            if (recognisers.get(place) instanceof BackwardRecogniser looksBack) {
                backward[place] = looksBack;
            }
        }
        List<List<String>> words = new ArrayList<>(Collections.nCopies(recognisers.size(), List.of()));
        Map<Character, BitSet> ofCharacter = new HashMap<>();
        Map<Character, BitSet> ofWordStart = new HashMap<>();
        for (int place : asked) {
            Recogniser recogniser = recognisers.get(place);
            words.set(place, literals(recogniser));
            for (char c : recogniser.triggers().toCharArray()) {
                Map<Character, BitSet> table = recogniser.atWordStart() && c < ASCII ? ofWordStart : ofCharacter;
                table.computeIfAbsent(c, key -> new BitSet()).set(place);
            }
        }
        for (int i = 0; i <= ASCII; i++) {
            char before = (char) i;
            lookingBack[i] = Arrays.stream(asked)
                    .filter(place -> backward[place] != null)
                    .filter(place -> before == ASCII || backward[place].mayStandBefore(before))
                    .toArray();
        }
        literals = new Literals(words, this::looksBack);

        Arrays.fill(anywhere, Asked.NOBODY);
        ofCharacter.forEach((c, places) -> {
            if (c < ASCII) {
                anywhere[c] = asked(places, place -> digitsWithin[place]);
            } else {
                others.put(c, asked(places, place -> digitsWithin[place]));
            }
        });
        Asked[] nobody = new Asked[2 * RUNS];
        Arrays.fill(nobody, Asked.NOBODY);
        Arrays.fill(atWordStart, nobody);
        BitSet[] ofRun = ofRun(recognisers, asked);
        Map<BitSet, Asked[]> rows = new HashMap<>();
        ofWordStart.forEach(
                (c, places) -> atWordStart[c] = rows.computeIfAbsent(places, key -> row(key, ofRun, recognisers)));
    }

    /** Notes who shares a look, and gives those that are to be asked: all but those for whom another one is. */
    private int[] shareLooks(List<Recogniser> recognisers, int[] ofKind) {
        IdentityHashMap<Look, Integer> first = new IdentityHashMap<>();
        BitSet asked = new BitSet();
        for (int place : ofKind) {
            sharing[place] = new int[] {place};
            Integer other = recognisers.get(place) instanceof SharedRecogniser shared
                    ? first.putIfAbsent(shared.look(), place)
                    : null;
            if (other == null) {
                asked.set(place);
            } else {
                int[] others = sharing[other];
                sharing[other] = Arrays.copyOf(others, others.length + 1);
                sharing[other][others.length] = place;
            }
        }
        return asked.stream().toArray();
    }

    private static List<String> literals(Recogniser recogniser) {
        List<String> literals = recogniser.literals();
        return recogniser.readsFolded() ? literals.stream().map(View::folded).toList() : literals;
    }

    /** Whose values may begin with a run of each length, then before a sign of Base64. */
    private static BitSet[] ofRun(List<Recogniser> recognisers, int[] ofKind) {
        BitSet[] ofRun = new BitSet[2 * RUNS];
        for (int i = 0; i < ofRun.length; i++) {
            ofRun[i] = new BitSet();
            for (int place : ofKind) {
                Recogniser recogniser = recognisers.get(place);
                boolean goesOn = i >= RUNS && recogniser instanceof Decoder decoder && decoder.goesOnBehindSigns();
                ofRun[i].set(place, goesOn || recogniser.mayBeginWithRun(i % RUNS));
            }
        }
        return ofRun;
    }

    private static Asked[] row(BitSet places, BitSet[] ofRun, List<Recogniser> recognisers) {
        Asked[] row = new Asked[ofRun.length];
        for (int i = 0; i < row.length; i++) {
            int run = i % RUNS;
            BitSet those = (BitSet) places.clone();
            those.and(ofRun[i]);
            row[i] = asked(those, place -> digitWithin(recognisers.get(place), run));
        }
        return row;
    }

    private static int digitWithin(Recogniser recogniser, int run) {
        return recogniser instanceof LayoutRecogniser layouts ? layouts.digitWithin(run) : recogniser.digitWithin();
    }

    private static Asked asked(BitSet places, IntUnaryOperator digitWithin) {
        int[] forDigit = places.stream()
                .filter(place -> digitWithin.applyAsInt(place) >= 0)
                .boxed()
                .sorted(Comparator.comparingInt(digitWithin::applyAsInt).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        return new Asked(
                places.stream()
                        .filter(place -> digitWithin.applyAsInt(place) < 0)
                        .toArray(),
                forDigit,
                Arrays.stream(forDigit).map(digitWithin).toArray());
    }

    boolean isEmpty() {
        return empty;
    }

    /** Those that are asked wherever a character stands. */
    Asked anywhere(char c) {
        return c < ASCII ? anywhere[c] : others.isEmpty() ? Asked.NOBODY : others.getOrDefault(c, Asked.NOBODY);
    }

    /**
     * Those that are asked where a run of so many ASCII letters and digits begins with a character, and another one
     * stands behind it.
     */
    Asked atWordStart(char c, int run, char behind) {
        if (c >= ASCII) {
            return Asked.NOBODY;
        }
        return atWordStart[c][Math.min(run, LONGEST_RUN + 1) + (Decoder.isSign(behind) ? RUNS : 0)];
    }

    Literals literals() {
        return literals;
    }

    /**
     * How far behind its trigger the first digit of a recogniser's values is at most; negative if there may be none.
     */
    int digitWithin(int place) {
        return digitsWithin[place];
    }

    boolean looksBack(int place) {
        return backward[place] != null;
    }

    /** All whom the look of one answers, when he is asked. */
    int[] sharing(int place) {
        return sharing[place];
    }

    /** Those whose values may have a character directly before their trigger. */
    int[] lookingBack(char before) {
        return lookingBack[Math.min(before, ASCII)];
    }

    /** A recogniser as one that looks back; null if it is none. */
    @Nullable
    BackwardRecogniser backward(int place) {
        return backward[place];
    }
}
