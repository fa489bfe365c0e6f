// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Guardrail.Cost;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.internal.Rail;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;

/**
 * Guardrails on answers that must rest on sources, such as those of retrieval-augmented generation.
 *
 * <pre>{@code
 * .output(numbersInSources(Answer::text, Answer::sources))
 * .output(datesInSources(Answer::text, Answer::sources))
 * .output(citations(Answer::text, Answer::sourceIds))
 * .output(Rails.blocking(overlap(Answer::text, Answer::sources)))
 * .output(similarity(Answer::text, Answer::sources, model::embed, 0.6))
 * }</pre>
 *
 * <p>They compare what stands there and understand nothing: an answer whose words, numbers and names all stand in its
 * sources may still be wrong, and one that paraphrases or calculates is right and found. So all but {@link #citations}
 * flag; {@code TextRails} has {@code blocking}, {@code flagging} and {@code retrying} to do otherwise.
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything. They hold no state and are safe for use by several threads; their time is that of one pass over answer
 * and sources, and of looking up in sorted sets. An answer or a collection that is missing (null) is blocked, with the
 * category {@code missing-text} or {@code missing-sources}; a source that is null counts as none. A finding never holds
 * anything of the answer; places in it are UTF-16 units.
 */
public final class GroundingRails {
    private static final double LEAST_OVERLAP = 0.3;
    private static final int LENGTH = 2;

    private GroundingRails() {}

