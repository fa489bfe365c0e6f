// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.CpuTime;
import io.github.incident4j.guardrails.text.TextRails;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolLinearTest {
    private static final int SMALL = 10_000;
    private static final int FACTOR = 20;
    private static final int ROUNDS = 60;

    private final List<Tool> tools = List.of(Tool.named("f")
            .optional("a", Argument.list(Argument.any()))
            .optional("b", Argument.text())
            .anyArguments());
    private final Guardrail<ToolCall> allowed = ToolRails.allowed(tools);
    private final Guardrail<ToolCall> judged = ToolRails.arguments(tools, TextRails.deniedTerms("unlikely phrase"));

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '!',
            delimiter = '|',
            value = {
                "{\"b\":\" | ordinary words | \"}",
                "{\"b\":\" | \\u0041 | \"}",
                "{\"b\":\" | \\ud83d | \"}",
                "{\"a\":[ | \"words\", | 1]}",
                "{\"a\":[ | 12345678, | 1]}",
                "{\"a\":[ | 1234.5678e9, | 1]}",
                "{\"a\":[ | {\"b\":[[[]]]}, | 1]}",
                "{ | \"%d\":\"x\", | \"b\":\"\"}",
                "{\"x\":{ | \"%d\":[1], | \"b\":0}}",
                "{\"a\": | 1 | }",
                "{\"a\": | [ | }"
            })
    void time_growsAsTheArguments(String start, String piece, String end) {
        String small = text(start, piece, end, SMALL);
        String large = text(start, piece, end, SMALL * FACTOR);
        long ofSmall = Long.MAX_VALUE;
        long ofLarge = Long.MAX_VALUE;
        // On a busy machine a round may be disturbed; a time that grows as the square is too long in all of them.
        for (int i = 0; i < ROUNDS && (i < 3 || ofLarge > bound(ofSmall)); i++) {
            ofSmall = Math.min(ofSmall, nanos(small));
            ofLarge = Math.min(ofLarge, nanos(large));
        }
        assertThat(ofLarge).isLessThanOrEqualTo(bound(ofSmall));
    }

    private static long bound(long ofSmall) {
        return Math.max(ofSmall, 200_000) * FACTOR * 8;
    }

    private static String text(String start, String piece, String end, int length) {
        StringBuilder text = new StringBuilder(start);
        for (int i = 0; text.length() < length; i++) {
            text.append(piece.replace("%d", Integer.toString(i)));
        }
        return text.append(end).toString();
    }

    private long nanos(String text) {
        long start = CpuTime.nanos();
        ToolCall call = ToolCall.ofJson("t", "f", text);
        boolean same = allowed.check(call).equals(judged.check(call));
        Fingerprint fingerprint = call.fingerprint();
        long nanos = CpuTime.nanos() - start;
        assertThat(same || call.fault().isPresent()).isTrue();
        assertThat(fingerprint).isEqualTo(call.fingerprint());
        return nanos;
    }
}
