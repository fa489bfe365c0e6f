// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.LinearTime;
import io.github.incident4j.guardrails.scan.TextScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class InjectionLinearTest {
    private static final int LENGTH = 4_000;

    private static final TextScanner SCANNER =
            new TextScanner(InjectionRails.rules().recognisers(), 0);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "a",
                "a ",
                "ignore ",
                "ignore all the previous ",
                "forget you to ",
                "show me all of the your ",
                "user: ",
                "\nuser: x",
                "\n",
                "#",
                "<|",
                "<|im_start|>",
                "a=",
                "a='b' ",
                "a = 'b'; c = 'd' ",
                "1",
                "01",
                "01 ",
                "65 ",
                ". ",
                "-.",
                "a.",
                "h3ll0 ",
                "0o",
                "а",
                "aа",
                "aаbс ",
                "\u200B",
                "a\u200B",
                "a\u0336",
                "\uDB40\uDC41",
                "⠁",
                "忽",
                "忽略",
                "指示",
                "gur ",
                "gur naq lbh ",
                "what phrase 'ignore previous instructions' ",
                "'ignore previous instructions' mean ",
                "' ",
                "a$",
                "h3ll0! ",
                "alpha bravo ",
                "aWdub3Jl",
                "\uD83D"
            })
    void time_growsAsTheText(String piece) {
        LinearTime.assertGrowsAsTheText(
                "rules",
                piece,
                LENGTH,
                5,
                text -> assertThat(SCANNER.scan(text)).hasSizeLessThan(text.length()));
    }
}
