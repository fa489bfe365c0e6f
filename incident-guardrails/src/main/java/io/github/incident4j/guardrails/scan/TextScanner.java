// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs many recognisers over a text in one pass. Nothing backtracks: each recogniser is asked at its own triggers only,
 * and looks at a bounded number of characters there. So the time is linear in the text, apart from sorting the matches.
 *
 * <p>The text is read as its {@link View}. A boundary is where no ASCII letter or digit stands, so that the answer is
 * the same beside every script and on every JDK.
 *
 * <p>Of matches that overlap the longest stays, of these the one with the highest confidence, then the one whose
 * recogniser comes first in the list. Matches below the least confidence take no part. Immutable.
 */
public final class TextScanner {
    private static final int ASCII = 0x80;

    private final List<Recogniser> recognisers;
    private final double leastConfidence;
    private final ContextWords contextWords;
    private final int[][] atWordStart;
    private final int[][] anywhere;
    /** How long the first run of letters and digits of a recogniser's values may be, a bit for each length. */
    private final long[] firstRuns;

    private record Candidate(int recogniser, int start, int end, double confidence) {
        int length() {
            return end - start;
        }
    }

    /**
     * Makes a scanner.
     *
     * @param recognisers the recognisers; copied
     * @param leastConfidence the confidence from which on a match counts, from 0 to 1
     */
    public TextScanner(List<? extends Recogniser> recognisers, double leastConfidence) {
        this.recognisers = List.copyOf(recognisers);
        this.leastConfidence = leastConfidence;
        contextWords = new ContextWords(this.recognisers);
        atWordStart = table(true);
        anywhere = table(false);
        firstRuns = this.recognisers.stream()
                .mapToLong(recogniser -> recogniser instanceof LayoutRecogniser layouts ? layouts.firstRuns() : -1)
                .toArray();
    }

    private int[][] table(boolean wordStart) {
        int[][] table = new int[ASCII][];
        Arrays.fill(table, new int[0]);
        for (int i = 0; i < recognisers.size(); i++) {
            Recogniser recogniser = recognisers.get(i);
            if (recogniser.atWordStart() == wordStart) {
                int place = i;
                recogniser.triggers().chars().filter(c -> c < ASCII).distinct().forEach(c -> {
                    table[c] = Arrays.copyOf(table[c], table[c].length + 1);
                    table[c][table[c].length - 1] = place;
                });
            }
        }
        return table;
    }

    /**
     * Finds the values in a text.
     *
     * @param text any text; lone surrogates are fine
     * @return the matches in the order of the text; they do not overlap
     */
    public List<Match> scan(String text) {
        View view = View.of(text);
        List<Candidate> candidates = new ArrayList<>();
        ContextWords.@Nullable Places places = null;
        int wordEnd = 0;
        for (int i = 0; i < view.length(); i++) {
            char c = view.charAt(i);
            if (c >= ASCII) {
                continue;
            }
            for (int recogniser : anywhere[c]) {
                places = find(recogniser, view, i, candidates, places);
            }
            if (i < wordEnd || view.isWordAt(i - 1)) {
                continue;
            }
            wordEnd = i;
            while (view.isWordAt(wordEnd)) {
                wordEnd++;
            }
            int length = wordEnd - i;
            long run = length == 0 || length > Long.SIZE ? 0 : 1L << (length - 1);
            for (int recogniser : atWordStart[c]) {
                if (firstRuns[recogniser] == -1 || (firstRuns[recogniser] & run) != 0) {
                    places = find(recogniser, view, i, candidates, places);
                }
            }
        }
        return candidates.isEmpty() ? List.of() : matches(text, resolved(candidates));
    }

    /** Asks one recogniser; the places of the context words are read when the first hit needs them. */
    private ContextWords.@Nullable Places find(
            int recogniser, View view, int at, List<Candidate> candidates, ContextWords.@Nullable Places before) {
        Hit hit = recognisers.get(recogniser).find(view, at);
        if (hit == null || Math.max(hit.confidence(), hit.inContext()) < leastConfidence) {
            return before;
        }
        ContextWords.Places places = before;
        double confidence = hit.confidence();
        if (hit.inContext() > confidence) {
            places = places == null ? contextWords.in(view) : places;
            if (places.isNear(recogniser, hit.from(), hit.to())) {
                confidence = hit.inContext();
            }
        }
        if (confidence >= leastConfidence) {
            candidates.add(new Candidate(
                    recogniser, view.originalStart(hit.from()), view.originalEnd(hit.to() - 1), confidence));
        }
        return places;
    }

    private static Iterable<Candidate> resolved(List<Candidate> candidates) {
        candidates.sort(Comparator.comparingInt(Candidate::length)
                .thenComparingDouble(Candidate::confidence)
                .reversed()
                .thenComparingInt(Candidate::recogniser)
                .thenComparingInt(Candidate::start));
        TreeMap<Integer, Candidate> kept = new TreeMap<>();
        for (Candidate candidate : candidates) {
            Map.Entry<Integer, Candidate> before = kept.lowerEntry(candidate.end());
            if (before == null || before.getValue().end() <= candidate.start()) {
                kept.put(candidate.start(), candidate);
            }
        }
        return kept.values();
    }

    private List<Match> matches(String text, Iterable<Candidate> kept) {
        List<Match> matches = new ArrayList<>();
        int at = 0;
        int codePoints = 0;
        for (Candidate candidate : kept) {
            int codePointStart = codePoints + text.codePointCount(at, candidate.start());
            codePoints = codePointStart + text.codePointCount(candidate.start(), candidate.end());
            at = candidate.end();
            Recogniser recogniser = recognisers.get(candidate.recogniser());
            matches.add(new Match(
                    recogniser.rule(),
                    recogniser.category(),
                    recogniser.label(),
                    candidate.start(),
                    candidate.end(),
                    codePointStart,
                    codePoints,
                    candidate.confidence()));
        }
        return List.copyOf(matches);
    }
}
