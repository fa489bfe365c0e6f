// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the rules on the development data, where it is there. Its figures stand in the module's README. */
class InjectionDevelopmentDataTest {
    private static final Path DATA =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "guardrails-dev");

    private final TextRail rail = InjectionRails.weigh();

    /** The first string of a line of JSON, which is its text. */
    private static String text(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = line.indexOf(": \"") + 3; line.charAt(i) != '"'; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                text.append(c);
            } else if (line.charAt(++i) == 'u') {
                text.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                int escape = "nrtbf".indexOf(line.charAt(i));
                text.append(escape < 0 ? line.charAt(i) : "\n\r\t\b\f".charAt(escape));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "injection_deepset_train.jsonl, 203, 156, 59, 343, 0, 0",
        "injection_openai_guardrails_demo.jsonl, 51, 42, 35, 49, 0, 0",
        "benign_alpaca_seed_tasks.jsonl, 0, 0, 0, 175, 0, 0"
    })
    void figures_areThoseOfTheReadme(
            String file, int attacks, int flagged, int blocked, int benign, int falselyFlagged, int falselyBlocked)
            throws IOException {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the data " + path + " are not there; set -Dincident4j.shared=DIR");
        int[] all = new int[2];
        int[] flags = new int[2];
        int[] blocks = new int[2];
        for (String line : Files.readAllLines(path)) {
            int kind = line.contains("\"attack\": true") ? 0 : 1;
            Screening screening = rail.screen(text(line));
            all[kind]++;
            flags[kind] += screening.found().isEmpty() ? 0 : 1;
            blocks[kind] += screening.stop().isPresent() ? 1 : 0;
        }
        assertThat(all).containsExactly(attacks, benign);
        assertThat(flags).containsExactly(flagged, falselyFlagged);
        assertThat(blocks).containsExactly(blocked, falselyBlocked);
    }
}
