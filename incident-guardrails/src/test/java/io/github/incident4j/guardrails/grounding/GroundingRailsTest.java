// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroundingRailsTest {
    private record Answer(String text, Collection<String> sources) {}

    /** A line break cannot stand in a row of a test's table. */
    private static String lines(String text) {
        return text.replace('¶', '\n');
    }

    private static Answer answer(String text, String... sources) {
        return new Answer(lines(text), List.of(sources));
    }

    private static final Guardrail<Answer> NUMBERS = GroundingRails.numbersInSources(Answer::text, Answer::sources);
    private static final Guardrail<Answer> DATES = GroundingRails.datesInSources(Answer::text, Answer::sources);
    private static final Guardrail<Answer> NAMES = GroundingRails.namesInSources(Answer::text, Answer::sources);
    private static final Guardrail<Answer> CITATIONS = GroundingRails.citations(Answer::text, Answer::sources);
    private static final Guardrail<Answer> CITED = GroundingRails.citedSentences(Answer::text, Answer::sources);
    private static final Guardrail<Answer> OVERLAP = GroundingRails.overlap(Answer::text, Answer::sources);

    private static void assertFlagged(Guardrail<Answer> rail, Answer answer, boolean flagged) {
        Verdict<Answer> verdict = rail.check(answer);
        assertThat(verdict.equals(Verdict.<Answer>pass()))
                .as(verdict.toString())
                .isEqualTo(!flagged);
        assertThat(verdict instanceof Verdict.Flag).as(verdict.toString()).isEqualTo(flagged);
    }

    private static @Nullable Finding finding(Verdict<Answer> verdict) {
        if (verdict instanceof Verdict.Flag<Answer> flag) {
            return flag.finding();
        }
        return verdict instanceof Verdict.Retry<Answer> retry ? retry.finding() : null;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // grouping and decimals
                "It cost 1,000. | It cost 1000.",
                "It cost 1.000. | It cost 1,000.",
                "It cost 1 000. | It cost 1'000.",
                "It cost 1’000,50. | It cost 1,000.50.",
                "It cost 1,23,456. | It cost 123456.",
                "It cost 1.5. | It cost 1,5.",
                "It cost １２３. | It cost 123.",
                "There are ٣٤ of them. | There are 34 of them.",
                "It has 100 200 300. | It has 300, 200 and 100.",
                // multiples and rounding
                "It cost 3 million. | It cost 3,000,000.",
                "It cost 3.1 million. | It cost 3,123,456.",
                "Es kostet 2,5 Mio. Euro. | It cost 2,500,000 euros.",
                "It cost 5k. | It cost 5000.",
                "有3万人 | There are 30,000 people.",
                "About 12.3 of them. | About 12.345 of them.",
                "About 13 of them. | About 12.7 of them.",
                // percent
                "It is 12 %. | It is 12 percent.",
                "It is 12%. | The share is 0.12.",
                "The share is 0.12. | It is 12 Prozent.",
                "It is 12%. | In percent: 12",
                "It is 5‰. | It is 0.5%.",
                // units
                "It is 1.5 km. | It is 1,500 m.",
                "It takes 2 hours. | It takes 120 minutes.",
                "In 24 months. | In 2 years.",
                "It costs $5. | It costs 5 dollars.",
                "It costs EUR 5. | It costs 5 €.",
                "It costs $3 million. | It costs 3,000,000 USD.",
                "It is 5 apples. | It is 5 kg.",
                // what is no claim
                "1. First¶2. Second¶ 13) Third | nothing",
                "It is so [1], and [2, 3] say it. | nothing",
                "Take H2O, B12, GPT4 and 3D. | nothing",
                "It was on 12 March 2024. | It was on 2024-03-12.",
                "Version 1.2.3 is out. | nothing",
                "No number. | nothing",
                // words and dates of the source
                "There are 3 of them. | There are three of them.",
                "Es sind 7. | Es sind sieben.",
                "It was in 2024. | It was on 12.03.2024.",
                "The 1st and the 2nd. | One and two.",
                "In the 1990s. | In 1990.",
            })
    void numberInASource_passes(String text, String source) {
        assertFlagged(NUMBERS, answer(text, "Something else.", source), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It cost 1,001. | It cost 1000.",
                "It cost 10. | It cost 1 and 0.",
                "It cost 3.2 million. | It cost 3,123,456.",
                "It is 13 %. | It is 12 %.",
                "It costs $5. | It costs 5 €.",
                "It is 5 km. | It is 5 m.",
                "It is 5 kg. | It is 5 km.",
                "It takes 3 hours. | It takes 120 minutes.",
                "It was in 2025. | It was on 12.03.2024.",
                "About 12.4 of them. | About 12.345 of them.",
                "It has 100 200 301. | It has 300, 200 and 100.",
                "There are 4 of them. | There are three of them.",
                "It is 2.000.000 big. | It is 2,000 big."
            })
    void numberInNoSource_isFlagged(String text, String source) {
        assertFlagged(NUMBERS, answer(text, "Something else.", source), true);
    }

    @Test
    void findingOfNumbers_namesThePlaceInTheOriginal() {
        Finding finding = finding(NUMBERS.check(answer("💣 \u200BIt is 12, or １３0.", "12")));
        assertThat(finding)
                .isEqualTo(new Finding(
                        "numbers", "ungrounded", "1 of 2 numbers stands in no source, the first at 17 to 20"));
        assertThat(NUMBERS.check(new Answer("It is 5.", List.of()))).isInstanceOf(Verdict.Flag.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "On 2024-03-12. | On 12 March 2024.",
                "On March 12, 2024. | On 12.03.2024.",
                "On March 12th. | On 12.03.2024.",
                "In March 2024. | On 2024-03-12.",
                "Am 12. März 2024. | On 3/12/2024.",
                "Am 12. 3. 2024. | On the 12th of March 2024.",
                "Le 12 mars 2024. | On 12/03/24.",
                "El 12 de marzo de 2024. | On 2024-03-12.",
                "W dniu 12 marca 2024. | On 2024-03-12.",
                "2024年3月12日 | On 2024-03-12.",
                "2024年3月 | On 2024-03-12.",
                "You may 3 times march 5 miles. | nothing",
                "Version 1.2.3, 10-20-30-40 and 99/99/9999. | nothing",
                "March is a month. | nothing"
            })
    void dateInASource_passes(String text, String source) {
        assertFlagged(DATES, answer(text, source), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "On 2024-03-13. | On 12 March 2024.",
                "On March 12, 2025. | On 12.03.2024.",
                "In April 2024. | On 2024-03-12.",
                "On May 5. | On 2024-05-06.",
                "Am 12. März. | nothing",
                "2023年3月12日 | On 2024-03-12."
            })
    void dateInNoSource_isFlagged(String text, String source) {
        assertFlagged(DATES, answer(text, source), true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The talk was given by Ada Lovelace in London. | ada lovelace spoke in london",
                "Then the Germans left for Rome. | The German team is in Rome.",
                "Paris is big. | nothing",
                "He said: “Nobody knows.” Then he left. | nothing",
                "# The Great Plan Of All¶It is small. | nothing",
                "It is as I say. | nothing",
                "- Apples¶- Pears and more | nothing",
                "Der Hund und die Katze sitzen im Garten und sehen dem Vogel auf dem Baum zu. | nothing"
            })
    void nameInASource_passes(String text, String source) {
        assertFlagged(NAMES, answer(text, source), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The talk was given by Grace Hopper. | The talk was given by Ada Lovelace.",
                "They met in Vienna. | They met.",
                "It is made by NASA. | It is made by ESA.",
                "Der Hund und die Katze sitzen im Garten und sehen Angela Muster auf dem Baum zu. | Hund und Katze"
            })
    void nameInNoSource_isFlagged(String text, String source) {
        assertFlagged(NAMES, answer(text, source), true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is so [1]. | 1,2",
                "It is so [1, 2] and [1-2]. | 1,2",
                "It is so [Doc-3]; and so[^1]. | doc-3,1",
                "See [my notes]. | my notes",
                "See [the page 4](https://example.com) and [sic] and [x] and [...]. | 1",
                "Use `a[7]` and¶```¶b[8] = c[9]¶``` | 1",
                "At [12:30] and [2024-01-01 10:00]. | 1",
                "[ | 1"
            })
    void citationOfAGivenSource_passes(String text, String ids) {
        assertThat(CITATIONS.check(new Answer(lines(text), Arrays.asList(ids.split(",", -1)))))
                .isSameAs(Verdict.pass());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It is so [3]. | 1,2 | 1 of 1",
                "It is so [1][4]. | 1,2 | 1 of 2",
                "It is so [1, 5] and [0]. | 1,2 | 2 of 3",
                "It is so [1-3]. | 1,2 | 1 of 1",
                "It is so [doc-4]. | doc-3 | 1 of 1",
                "It is so [1]. | doc-3 | 1 of 1"
            })
    void citationOfAnotherSource_isAskedForAgain(String text, String ids, String counts) {
        Verdict<Answer> verdict = CITATIONS.check(new Answer(lines(text), Arrays.asList(ids.split(",", -1))));
        assertThat(verdict).isInstanceOf(Verdict.Retry.class);
        assertThat(finding(verdict)).isNotNull().asString().contains(counts + " citations");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The bridge was built in ten years [1]. It is very long, they say.[2] | 0",
                "The bridge was built in ten years. [1] It is very long, they say [2] | 0",
                "The bridge was built in ten years. It is very long, they say [2]. | 1",
                "The bridge was built in ten years [3]. | 1",
                "These are all of the reasons why:¶- it was always very cheap [1]¶- it was never very far away | 1",
                "# All about the very long bridge¶Yes. | 0",
                "The bridge, e.g. the long one, was built by Dr. Muster in ten years [1]. | 0",
                "桥用了十年建成。[1] 它非常非常长。 | 1",
                "```¶this is code and it has no source¶``` | 0"
            })
    void sentenceWithoutACitation_isFlagged(String text, int uncited) {
        Verdict<Answer> verdict = CITED.check(answer(text, "1", "2"));
        if (uncited == 0) {
            assertThat(verdict).isSameAs(Verdict.pass());
        } else {
            assertThat(finding(verdict)).isNotNull().asString().contains("message=" + uncited + " of ");
        }
    }

    @Test
    void answerOfOtherWords_isFlagged() {
        String source = "The council met on Monday and agreed to build a new bridge across the river.";
        assertFlagged(OVERLAP, answer("On Monday the council agreed to build a new bridge.", source), false);
        assertFlagged(OVERLAP, answer("Penguins live in the south and eat fish from the cold sea.", source), true);
        assertFlagged(OVERLAP, answer("Penguins.", source), false);
        assertThat(GroundingRails.overlap(Answer::text, Answer::sources, 0, 2).faults())
                .containsExactly(
                        "overlap: runs of 0 words are none; give 1 to 10",
                        "overlap: the share 2.0 is none; give 0 to 1");
    }

    @Test
    void answerFarFromTheSources_isFlagged() {
        Guardrail<Answer> rail = GroundingRails.similarity(Answer::text, Answer::sources, new HashedWords(), 0.5);
        String source = "the council agreed to build a new bridge";
        assertFlagged(rail, answer("a new bridge the council agreed to build", "other words", source), false);
        assertFlagged(rail, answer("penguins eat fish", source), true);
        assertFlagged(rail, new Answer("penguins eat fish", List.of()), true);
        assertThat(finding(rail.check(answer("", source))))
                .isNotNull()
                .asString()
                .contains("no-embedding");
        assertThat(GroundingRails.similarity(Answer::text, Answer::sources, new HashedWords(), 2)
                        .faults())
                .hasSize(1);
    }

    @Test
    void embeddingThatChangesItsLength_isNone() {
        Guardrail<Answer> rail =
                GroundingRails.similarity(Answer::text, Answer::sources, text -> new float[text.length()], 0.5);
        assertThat(finding(rail.check(answer("a", "bb"))))
                .isNotNull()
                .asString()
                .contains("no-embedding");
    }

    @Test
    @SuppressWarnings("NullAway") // what must not come, comes
    void whatIsNull_isAFaultOrMissing() {
        assertThat(GroundingRails.numbersInSources(null, null).faults()).hasSize(2);
        assertThat(GroundingRails.similarity(Answer::text, Answer::sources, null, 0)
                        .faults())
                .hasSize(1);
        for (Guardrail<Answer> rail : List.of(NUMBERS, DATES, NAMES, CITATIONS, CITED, OVERLAP)) {
            assertThat(rail.faults()).isEmpty();
            assertThat(rail.check(new Answer(null, List.of())).toString()).contains("Block", "missing-text");
            assertThat(rail.check(new Answer("a", null)).toString()).contains("Block", "missing-sources");
            assertThat(rail.check(new Answer("a", Arrays.asList("b", null)))).isSameAs(Verdict.pass());
        }
    }
}
