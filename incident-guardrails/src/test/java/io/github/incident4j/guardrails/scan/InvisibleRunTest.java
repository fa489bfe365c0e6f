// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.CpuTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values with many characters in them that do not show. */
class InvisibleRunTest {
    private static final String VALUE = "K-123456";
    private static final TextRail RAIL = TextRail.builder("codes")
            .redact(Rules.of("codes", List.of(LayoutRecogniser.of("code", "pii", "K-999999"))))
            .build();

    private static final List<String> KINDS =
            List.of("\u200B", "\u00AD", "\u202E", "\uDB40\uDC41", "\uFE0F", "\uDB40\uDD00", "\u0336", "\u2063");

    private static String divided(String between) {
        return VALUE.chars().mapToObj(Character::toString).collect(Collectors.joining(between));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 1_000, 5_000})
    void valueWithManyBetweenItsCharacters_isWhollyTaken(int count) {
        for (String kind : KINDS) {
            String text = "see " + divided(kind.repeat(count)) + ", please";
            assertThat(RAIL.screen(text).text()).isEqualTo("see [CODE], please");
            assertThat(Cuts.screened(RAIL, text, 4_000, new Random(count))).isEqualTo(RAIL.screen(text));
        }
    }

    @ParameterizedTest
    @CsvSource({"65536, 1, false", "65537, 1, true", "30000, 7, true", "1000000, 1, true"})
    void valueWithMoreThanThat_isOnRecord(int count, int times, boolean excess) {
        String between = "\u200B".repeat(count);
        StringBuilder text = new StringBuilder("see ").append(VALUE);
        for (int i = times; i > 0; i--) {
            text.insert("see ".length() + i, between);
        }
        assertThat(text).hasSize(12 + count * times);
        List<String> rules = RAIL.screen(text.toString()).found().stream()
                .map(found -> found.match().rule() + " " + found.action())
                .distinct()
                .toList();
        assertThat(rules).containsExactly(excess ? "invisible-run FLAG" : "code REDACT");
        assertThat(RAIL.check(text.toString())).isInstanceOf(excess ? Verdict.Flag.class : Verdict.Rewrite.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200B", "\u0301", "a\u200B", "\uDB40\uDC41", "K\u0301"})
    void time_growsAsTheText(String piece) {
        long small = time(piece.repeat(30_000));
        long large = time(piece.repeat(300_000));
        assertThat(large).as(piece).isLessThan(Math.max(small, 5_000_000) * 10 * 5);
    }

    private static long time(String text) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = CpuTime.nanos();
            assertThat(RAIL.screen(text).text()).isEqualTo(text);
            least = Math.min(least, CpuTime.nanos() - start);
        }
        return least;
    }
}
