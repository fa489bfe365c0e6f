// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.guardrails.scan.TextScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts without credentials: the development data, where they are there, and this project's own source files. */
class SecretDevelopmentDataTest {
    private static final Path DATA =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "guardrails-dev");

    private final TextScanner scanner = new TextScanner(Secrets.rules(), 0.5);

    @ParameterizedTest
    @CsvSource({
        "benign_alpaca_seed_tasks.jsonl, 175",
        "injection_deepset_train.jsonl, 546",
        "injection_openai_guardrails_demo.jsonl, 100",
        "pii_presidio_research_generated_small.jsonl, 96"
    })
    void developmentData_giveNoFalseAlarm(String file, int texts) throws IOException {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the data " + path + " are not there; set -Dincident4j.shared=DIR");
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(texts);
        for (String line : lines) {
            assertThat(scanner.scan(line)).as(line).isEmpty();
        }
    }

    @Test
    void ownSources_giveNoFalseAlarm() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                scanner.scan(Files.readString(file)).forEach(match -> found.add(file + " " + match));
            }
        }
        assertThat(found).isEmpty();
    }
}
