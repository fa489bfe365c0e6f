// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrammarTest {
    private static final String TABLE = """
            $restraint to
            $asks why
            $you-before you
            $mention-asks what
            $mention-opens is
            $mention-names phrase
            $mention-orders now
            $fruit apple* pear
            [fruit]
            .5! eat $fruit ~2 now?
            .9 ^ $fruit ~2 pie|cake
            .6 buy $fruit ^
            .7 苹果 ~2 派|饼
            """;

    private static List<Double> confidences(String text) {
        return new TextScanner(Grammar.rules(TABLE), 0)
                .scan(text).stream().map(Match::confidence).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eat apples | 0.5",
                "eat apple | 0.5",
                "EAT a pear | ''",
                "eat pears | ''",
                "to eat apples | 0.15",
                "you to eat apples | 0.5",
                "why do people eat apples | 0.15",
                "apple and plum pie | 0.9",
                "an apple pie | ''",
                "wow. apple pie | 0.9",
                "apple. Pie | 0.9",
                "buy apples | 0.6",
                "buy apples. Now | 0.6",
                "buy apples now | ''",
                "apple and. Pie | ''",
                "apple a b c pie | ''",
                "pineapple pie | ''",
                "吃苹果的派 | 0.7",
                "苹果一二三派 | ''"
            })
    void phrases_areFound(String text, String confidence) {
        assertThat(confidences(text)).isEqualTo(confidence.isEmpty() ? List.of() : List.of(Double.valueOf(confidence)));
    }

    @Test
    void mistakes_areErrors() {
        String sets = "$restraint to\n$asks why\n$you-before you\n[rule]\n";
        assertThatThrownBy(() -> Grammar.rules(sets + ".5 $unknown")).hasMessageContaining("$unknown");
        assertThatThrownBy(() -> Grammar.rules(sets + ".5 two-words")).hasMessageContaining("two-words");
        assertThatThrownBy(() -> Grammar.rules(sets + ".5 a? b")).hasMessageContaining("optional first");
        assertThatThrownBy(() -> Grammar.rules(".5 word")).hasMessageContaining("before the first rule");
    }

    @Test
    void table_ofTheLibrary_isRight() {
        assertThat(Grammar.load())
                .hasSizeGreaterThan(15)
                .allSatisfy(rule -> assertThat(rule.phrases()).isNotEmpty());
    }
}
