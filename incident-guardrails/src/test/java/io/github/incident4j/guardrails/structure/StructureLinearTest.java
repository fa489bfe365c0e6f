// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.CpuTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixteen times the text may take sixteen times as long, and is allowed five times that; a square would be 256. */
class StructureLinearTest {
    private static final int SMALL = 8_000;
    private static final int FACTOR = 16;

    private static final Guardrail<String> JSON =
            StructureRails.json(JsonOptions.strict().extracted().repaired());
    private static final Guardrail<String> CSV = StructureRails.csv(CsvOptions.defaults());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "words ",
                "[",
                "{",
                "[]",
                "{}",
                "[1,],",
                "'",
                "' ",
                "\"",
                "//\n",
                "/*",
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
        String small = piece.repeat(SMALL / piece.length());
        String large = piece.repeat(SMALL * FACTOR / piece.length());
        long ofSmall = Long.MAX_VALUE;
        long ofLarge = Long.MAX_VALUE;
        // On a busy machine more than a few looks are needed.
        for (int i = 0; i < 8 || (i < 40 && ofLarge >= limit(ofSmall)); i++) {
            ofSmall = Math.min(ofSmall, nanos(small));
            ofLarge = Math.min(ofLarge, nanos(large));
        }
        assertThat(ofLarge).isLessThan(limit(ofSmall));
    }

    private static long limit(long ofSmall) {
        return Math.max(ofSmall, 100_000) * FACTOR * 5;
    }

    private static long nanos(String text) {
        long start = CpuTime.nanos();
        Verdict<String> json = JSON.check(text);
        Verdict<String> csv = CSV.check(text);
        long nanos = CpuTime.nanos() - start;
        assertThat(json).isNotNull();
        assertThat(csv).isNotNull();
        return nanos;
    }
}
