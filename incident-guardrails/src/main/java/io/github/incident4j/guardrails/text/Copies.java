// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import org.jspecify.annotations.Nullable;

/** Holds an answer against its prompt. */
final class Copies {
    static final String ECHO = "echo";
    static final String RATIO = "copy-ratio";

    /** A shorter prompt, such as a greeting, may well be answered by itself. */
    private static final int SHORTEST_ECHO = 4;

    /** What an echo may add, one word for each so many of the prompt. */
    private static final int WORDS_FOR_ONE_MORE = 10;

    private static final int GRAM = 5;
    private static final int SHORTEST_COPY = 20;

    private Copies() {}

    static @Nullable Finding echo(String prompt, String answer) {
        Words asked = Words.of(prompt);
        Words said = Words.of(answer);
        int words = asked.size();
        boolean echo = words >= SHORTEST_ECHO
                && said.size() <= words + words / WORDS_FOR_ONE_MORE
                && said.beginAs(asked, words);
        return echo
                ? new Finding(
                        ECHO,
                        ECHO,
                        "the answer repeats the " + words + " words of the prompt and adds " + (said.size() - words))
                : null;
    }

    static @Nullable Finding ratio(String prompt, String answer, double most) {
        Words said = Words.of(answer);
        if (said.size() < SHORTEST_COPY) {
            return null;
        }
        int covered = said.covered(Words.of(prompt).grams(GRAM), GRAM);
        return covered > most * said.size()
                ? new Finding(
                        RATIO,
                        "copy",
                        covered + " of the answer's " + said.size() + " words are copied from the prompt")
                : null;
    }
}
