// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SecretProperties {
    private static final TextScanner EVERYTHING = new TextScanner(Secrets.rules(), 0);
    private static final List<String> PIECES = List.of(
            "password",
            "token",
            "_key",
            "secret",
            "=",
            ":",
            " ",
            "\"",
            "'",
            "\\",
            "\\n",
            "\n",
            "://",
            "@",
            ".",
            "-",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "-----END ",
            "eyJ",
            "aws",
            "bearer ",
            "machine ",
            "login ",
            "sig=",
            "%3D",
            "${",
            "}",
            "<",
            ">",
            "value",
            "0",
            "aB3",
            "\u200B",
            "\u0301",
            "１",
            "é",
            "中",
            "\uD83D",
            "\uDCA3",
            "[PASSWORD_ASSIGNMENT]");

    private static final TextRail REDACT =
            SecretRails.redact(SecretRails.rules().leastConfidence(0));

    @Provide
    Arbitrary<String> texts() {
        List<String> values = Samples.all(5).stream().map(Sample::text).toList();
        Arbitrary<String> halves = Arbitraries.of(values).map(value -> value.substring(value.length() / 2));
        return Arbitraries.oneOf(List.of(Arbitraries.of(PIECES), Arbitraries.of(values), halves))
                .list()
                .ofMaxSize(10)
                .map(pieces -> String.join("", pieces));
    }

    /** Any UTF-16 units at all, half pairs among them. */
    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().list().ofMaxSize(60).map(units -> {
            StringBuilder text = new StringBuilder();
            units.forEach(text::append);
            return text.toString();
        });
    }

    @Property(tries = 60)
    void spansOfTexts_areInTheTextAndApart(@ForAll("texts") String text) {
        assertSpans(text);
    }

    @Property(tries = 60)
    void spansOfAnyUnits_areInTheTextAndApart(@ForAll("units") String text) {
        assertSpans(text);
    }

    private static void assertSpans(String text) {
        int at = 0;
        for (Match match : EVERYTHING.scan(text)) {
            assertThat(match.start()).isGreaterThanOrEqualTo(at).isLessThan(match.end());
            assertThat(match.end()).isLessThanOrEqualTo(text.length());
            at = match.end();
        }
    }

    @Property(tries = 150)
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        assertThat(Cuts.screened(REDACT, text, 12, new Random(seed))).isEqualTo(REDACT.screen(text));
    }
}
