// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.scan.TextScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class InjectionLinearTest {
    private static final int SMALL = 8_000;
    private static final int FACTOR = 16;

    private final TextScanner scanner = new TextScanner(InjectionRails.rules().recognisers(), 0);

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
                "alpha bravo ",
                "aWdub3Jl",
                "\uD83D"
            })
    void time_growsAsTheText(String piece) {
        String small = piece.repeat(SMALL / piece.length());
        String large = piece.repeat(SMALL * FACTOR / piece.length());
        long ofSmall = Long.MAX_VALUE;
        long ofLarge = Long.MAX_VALUE;
        for (int i = 0; i < 8; i++) {
            ofSmall = Math.min(ofSmall, nanos(small));
            ofLarge = Math.min(ofLarge, nanos(large));
        }
        assertThat(ofLarge).isLessThan(Math.max(ofSmall, 100_000) * FACTOR * 5);
    }

    private long nanos(String text) {
        long start = System.nanoTime();
        int found = scanner.scan(text).size();
        long nanos = System.nanoTime() - start;
        assertThat(found).isLessThan(text.length());
        return nanos;
    }
}
