// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.LinearTime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed twelve times that; a square would be 256. */
class GroundingLinearTest {
    private static final int LENGTH = 8_000;

    private final List<Guardrail<String>> rails = List.of(
            GroundingRails.numbersInSources(text -> text, List::of),
            GroundingRails.datesInSources(text -> text, List::of),
            GroundingRails.namesInSources(text -> text, List::of),
            GroundingRails.citations(text -> text, text -> List.of("1")),
            GroundingRails.citedSentences(text -> text, text -> List.of("1")),
            GroundingRails.overlap(text -> text, List::of));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words in a row ",
                "A Sentence that is One, and it ends. ",
                "1",
                "1 ",
                "1,",
                "123,",
                "123 ",
                "1.2.",
                "12 March ",
                "March ",
                "1/2/",
                "2024年3月",
                "million ",
                "5 million ",
                "$",
                "[",
                "[1",
                "[1]",
                "[1, ",
                "`",
                "``",
                "```",
                "a:\n",
                "# ",
                "Aa",
                "Aa ",
                "\n",
                " ",
                "中",
                "\u0301",
                "\uD83D"
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
