// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.ArbitraryTexts;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PiiProperties {
    private static final TextScanner EVERYTHING = new TextScanner(Pii.rules(), 0);
    private static final List<String> PIECES = List.of(
            "1",
            "12",
            "123",
            "4242",
            "0",
            "a",
            "DE",
            "X",
            "bc1q",
            "@",
            ".",
            "..",
            ":",
            "::",
            "://",
            "-",
            "/",
            "[",
            "]",
            " ",
            "\n",
            "_",
            "%",
            "SSN ",
            "NHS ",
            "\u200B",
            "\u0301",
            "１",
            "٣",
            "é",
            "中",
            "\uD83D",
            "\uDCA3",
            "💣",
            "½",
            "ﷺ",
            "\uDB40\uDC41",
            "com",
            "http",
            "+49 ",
            "(",
            ")",
            ",",
            " Main Street",
            "rue ",
            "call ",
            "born ",
            "December ",
            "°",
            "N",
            "<<",
            "\r\n",
            "[US_SSN]");

    @Provide
    Arbitrary<String> texts() {
        return valuesAndPieces();
    }

    /** Values, halves of values, and pieces, one after the other. */
    static Arbitrary<String> valuesAndPieces() {
        return ArbitraryTexts.valuesAndPieces(
                Vectors.valid().stream().map(Vectors.Vector::value).toList(), PIECES, 14);
    }

    @Provide
    Arbitrary<String> units() {
        return ArbitraryTexts.units();
    }

    @Property
    void spansOfTexts_areInTheTextAndApart(@ForAll("texts") String text) {
        ArbitraryTexts.assertApart(EVERYTHING.scan(text), text);
    }

    @Property
    void spansOfAnyUnits_areInTheTextAndApart(@ForAll("units") String text) {
        ArbitraryTexts.assertApart(EVERYTHING.scan(text), text);
    }

    @Property
    void answer_doesNotDependOnWhatDoesNotShow(@ForAll("texts") String text) {
        String disguised = text.codePoints()
                .mapToObj(Character::toString)
                .flatMap(c -> Stream.of(c, "\u2060"))
                .reduce("", String::concat);
        assertThat(rules(disguised)).isEqualTo(rules(text));
    }

    private static List<String> rules(String text) {
        List<String> rules = new ArrayList<>();
        EVERYTHING.scan(text).forEach(match -> rules.add(match.rule() + match.confidence()));
        return rules;
    }
}
