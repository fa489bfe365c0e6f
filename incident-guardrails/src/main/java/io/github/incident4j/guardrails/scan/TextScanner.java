// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs many recognisers over a text in one pass. Nothing backtracks: each recogniser is asked at its own triggers only,
 * and looks at a bounded number of characters there. So the time is linear in the text, apart from sorting the matches.
 *
 * <p>The text is read as its {@link View}. A boundary is where no ASCII letter or digit stands, so that the answer is
 * the same beside every script and on every JDK.
 *
 * <p>Matches are apart. Of values that overlap, the one that begins first stays; where several begin, the longest, then
 * the one with the highest confidence, then the one whose recogniser comes first in the list. Of a value that goes on
 * behind the one before it the rest is a match of its own, so that every character of every value is in a match. Values
 * below the least confidence take no part. Immutable.
 */
public final class TextScanner {
    static final int FARTHEST_REACH = 8_192;

    private final Recogniser[] recognisers; // the decoders behind all others
    private final int firstDecoder;
    private final @Nullable Look[] looks;
    private final double[] leastConfidences;
    private final List<Severity> severities;
    private final Allowed allowed;
    private final ContextWords contextWords;
    private final Triggers plain;
    private final Triggers plainOnly;
    private final Triggers folded;
    private final boolean decodes;
    private final int[] reaches;
    private final WordsAgainst[] against;
    private final int[] fewest;
    private final String[] labels;

    /**
     * Makes a scanner.
     *
     * @param recognisers the recognisers, without {@linkplain Recogniser#faults() faults}; copied
     * @param leastConfidence the confidence from which on a match counts, from 0 to 1
     */
    public TextScanner(List<? extends Recogniser> recognisers, double leastConfidence) {
        this(
                recognisers,
                repeated(leastConfidence, recognisers.size()),
                Collections.nCopies(recognisers.size(), Severity.P3),
                Allowed.NOTHING,
                false);
    }

    TextScanner(
            List<? extends Recogniser> recognisers,
            double[] leastConfidences,
            List<Severity> severities,
            Allowed allowed,
            boolean decodes) {
        firstDecoder = recognisers.size();
        List<Recogniser> all = Stream.concat(recognisers.stream(), decodes ? Decoders.ALL.stream() : Stream.empty())
                .toList();
        this.recognisers = all.toArray(Recogniser[]::new);
        this.leastConfidences = Arrays.copyOf(leastConfidences, all.size());
        this.severities = List.copyOf(severities);
        this.allowed = allowed;
        this.decodes = decodes;
        List<Set<String>> words = new ArrayList<>();
        looks = new Look[all.size()];
        for (int place = 0; place < looks.length; place++) {
            looks[place] = all.get(place) instanceof SharedRecogniser shared ? shared.look() : null;
            words.add(all.get(place).context());
        }
        words.add(allowed.words());
        contextWords = new ContextWords(words);
        plain = new Triggers(all, recogniser -> !recogniser.readsFolded());
        plainOnly = decodes
                ? new Triggers(all, recogniser -> !recogniser.readsFolded() && !(recogniser instanceof Decoder))
                : plain;
        folded = new Triggers(all, Recogniser::readsFolded);
        fewest = all.stream().mapToInt(Recogniser::fewest).toArray();
        labels = all.stream().map(Recogniser::label).toArray(String[]::new);
        against = all.stream()
                .map(recogniser -> new WordsAgainst(Set.copyOf(recogniser.against()), Set.copyOf(recogniser.context())))
                .toArray(WordsAgainst[]::new);
        reaches = all.stream()
                .mapToInt(recogniser -> Math.min(FARTHEST_REACH, recogniser.reach()))
                .toArray();
    }

    private static double[] repeated(double value, int times) {
        double[] values = new double[times];
        Arrays.fill(values, value);
        return values;
    }

    /**
     * Finds the values in a text.
     *
     * @param text any text; lone surrogates are fine
     * @return the matches in the order of the text; they do not overlap
     */
    public List<Match> scan(String text) {
        List<Span> spans = Scan.whole(this, text);
        if (spans.isEmpty()) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>();
        int end = 0;
        int counted = 0;
        int codePoints = 0;
        for (Span span : spans) {
            if (span.end() > end) {
                int start = Math.max(end, span.start());
                codePoints += text.codePointCount(counted, start);
                counted = start;
                end = span.end();
                matches.add(match(span, start, codePoints, codePoints + text.codePointCount(start, end)));
            }
        }
        return List.copyOf(matches);
    }

    /** The match of what a span holds from an offset on. */
    Match match(Span span, int start, int codePointStart, int codePointEnd) {
        Recogniser recogniser = recogniser(span.recogniser());
        return new Match(
                recogniser.rule(),
                recogniser.category(),
                labels[span.recogniser()],
                start,
                span.end(),
                codePointStart,
                codePointEnd,
                span.confidence(),
                span.layer(),
                severities.get(span.recogniser()),
                why(recogniser.verifies(), span.inContext()));
    }

    private static String why(boolean checked, boolean inContext) {
        String context = inContext ? "near a context word" : "";
        return checked ? inContext ? "checked, " + context : "checked" : context;
    }

    Recogniser recogniser(int place) {
        return recognisers[place];
    }

    /** The look that a rule shares with others; null when it shares none. */
    @Nullable
    Look look(int place) {
        return looks[place];
    }

    /** Whether a recogniser is a decoder; a check of its type would cost more than many a recogniser. */
    boolean isDecoder(int place) {
        return place >= firstDecoder;
    }

    WordsAgainst against(int place) {
        return against[place];
    }

    int size() {
        return recognisers.length;
    }

    /** How many values of a recogniser there must be. */
    int fewest(int place) {
        return fewest[place];
    }

    int reach(int place) {
        return reaches[place];
    }

    double leastConfidence(int place) {
        return leastConfidences[place];
    }

    boolean allows(View view, Hit hit) {
        return allowed.holds(view, hit.from(), hit.to());
    }

    boolean allowsNearWords() {
        return !allowed.words().isEmpty();
    }

    /** The set of context words near which values are allowed. */
    int allowingWords() {
        return recognisers.length;
    }

    ContextWords contextWords() {
        return contextWords;
    }

    /** Those who read the text as it is. */
    Triggers plain() {
        return plain;
    }

    /** Those of them who do not decode. */
    Triggers plainOnly() {
        return plainOnly;
    }

    boolean decodes() {
        return decodes;
    }

    /** Those who read it folded. */
    Triggers folded() {
        return folded;
    }

    /** What the farthest recogniser may read, and the context words behind that. */
    int holdBack() {
        return View.LOOK_BACK
                + Arrays.stream(reaches).max().orElse(0)
                + Math.max(View.BEYOND_WINDOW, ContextWords.FARTHEST);
    }
}
