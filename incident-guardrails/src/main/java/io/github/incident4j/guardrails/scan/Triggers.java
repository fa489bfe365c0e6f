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
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Which recognisers are asked where, in one kind of view. Immutable. */
final class Triggers {
    private static final int ASCII = 0x80;
    private static final int LONGEST_RUN = Long.SIZE; // longer ones are all alike
    private static final int RUNS = LONGEST_RUN + 2;
    /** What may stand between two runs, as far as it is told apart. */
    static final String BETWEEN = " -./:";
    /** The kinds of characters behind a run: others, those between runs, and signs of Base64 that are none of these. */
    private static final int KINDS = BETWEEN.length() + 2;

    private static final int[] KIND = new int[ASCII];
    /** All lengths of a run. */
    static final long ANY = -1;

    static {
        for (char c = 0; c < ASCII; c++) {
            KIND[c] = BETWEEN.indexOf(c) >= 0 ? BETWEEN.indexOf(c) + 1 : Decoder.isSign(c) ? KINDS - 1 : 0;
        }
    }

    private final Asked[] anywhere = new Asked[ASCII];
    /** By the character, and by the kind of what stands behind the run that it begins, and that run's length. */
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
        static final Asked NOBODY = new Asked(new int[0], new long[0], new int[0], new long[0], new int[0]);

        /** Those whose values may have no digit near. */
        final int[] always;
        /** A bit for each length that the next run of letters and digits may have, 63 for all above 62. */
        final long[] alwaysNext;
        /** Those whose values have a digit, the farthest first, and how far behind the trigger it is at most. */
        final int[] forDigit;

        final long[] forDigitNext;
        final int[] within;
        /** Whether the next run makes a difference. */
        final boolean readsNext;

        private Asked(int[] always, long[] alwaysNext, int[] forDigit, long[] forDigitNext, int[] within) {
            this.always = always;
            this.alwaysNext = alwaysNext;
            this.forDigit = forDigit;
            this.forDigitNext = forDigitNext;
            this.within = within;
            readsNext = LongStream.concat(Arrays.stream(alwaysNext), Arrays.stream(forDigitNext))
                    .anyMatch(lengths -> lengths != ANY);
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
                anywhere[c] = asked(places, place -> digitsWithin[place], place -> ANY);
            } else {
                others.put(c, asked(places, place -> digitsWithin[place], place -> ANY));
            }
        });
        Asked[] nobody = new Asked[KINDS * RUNS];
        Arrays.fill(nobody, Asked.NOBODY);
        Arrays.fill(atWordStart, nobody);
        BitSet ofAnyWordStart = new BitSet();
        ofWordStart.values().forEach(ofAnyWordStart::or);
        long[][] next = new long[recognisers.size()][];
        int[][] within = new int[recognisers.size()][];
        ofAnyWordStart.stream().forEach(place -> {
            next[place] = next(recognisers.get(place));
            within[place] = IntStream.range(0, KINDS * RUNS)
                    .map(i -> digitWithin(recognisers.get(place), i % RUNS))
                    .toArray();
        });
        Map<BitSet, Asked[]> rows = new HashMap<>();
        ofWordStart.forEach(
                (c, places) -> atWordStart[c] = rows.computeIfAbsent(places, key -> row(key, next, within)));
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

    /** How long the second run may be behind a first one of each length before each kind of character. */
    private static long[] next(Recogniser recogniser) {
        long[] next = new long[KINDS * RUNS];
        for (int i = 0; i < next.length; i++) {
            int run = i % RUNS;
            int kind = i / RUNS;
            char behind = kind == 0 || kind > BETWEEN.length() ? 0 : BETWEEN.charAt(kind - 1);
            boolean sign = kind == KINDS - 1 || Decoder.isSign(behind);
            if (sign && recogniser instanceof Decoder decoder && decoder.goesOnBehindSigns()) {
                next[i] = ANY;
            } else if (recogniser.mayBeginWithRun(run)) {
                next[i] = run > LONGEST_RUN ? ANY : next(recogniser, run, behind);
            }
        }
        return next;
    }

    private static long next(Recogniser recogniser, int run, char behind) {
        if (recogniser instanceof LayoutRecogniser layouts) {
            return layouts.next(run, behind);
        }
        long lengths = 0;
        for (int second = 0; second < Long.SIZE; second++) {
            lengths |= recogniser.mayBeginWithRuns(run, behind, second) ? 1L << second : 0;
        }
        return lengths;
    }

    private static Asked[] row(BitSet of, long[][] next, int[][] within) {
        int[] places = of.stream().toArray();
        Asked[] row = new Asked[KINDS * RUNS];
        for (int i = 0; i < row.length; i++) {
            int at = i;
            int same = isSame(places, next, within, i, i - 1) ? i - 1 : i - RUNS; // there are few different ones
            if (same == i - 1 || isSame(places, next, within, i, same)) {
                row[i] = row[same];
                continue;
            }
            BitSet those = new BitSet();
            Arrays.stream(places).filter(place -> next[place][at] != 0).forEach(those::set);
            row[i] = asked(those, place -> within[place][at], place -> next[place][at]);
        }
        return row;
    }

    private static boolean isSame(int[] places, long[][] next, int[][] within, int one, int other) {
        boolean same = other >= 0;
        for (int i = 0; same && i < places.length; i++) {
            int place = places[i];
            same = next[place][one] == next[place][other] && within[place][one] == within[place][other];
        }
        return same;
    }

    private static int digitWithin(Recogniser recogniser, int run) {
        return recogniser instanceof LayoutRecogniser layouts ? layouts.digitWithin(run) : recogniser.digitWithin();
    }

    private static Asked asked(BitSet places, IntUnaryOperator digitWithin, IntToLongFunction next) {
        if (places.isEmpty()) {
            return Asked.NOBODY;
        }
        int[] always = places.stream()
                .filter(place -> digitWithin.applyAsInt(place) < 0)
                .toArray();
        int[] forDigit = places.stream()
                .filter(place -> digitWithin.applyAsInt(place) >= 0)
                .boxed()
                .sorted(Comparator.comparingInt(digitWithin::applyAsInt).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        return new Asked(
                always,
                Arrays.stream(always).mapToLong(next).toArray(),
                forDigit,
                Arrays.stream(forDigit).mapToLong(next).toArray(),
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
        int kind = behind < ASCII ? KIND[behind] : 0;
        return atWordStart[c][kind * RUNS + Math.min(run, LONGEST_RUN + 1)];
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