    /**
     * As {@link #overlap(Function, Function, int, double)}, with runs of 2 words and 0.3.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> overlap(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> sources) {
        return overlap(answer, sources, LENGTH, LEAST_OVERLAP);
    }

    /**
     * Flags an answer of which less than a share of the words stands in runs that a source has, too. Case and signs
     * between words make no difference; a letter of a script without spaces is a word. Answers of fewer than eight
     * words are not judged.
     *
     * <p>The guardrail's name and rule is {@code overlap}, the category {@code ungrounded}. Not caught: false
     * statements in the sources' words. Taken for ungrounded: paraphrases, translations. Faults are a length that is
     * not from 1 to 10, a share that is not from 0 to 1, and what is null.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param length how many words a run has
     * @param least the smallest share that passes
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> overlap(
            Function<? super T, String> answer,
            Function<? super T, ? extends Collection<String>> sources,
            int length,
            double least) {
        return faults(Overlap.NAME, answer, sources)
                .when(
                        length < 1 || length > Overlap.LONGEST,
                        "runs of " + length + " words are none; give 1 to " + Overlap.LONGEST)
                .when(!(least >= 0 && least <= 1), "the share " + least + " is none; give 0 to 1")
                .or(
                        Overlap.NAME,
                        () -> rail(Overlap.NAME, Action.FLAG, answer, sources, new Overlap(length, least)::in));
    }

    /**
     * Flags an answer with a number that stands in no source. 1,000 and 1.000, 1 000, 1'000 and "1 thousand" are the
     * same; so are 12 %, "12 percent" and 0.12, and 1.5 km and 1,500 m. A number is in a source that comes to it when
     * rounded to the last digit that the answer shows: 3.1 million is in a source with 3,123,456. Numbers with
     * different units are different ones, if both units are known; small numbers in words are read in sources. Numbers
     * in dates, of list items and in citations such as [1] are left out.
     *
     * <p>The guardrail's name and rule is {@code numbers}, the category {@code ungrounded}. Not caught: a right number
     * of something else, a wrong sign, numbers in words. Taken for ungrounded: sums, differences and other results.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> numbersInSources(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> sources) {
        return rail(Numbers.NAME, Action.FLAG, answer, sources, Numbers::missing);
    }

    /**
     * Flags an answer with a date that stands in no source: 2024-03-12, 12.03.2024, 12/03/2024 (either order), March
     * 12, 2024, "12. März", "mars 2024", 2024年3月12日, with the months' names in English, German, French, Spanish,
     * Italian, Portuguese, Dutch and Polish. A part that is not given agrees with every one. A year alone is a number.
     *
     * <p>The guardrail's name and rule is {@code dates}, the category {@code ungrounded}. Not caught: a right date of
     * something else, "yesterday", days of the week.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> datesInSources(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> sources) {
        return rail(Dates.NAME, Action.FLAG, answer, sources, Dates::missing);
    }

    /**
     * Flags an answer with a name that stands in no source: a word with a capital that does not begin a sentence, a
     * line, a heading or a quotation. Where more than a fifth of such words have one, as in German, only those count
     * that stand next to each other. Case makes no difference, nor do up to three letters at the end of the longer of
     * two words, from four letters on: Germans is in a source with German.
     *
     * <p>The guardrail's name and rule is {@code names}, the category {@code ungrounded}. Not caught: names at the
     * beginning, in small letters or in scripts without capitals, names put together of words that stand apart in the
     * sources. Taken for ungrounded: titles with capitals, translated names, abbreviations that the sources write out.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> namesInSources(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> sources) {
        return rail(Names.NAME, Action.FLAG, answer, sources, Names::missing);
    }

    /**
     * Retries when an answer cites a source that was not given. Citations are names in brackets that a source has, or
     * that look like one, with a digit and without spaces: [1], [2, 3], [1-3], [doc-3], [^4]. Case makes no difference.
     * Links and code of Markdown are left out.
     *
     * <p>The guardrail's name and rule is {@code citations}, the category {@code unknown-source}. Not caught: a given
     * source that does not say it.
     *
     * @param answer takes the answer out of the value that is judged
     * @param ids takes the names of the sources out of the value that is judged, without brackets
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> citations(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> ids) {
        return rail(Citations.NAME, Action.RETRY, answer, ids, Citations::unknown);
    }

    /**
     * Flags an answer with a sentence that cites no given source, before or right after its full stop. Sentences of
     * fewer than five words, headings, lines that end with a colon, and code are left out; the items of a list are
     * sentences.
     *
     * <p>The guardrail's name and rule is {@code cited-sentences}, the category {@code uncited}. An answer without a
     * sentence passes.
     *
     * @param answer takes the answer out of the value that is judged
     * @param ids takes the names of the sources out of the value that is judged, without brackets
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> citedSentences(
            Function<? super T, String> answer, Function<? super T, ? extends Collection<String>> ids) {
        return rail(Citations.EVERY, Action.FLAG, answer, ids, Citations::uncited);
    }

    /**
     * Flags an answer that is near no source in the eyes of a model: the cosine of the angle between their vectors is
     * below a limit for each of them. The answer and every source are embedded as they are, so give passages rather
     * than books, and cache where sources come again. Which limit is a good one depends on the model; measure it.
     *
     * <p>The guardrail's name and rule is {@code similarity}, the category {@code ungrounded}, or {@code no-embedding}
     * for vectors that are zero, not finite or of different lengths. An exception of the embedding is the guardrail's.
     * The model is asked on the caller's thread, once for the answer and once for each source, without a time limit, a
     * cache or metrics: give the guardrail {@code RailOptions.cutOffAfter(…)}, which also says what a failure means.
     * Faults are a limit that is not from −1 to 1, and what is null.
     *
     * @param answer takes the answer out of the value that is judged
     * @param sources takes the texts of the sources out of the value that is judged
     * @param embedding the model
     * @param least the smallest cosine that passes
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> similarity(
            Function<? super T, String> answer,
            Function<? super T, ? extends Collection<String>> sources,
            Embedding embedding,
            double least) {
        return faults(Similarity.NAME, answer, sources)
                .whenNull(embedding, "the embedding", "model::embed")
                .when(!(least >= -1 && least <= 1), "the cosine " + least + " is none; give -1 to 1")
                .or(
                        Similarity.NAME,
                        () -> made(Similarity.NAME, Action.FLAG, answer, sources, new Similarity(embedding, least)::in)
                                .costing(Cost.EXPENSIVE));
    }

    private static Faults faults(String call, Object answer, Object sources) {
        return new Faults(call)
                .whenNull(answer, "the function that takes out the answer", "Answer::text")
                .whenNull(sources, "the function that takes out the sources", "Answer::sources");
    }

    private static <T> Guardrail<T> rail(
            String name,
            Action action,
            Function<? super T, String> answer,
            Function<? super T, ? extends Collection<String>> sources,
            Rail.PairSearch<String, Collection<String>> search) {
        return faults(name, answer, sources).or(name, () -> made(name, action, answer, sources, search));
    }

    private static <T> Rail<T> made(
            String name,
            Action action,
            Function<? super T, String> answer,
            Function<? super T, ? extends Collection<String>> sources,
            Rail.PairSearch<String, Collection<String>> search) {
        return Rail.onPair(
                name,
                action,
                new Rail.Part<T, String>("text", answer),
                new Rail.Part<T, Collection<String>>("sources", sources),
                (text, all) ->
                        search.in(text, all.stream().filter(Objects::nonNull).toList()));
    }
}
