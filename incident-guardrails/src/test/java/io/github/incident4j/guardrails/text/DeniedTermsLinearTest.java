// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.LinearTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class DeniedTermsLinearTest {
    private static final int LENGTH = 10_000;

    /** Near misses of every length. */
    private final Guardrail<String> rail = TextRails.deniedTerms(
            "a ".repeat(120) + "b",
            "a".repeat(250) + "b",
            "爆".repeat(250) + "弾",
            "-".repeat(255) + "+",
            "é".repeat(255));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "a ",
                "a",
                "-",
                " ",
                "爆",
                "e\u0301",
                "\u0301\u0323", // the normaliser would sort these
                "\u0301\uFF9E",
                "\u200B",
                "ᄀ",
                "\uD83D",
                "ﷺ", // one character, eighteen in normal form
                "💣a"
            })
    void time_growsAsTheText(String piece) {
        LinearTime.assertGrowsAsTheText(
                rail.name(),
                piece,
                LENGTH,
                5,
                text -> assertThat(rail.check(text)).isSameAs(Verdict.pass()));
    }
}
