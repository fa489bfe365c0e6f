// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.presets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.DevelopmentData;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the table in README.md of how many characters wait in a stream against what the preset for answers does. */
class HoldBackTableTest {
    private static final int PIECE = 4;
    private static final int LONG = 100;
    private static final TextRail RAIL = Rails.chatOutput();
    private static final String PROSE = ("The committee met again on Thursday and spoke about the garden behind the old"
                    + " library, which nobody had looked after since the spring. Several members had walked there, and"
                    + " they told the others what they had seen: tall grass, two broken benches, and a path that ends"
                    + " in front of a wall. It was agreed that the work should begin soon. ")
            .repeat(4);

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 64})
    void readme_saysHowManyCharactersWait(int batch) throws IOException {
        List<String> texts = DevelopmentData.texts("benign_alpaca_seed_tasks.jsonl").stream()
                .filter(text ->
                        text.length() >= LONG && RAIL.screen(text).found().isEmpty())
                .toList();
        assertThat(texts).hasSize(89);
        assertThat(Files.readAllLines(Path.of("README.md")))
                .contains("| " + batch + " | " + waiting(batch, List.of(PROSE)) + " | " + waiting(batch, texts) + " |");
    }

    /** The mean, the 99 % quantile and the most of what waits after each piece. */
    private static String waiting(int batch, List<String> texts) {
        int[] waiting = texts.stream()
                .flatMapToInt(text -> waiting(batch, text))
                .sorted()
                .toArray();
        long mean = Math.round(IntStream.of(waiting).average().orElseThrow());
        return mean + " / " + waiting[waiting.length * 99 / 100] + " / " + waiting[waiting.length - 1];
    }

    private static IntStream waiting(int batch, String text) {
        TextStreamGuard guard = RAIL.stream(batch);
        int[] waiting = new int[(text.length() + PIECE - 1) / PIECE];
        int passed = 0;
        for (int i = 0; i < waiting.length; i++) {
            int end = Math.min(text.length(), (i + 1) * PIECE);
            passed += guard.append(text.substring(i * PIECE, end)).text().length();
            waiting[i] = end - passed;
        }
        return IntStream.of(waiting);
    }
}
