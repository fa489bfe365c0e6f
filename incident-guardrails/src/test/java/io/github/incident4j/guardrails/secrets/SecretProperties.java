// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.ArbitraryTexts;
import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import java.util.List;
import java.util.Random;
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

    private static final TextRail REDACT = TextRail.builder("secrets")
            .redact(SecretRails.rules().leastConfidence(0))
            .build();

    @Provide
    Arbitrary<String> texts() {
        return ArbitraryTexts.valuesAndPieces(
                Samples.all(5).stream().map(Sample::text).toList(), PIECES, 10);
    }

    @Provide
    Arbitrary<String> units() {
        return ArbitraryTexts.units();
    }

    @Property(tries = 60)
    void spansOfTexts_areInTheTextAndApart(@ForAll("texts") String text) {
        ArbitraryTexts.assertApart(EVERYTHING.scan(text), text);
    }

    @Property(tries = 60)
    void spansOfAnyUnits_areInTheTextAndApart(@ForAll("units") String text) {
        ArbitraryTexts.assertApart(EVERYTHING.scan(text), text);
    }

    @Property(tries = 150)
    void cuts_makeNoDifference(@ForAll("texts") String text, @ForAll long seed) {
        assertThat(Cuts.screened(REDACT, text, 12, new Random(seed))).isEqualTo(REDACT.screen(text));
    }
}
