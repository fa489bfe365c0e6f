// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.LinearTime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class StructureLinearTest {
    private static final int LENGTH = 8_000;

    private static final Guardrail<String> JSON =
            StructureRails.json(JsonOptions.strict().extracted().repaired());
    private static final Guardrail<String> CSV = StructureRails.csv(CsvOptions.options());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "words ",
                "[",
                "{",
                "[]",
                "[']",
                "{a:'}",
                "{}",
                "[1,],",
                "'",
                "' ",
                "\"",
                "//\n",
                "/*",
                "[/*]",
                "{/*}",
                "{a:/*}",
                "```\n",
                "```json\n",
                "`",
                "~~~\n{",
                "{'a':",
                "[,",
                "“",
                "\\",
                "\n",
                "a,\"",
                "\"\""
            })
    void time_growsAsTheText(String piece) {
        for (Guardrail<String> rail : List.of(JSON, CSV)) {
            LinearTime.assertGrowsAsTheText(
                    rail.name(),
                    piece,
                    LENGTH,
                    5,
                    text -> assertThat(rail.check(text)).isNotNull());
        }
    }
}
