// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.LinearTime;
import io.github.incident4j.guardrails.scan.TextScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class PiiLinearTest {
    private static final int LENGTH = 4_000;

    private static final TextScanner SCANNER = new TextScanner(Pii.rules(), 0);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "a",
                "1",
                "1 ",
                "1-",
                "@",
                "a@",
                "a@b.",
                "a.",
                "://",
                "x://a:",
                "a:b@",
                ":",
                "a:",
                "1.",
                "DE89 ",
                "DE89 3704 0044 0532 0130 01 ",
                "4242 ",
                "4242 4242 4242 4242 ", // every second one overlaps
                "SSN 123-45-6789 ",
                "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAv ",
                "bc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn4v0346 ",
                "12 Main ",
                "12 Main Street, ",
                "Calle ",
                "+49 ",
                "+1 (555) ",
                "(1)",
                "40.7128, ",
                "P<UTO",
                "27 December ",
                "DE136-",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ",
                "é",
                "é@a",
                "aé.é@é-a.de",
                "[",
                "[A",
                "中",
                "\u0301",
                "a\u0301\u0332",
                "\u200B",
                "\uD83D",
                "ﷺ",
                "１"
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
