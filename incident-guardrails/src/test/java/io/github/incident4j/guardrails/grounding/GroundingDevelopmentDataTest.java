// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.DevelopmentData;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the texts of the development data, where these are there, against themselves and against the next text of their
 * file. The figures stand in the module's README.
 */
class GroundingDevelopmentDataTest {
    private record Answer(String text, List<String> sources) {}

    private final List<Guardrail<Answer>> rails = List.of(
            GroundingRails.numbersInSources(Answer::text, Answer::sources),
            GroundingRails.datesInSources(Answer::text, Answer::sources),
            GroundingRails.namesInSources(Answer::text, Answer::sources),
            GroundingRails.overlap(Answer::text, Answer::sources),
            GroundingRails.similarity(Answer::text, Answer::sources, new HashedWords(), 0.9));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "benign_alpaca_seed_tasks.jsonl; {dates=9, names=68, numbers=43, overlap=164, similarity=175}",
                "injection_deepset_train.jsonl; {names=345, numbers=36, overlap=341, similarity=546}",
                "injection_openai_guardrails_demo.jsonl; {names=52, numbers=13, overlap=81, similarity=98}",
                "pii_presidio_research_generated_small.jsonl; {dates=4, names=59, numbers=57, overlap=78, similarity=96}"
            })
    void findings_areTheOnesOfTheReadme(String file, String againstTheNext) throws IOException {
        List<String> texts = DevelopmentData.texts(file);
        Map<String, Integer> ofItself = new TreeMap<>();
        Map<String, Integer> ofTheNext = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            String next = texts.get((i + 1) % texts.size());
            count(new Answer(texts.get(i), List.of(texts.get(i))), ofItself);
            count(new Answer(texts.get(i), List.of(next)), ofTheNext);
        }
        assertThat(ofItself).isEmpty();
        assertThat(ofTheNext).hasToString(againstTheNext);
    }

    private void count(Answer answer, Map<String, Integer> counts) {
        for (Guardrail<Answer> rail : rails) {
            if (!rail.check(answer).equals(Verdict.<Answer>pass())) {
                counts.merge(rail.name(), 1, Integer::sum);
            }
        }
    }
}
