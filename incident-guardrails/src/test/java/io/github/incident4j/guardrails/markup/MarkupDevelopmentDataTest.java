// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the defaults on the development data, where they are there. The figures stand in the module's README. */
class MarkupDevelopmentDataTest {
    private static final Path DATA =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "guardrails-dev");

    private static final List<Guardrail<String>> RAILS = List.of(
            MarkupRails.urls(Action.FLAG),
            MarkupRails.html(Action.FLAG),
            MarkupRails.fragments(Action.FLAG),
            MarkupRails.invisible(Action.FLAG));

    @ParameterizedTest
    @CsvSource({
        "benign_alpaca_seed_tasks.jsonl, 175, {}",
        "injection_deepset_train.jsonl, 546, {zero-width=2}",
        "injection_openai_guardrails_demo.jsonl, 100, {}",
        "pii_presidio_research_generated_small.jsonl, 96, {sql=1 zero-width=1}"
    })
    void found(String file, int texts, String expected) throws IOException {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the data " + path + " are not there; set -Dincident4j.shared=DIR");
        List<String> lines = Files.readAllLines(path);
        JsonMapper mapper = new JsonMapper();
        Map<String, Integer> found = new TreeMap<>();
        for (String line : lines) {
            String text = mapper.readTree(line).path("text").textValue();
            for (Guardrail<String> rail : RAILS) {
                if (rail.check(text) instanceof Verdict.Flag<String> flag) {
                    found.merge(flag.finding().rule(), 1, Integer::sum);
                }
            }
        }
        assertThat(lines).hasSize(texts);
        assertThat(found.toString().replace(", ", " ")).isEqualTo(expected);
    }
}
