// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {

    /** Finds a literal, whose last character is a digit, with tenths of that for its confidence. */
    private record Digit(String rule, String literal, int length) implements Recogniser {
        @Override
        public String category() {
            return "test";
        }

        @Override
        public List<String> literals() {
            return List.of(literal);
        }

        @Override
        public Hit find(View view, int at) {
            double confidence = (view.charAt(at + literal.length()) - '0') / 10.0;
            boolean mentioned = view.charAt(at - 1) == '"';
            return new Hit(at, Math.min(at + length, at + literal.length() + 1), confidence, confidence, mentioned);
        }
    }

    private final TextRail rail = TextRail.builder("evidence")
            .weigh(
                    Rules.of("test", List.of(new Digit("long", "x-ab", 9), new Digit("short", "ab", 9)))
                            .leastConfidence(0),
                    0.5,
                    0.8)
            .build();

    @ParameterizedTest
    @CsvSource({
        "ab4, 0, false",
        "ab5, 1, false",
        "ab4 ab4 ab4, 0, false",
        "ab1 ab9, 2, true",
        "ab9 ab1, 1, true",
        "ab6 ab1, 1, false",
        "x-ab4, 2, false",
        "x-ab6, 2, true",
        "\"ab9, 1, false",
        "\"ab9 ab1, 2, false",
        "\"ab9 ab9, 2, true",
        "ab9 \"ab9, 1, true",
        "\"ab6 \"x-ab5, 3, false"
    })
    void rule_countsOnce_withItsStrongestMatch_alsoWithinOthers(String text, int found, boolean stops) {
        Screening screening = rail.screen(text);
        assertThat(screening.found()).hasSize(found);
        assertThat(screening.stop().isPresent()).isEqualTo(stops);
    }
}
