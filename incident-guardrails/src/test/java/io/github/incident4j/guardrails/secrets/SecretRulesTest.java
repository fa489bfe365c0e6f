// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule by itself, then among all others, with synthetic values of its format. */
class SecretRulesTest {
    private static final int SEEDS = Boolean.getBoolean("incident4j.full") ? 500 : 20;
    private static final TextScanner ALL = new TextScanner(Secrets.rules(), 0.5);

    private static final List<String> SURROUNDINGS = List.of(
            "%s",
            "%s.",
            " %s ",
            "(%s)",
            "<p>%s</p>",
            "\n%s\n",
            "see: %s, please",
            "`%s`",
            "身份 %s 号码", // Han
            "한글%s한글",
            "رقم%sرقم", // Arabic
            "счёт%sсчёт", // Cyrillic
            "अंक%sअंक", // Devanagari
            "é%sß",
            "💳%s💳",
            "\uD83D%s\uD83D", // half a pair
            "\u200B%s\u200B",
            "\u202E%s\u202C",
            "²%s¹", // what stands for ASCII letters and digits
            "ª%s™",
            "№%s℡",
            "①%sⓐ",
            "½%s½",
            "㎏%s㏂",
            "ﬁ%sﬁ",
            "Ⅳ%s⒈",
            "₄%sˣ",
            "🄰%s🄰");

    static List<Sample> samples() {
        return Samples.all(1);
    }

    private static TextScanner alone(SecretRule rule) {
        return new TextScanner(List.of(rule), 0.5);
    }

    @Test
    void rules_areAtLeast150_withNamesAndLiterals() {
        Set<String> names = new HashSet<>();
        for (SecretRule rule : Secrets.all()) {
            assertThat(names.add(rule.rule())).as(rule.rule()).isTrue();
            assertThat(rule.rule()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(rule.category()).isEqualTo("secret");
            assertThat(rule.faults()).isEmpty();
            assertThat(rule.literals())
                    .as(rule.rule())
                    .isNotEmpty()
                    .allSatisfy(literal -> assertThat(literal)
                            .hasSizeGreaterThanOrEqualTo(3)
                            .isEqualTo(literal.toLowerCase(Locale.ROOT))
                            .matches("\\p{ASCII}+"));
        }
        assertThat(names).hasSizeGreaterThanOrEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void value_isFoundBesideEveryScript(Sample sample) {
        for (String surroundings : SURROUNDINGS) {
            int start = surroundings.indexOf("%s") + sample.before().length();
            String text = surroundings.replace("%s", sample.text());
            List<Match> matches = alone(sample.rule()).scan(text);
            assertThat(matches).as(text).hasSize(1);
            assertThat(matches.get(0).start()).as(text).isEqualTo(start);
            assertThat(matches.get(0).end())
                    .as(text)
                    .isEqualTo(start + sample.value().length());
            assertThat(matches.get(0).toString()).doesNotContain(sample.value());
        }
    }

    @Test
    void values_areFoundAmongAllRules_byDefault() {
        Map<String, Integer> missed = new HashMap<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            for (Sample sample : Samples.all(seed)) {
                int start = sample.before().length();
                boolean found = ALL.scan(sample.text()).stream()
                        .anyMatch(match -> match.start() <= start
                                && match.end() >= start + sample.value().length());
                if (!found) {
                    missed.merge(sample.rule().rule(), 1, Integer::sum);
                }
            }
        }
        // Of values drawn at random some few look like words, or count.
        int asked = SEEDS * Secrets.all().size();
        assertThat(missed.values().stream().mapToInt(Integer::intValue).sum())
                .as(missed.toString())
                .isLessThanOrEqualTo(asked / 1_000);
    }

    private static List<Sample> formats() {
        return samples().stream()
                .filter(sample -> Samples.format(sample.rule()) != null)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void otherLengthsAndCharacters_areNoValue(Sample sample) {
        TextScanner everything = new TextScanner(List.of(sample.rule()), 0);
        for (String wrong : Samples.wrong(requireNonNull(Samples.format(sample.rule())), new Random(2))) {
            String text = sample.before() + wrong + sample.after();
            assertThat(everything.scan(text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void rowsOfOneCharacter_areNoValue(Sample sample) {
        TextScanner everything = new TextScanner(List.of(sample.rule()), 0);
        for (char c : new char[] {'x', 'X', '0', '1', 'a', 'A'}) {
            String text =
                    sample.before() + Samples.filled(requireNonNull(Samples.format(sample.rule())), c) + sample.after();
            assertThat(everything.scan(text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void valueInALongerWord_isNotFound(Sample sample) {
        TextScanner everything = new TextScanner(List.of(sample.rule()), 0);
        for (String longer : List.of("Zq7%s", "%sZq7")) {
            String text = sample.before() + longer.replace("%s", sample.value()) + sample.after();
            int start = sample.before().length() + longer.indexOf("%s");
            assertThat(everything.scan(text))
                    .as(text)
                    .noneMatch(match -> match.start() == start
                            && match.end() == start + sample.value().length());
        }
    }

    @Test
    void checksums_raiseOrLowerTheConfidence() {
        List<Sample> checked = samples().stream()
                .filter(sample -> sample.rule() instanceof TokenRule token && token.isChecked())
                .toList();
        assertThat(checked).hasSize(6);
        for (Sample sample : checked) {
            String value = sample.value();
            char last = value.charAt(value.length() - 1);
            String wrong = value.substring(0, value.length() - 1) + (last == 'a' ? 'b' : 'a');
            TextScanner alone = alone(sample.rule());
            assertThat(alone.scan(value))
                    .singleElement()
                    .satisfies(match -> assertThat(match.confidence()).isEqualTo(0.99));
            assertThat(alone.scan(wrong))
                    .singleElement()
                    .satisfies(match -> assertThat(match.confidence()).isEqualTo(0.55));
        }
        // The specimen of a public description of the format.
        String drawn = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        assertThat(Checksums.crc32Of(drawn)).isEqualTo("0mLq17");
    }
}
