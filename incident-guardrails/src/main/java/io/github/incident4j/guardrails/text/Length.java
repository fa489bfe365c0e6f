// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Guardrail.Cost;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.internal.Rail;
import io.github.incident4j.model.Finding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long a text is. */
enum Length {
    /** Unicode code points. */
    CHARACTERS {
        @Override
        int of(String text) {
            return text.codePointCount(0, text.length());
        }
    },
    /** Runs without white space in which a letter or digit stands; each letter of a script without spaces is one. */
    WORDS {
        @Override
        int of(String text) {
            int words = 0;
            boolean counted = false;
            int codePoint;
            for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
                codePoint = text.codePointAt(i);
                if (Characters.isWhiteSpace(codePoint)) {
                    counted = false;
                } else if (Characters.isUnspaced(codePoint)) {
                    words += Character.isLetterOrDigit(codePoint) ? 1 : 0;
                    counted = false;
                } else if (!counted && Character.isLetterOrDigit(codePoint)) {
                    words++;
                    counted = true;
                }
            }
            return words;
        }
    },
    /** See {@link TokenEstimate}. */
    TOKENS {
        @Override
        int of(String text) {
            return TokenEstimate.of(text);
        }
    };

    private static final String RULE = "length";

    abstract int of(String text);

    Guardrail<String> between(int least, int most) {
        String what = (this == TOKENS ? "estimated " : "") + name().toLowerCase(Locale.ROOT);
        return new Faults(name().toLowerCase(Locale.ROOT))
                .when(least < 0, "the least length " + least + " is negative; give 0 or more")
                .when(
                        most < Math.max(least, 1),
                        "the most length " + most + " is below " + Math.max(least, 1) + "; give at least that")
                .or(
                        RULE,
                        () -> Rail.onText(RULE, Action.BLOCK, text -> finding(text, least, most, what))
                                .costing(this == CHARACTERS ? Cost.CHEAP : Cost.MODERATE));
    }

    private @Nullable Finding finding(String text, int least, int most, String what) {
        int length = of(text);
        if (length >= least && length <= most) {
            return null;
        }
        return new Finding(
                RULE,
                length < least ? "too-short" : "too-long",
                "the text has " + length + " " + what + "; it must have " + least + " to " + most);
    }
}
