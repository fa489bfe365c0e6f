// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.DevelopmentData;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the rules on the development data, where it is there. Its figures stand in the module's README. */
class PiiDevelopmentDataTest {
    private static final Pattern LABEL =
            Pattern.compile("\\{\"type\": \"(\\w+)\", \"start\": (\\d+), \"end\": (\\d+)\\}");
    private static final Pattern TYPE = Pattern.compile("\"type\": \"(\\w+)\", \"valid\": (true|false)");
    private static final Map<String, List<String>> RULES = Map.of(
            "EMAIL_ADDRESS", List.of("email"),
            "CREDIT_CARD", List.of("credit-card"),
            "US_SSN", List.of("us-ssn"),
            "IP_ADDRESS", List.of("ipv4"),
            "PHONE_NUMBER", List.of("phone"),
            "US_DRIVER_LICENSE", List.of("driver-license"),
            "DOMAIN_NAME", List.of("url"),
            "ADDRESS", List.of("street-address", "po-box", "postal-code", "postal-code-digits"));
    /** Addresses are labelled in pieces, or as a whole; a piece that is touched is found. */
    private static final Set<String> OVERLAPPING = Set.of("ADDRESS");

    private final TextScanner scanner = new TextScanner(Pii.rules(), 0.5);

    @Test
    void labelledTexts_everyTypeOfOurs_isFound_andNothingElse() throws IOException {
        Map<String, Integer> labels = new TreeMap<>();
        Map<String, Integer> missed = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (String line : DevelopmentData.lines("pii_presidio_research_generated_small.jsonl")) {
            List<Match> found = scanner.scan(DevelopmentData.text(line));
            List<int[]> labelled = new ArrayList<>();
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                String type = label.group(1);
                int start = Integer.parseInt(label.group(2));
                int end = Integer.parseInt(label.group(3));
                labelled.add(new int[] {start, end});
                List<String> rules = RULES.getOrDefault(type, List.of());
                labels.merge(type, 1, Integer::sum);
                boolean exact = found.stream()
                        .anyMatch(match -> rules.contains(match.rule())
                                && ((match.codePointStart() == start && match.codePointEnd() == end)
                                        || (OVERLAPPING.contains(type)
                                                && match.codePointStart() < end
                                                && match.codePointEnd() > start)));
                missed.merge(type, exact ? 0 : 1, Integer::sum);
            }
            found.stream()
                    .filter(match -> labelled.stream()
                            .noneMatch(span -> match.codePointStart() < span[1] && match.codePointEnd() > span[0]))
                    .map(match -> match.rule() + " " + line)
                    .forEach(wrong::add);
        }
        assertThat(wrong).isEmpty();
        labels.keySet().retainAll(RULES.keySet());
        missed.keySet().retainAll(RULES.keySet());
        assertThat(labels)
                .isEqualTo(Map.of(
                        "ADDRESS", 46,
                        "CREDIT_CARD", 10,
                        "DOMAIN_NAME", 3,
                        "EMAIL_ADDRESS", 2,
                        "IP_ADDRESS", 2,
                        "PHONE_NUMBER", 10,
                        "US_DRIVER_LICENSE", 1,
                        "US_SSN", 3));
        assertThat(missed)
                .isEqualTo(Map.of(
                        "ADDRESS", 5,
                        "CREDIT_CARD", 0,
                        "DOMAIN_NAME", 0,
                        "EMAIL_ADDRESS", 0,
                        "IP_ADDRESS", 0,
                        "PHONE_NUMBER", 0,
                        "US_DRIVER_LICENSE", 0,
                        "US_SSN", 0));
    }

    @ParameterizedTest
    @CsvSource({
        // Two of its valid ones have ten different digits, which § 1 of the ordinance rules out.
        "DE_TAX_ID, de-tax-id, 11, 2",
        "PL_PESEL, pl-pesel, 9, 0",
        "DE_HEALTH_INSURANCE, de-health-insurance, 14, 0",
        "DE_SOCIAL_SECURITY, de-social-security, 14, 0",
        "DE_LANR, de-lanr, 12, 0",
        // A serial number has no check digit in itself: L01X00T47 and T22000129 are the specimens of the Federation.
        "DE_ID_CARD, de-id-card, 12, 4",
        "DE_PASSPORT, de-id-card, 14, 2",
        "DE_VAT_ID, eu-vat, 24, 0",
        // State 38 is Ladakh, since 2019.
        "IN_GSTIN, in-gstin, 17, 1",
        "ZA_ID_NUMBER, za-id, 14, 0"
    })
    void checksumVectors_areJudgedAsTheirPublicDefinitions(String type, String rule, int judged, int otherwise)
            throws IOException {
        List<Recogniser> one =
                Pii.rules().stream().filter(each -> each.rule().equals(rule)).toList();
        TextScanner alone = new TextScanner(one, 0);
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (String line : DevelopmentData.lines("pii_checksum_vectors.jsonl")) {
            Matcher matcher = TYPE.matcher(line);
            if (!matcher.find() || !matcher.group(1).equals(type)) {
                continue;
            }
            count++;
            boolean found = !alone.scan(DevelopmentData.text(line)).isEmpty();
            if (found != Boolean.parseBoolean(matcher.group(2))) {
                wrong.add(DevelopmentData.text(line) + " " + matcher.group());
            }
        }
        assertThat(count).isEqualTo(judged);
        assertThat(wrong).hasSize(otherwise);
    }

    @ParameterizedTest
    @CsvSource({
        // The phone number, the date of birth and the two addresses are indeed what they are taken for.
        "benign_alpaca_seed_tasks.jsonl, 175, birth-date email email phone",
        "injection_deepset_train.jsonl, 546, ''",
        "injection_openai_guardrails_demo.jsonl, 100, ''"
    })
    void textsWithoutLabels_giveNoFalseAlarm(String file, int texts, String rules) throws IOException {
        List<String> lines = DevelopmentData.lines(file);
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            scanner.scan(DevelopmentData.text(line)).forEach(match -> found.add(match.rule()));
        }
        assertThat(lines).hasSize(texts);
        assertThat(found.stream().sorted().collect(Collectors.joining(" "))).isEqualTo(rules);
    }
}
