// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the rules on the development data, where it is there. Its figures stand in the module's README. */
class PiiDevelopmentDataTest {
    private static final Path DATA =
            Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", "guardrails-dev");
    private static final Pattern LABEL =
            Pattern.compile("\\{\"type\": \"(\\w+)\", \"start\": (\\d+), \"end\": (\\d+)\\}");
    private static final Pattern TYPE = Pattern.compile("\"type\": \"(\\w+)\", \"valid\": (true|false)");
    private static final Map<String, String> RULES = Map.of(
            "EMAIL_ADDRESS", "email",
            "CREDIT_CARD", "credit-card",
            "US_SSN", "us-ssn",
            "IP_ADDRESS", "ipv4",
            "IBAN_CODE", "iban");

    private final TextScanner scanner = new TextScanner(Pii.rules(), 0.5);

    private static List<String> lines(String file) throws IOException {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the data " + path + " are not there; set -Dincident4j.shared=DIR");
        return Files.readAllLines(path);
    }

    /** The first string of a line of JSON, which is its text or value. */
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

    @Test
    void labelledTexts_everyTypeOfOurs_isFound_andNothingElse() throws IOException {
        int labels = 0;
        List<String> missed = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String line : lines("pii_presidio_research_generated_small.jsonl")) {
            List<String> expected = new ArrayList<>();
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                String rule = RULES.get(label.group(1));
                if (rule != null) {
                    expected.add(rule + " " + label.group(2) + " " + label.group(3));
                }
            }
            labels += expected.size();
            List<String> found = new ArrayList<>();
            for (Match match : scanner.scan(text(line))) {
                found.add(match.rule() + " " + match.codePointStart() + " " + match.codePointEnd());
            }
            expected.stream().filter(one -> !found.contains(one)).forEach(missed::add);
            found.stream().filter(one -> !expected.contains(one)).forEach(wrong::add);
        }
        assertThat(labels).isEqualTo(17);
        assertThat(missed).isEmpty();
        assertThat(wrong).isEmpty();
    }

    @Test
    void checksumVectors_areJudgedRight() throws IOException {
        Map<String, String> rules = Map.of("DE_TAX_ID", "de-tax-id", "PL_PESEL", "pl-pesel");
        List<String> wrong = new ArrayList<>();
        int judged = 0;
        for (String line : lines("pii_checksum_vectors.jsonl")) {
            Matcher type = TYPE.matcher(line);
            String rule = type.find() ? rules.get(type.group(1)) : null;
            if (rule == null) {
                continue;
            }
            judged++;
            List<Recogniser> one = Pii.rules().stream()
                    .filter(each -> each.rule().equals(rule))
                    .toList();
            boolean found = !new TextScanner(one, 0).scan(text(line)).isEmpty();
            if (found != Boolean.parseBoolean(type.group(2))) {
                wrong.add(text(line) + " " + type.group());
            }
        }
        assertThat(judged).isEqualTo(20);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "benign_alpaca_seed_tasks.jsonl, 175, 2",
        "injection_deepset_train.jsonl, 546, 0",
        "injection_openai_guardrails_demo.jsonl, 100, 0"
    })
    void textsWithoutLabels_giveNoFalseAlarm(String file, int texts, int addresses) throws IOException {
        List<String> lines = lines(file);
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            scanner.scan(text(line)).forEach(match -> found.add(match.rule()));
        }
        assertThat(lines).hasSize(texts);
        // The two are e-mail addresses indeed.
        assertThat(found).hasSize(addresses).allMatch("email"::equals);
    }
}
