// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.model.Finding;
import org.jspecify.annotations.Nullable;

/** Looks for a text that says nothing. */
final class Emptiness {
    static final String NAME = "empty-answer";

    /** What may be a whole answer to a machine although it is made of signs alone. */
    private static final String BRACKETS = "[]{}";

    private Emptiness() {}

    static @Nullable Finding in(String text) {
        boolean shows = false;
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (Characters.isWhiteSpace(codePoint) || Characters.isInvisible(codePoint)) {
                continue;
            }
            shows = true;
            if (!isPunctuation(codePoint) || BRACKETS.indexOf(codePoint) >= 0) {
                return null;
            }
        }
        return shows
                ? new Finding(NAME, "only-punctuation", "the text holds nothing but punctuation")
                : new Finding(NAME, "empty", "the text holds nothing that shows");
    }

    private static boolean isPunctuation(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> codePoint == '`' || codePoint == '|';
        };
    }
}
