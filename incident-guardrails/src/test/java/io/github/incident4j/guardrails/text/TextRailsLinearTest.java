// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.LinearTime;
import java.lang.Character.UnicodeScript;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed twelve times that; a square would be 256. */
class TextRailsLinearTest {
    private static final int LENGTH = 8_000;

    private final List<Guardrail<String>> rails = List.of(
            TextRails.requiredTerms("zebra"),
            TextRails.deniedPatterns("(a|aa|b)*zebra", "(.*)(.*)(.*)[0-9]zebra"),
            TextRails.tokens(1, 1_000),
            TextRails.words(1, 1_000),
            TextRails.scripts(1, UnicodeScript.LATIN),
            TextRails.mixedScripts(),
            TextRails.repetition(1_000_000, 1_000_000),
            TextRails.gibberish(),
            TextRails.emptyAnswer(),
            TextRails.refusal(),
            TextRails.promptLeak("a".repeat(39) + "b" + "1".repeat(39) + "2" + "中".repeat(39) + "文"),
            TextRails.echo(value -> value, value -> value),
            TextRails.copyRatio(value -> value, value -> value, 1));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "A sentence that is one, and it ends. ",
                "a",
                "a ",
                "1",
                ".",
                "\n",
                "中",
                "\u0301",
                "a\u0301\u0332",
                "\u200B",
                "\uD83D",
                "ﷺ",
                "ы"
            })
    void time_growsAsTheText(String piece) {
        for (Guardrail<String> rail : rails) {
            LinearTime.assertGrowsAsTheText(
                    rail.name(),
                    piece,
                    LENGTH,
                    12,
                    text -> assertThat(rail.check(text)).isNotNull());
        }
    }
}
