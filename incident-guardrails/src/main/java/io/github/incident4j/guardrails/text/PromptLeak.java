// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for so many letters and digits in a row of a secret text, whatever stands between them. The runs of the secret
 * are found by a rolling hash (Rabin and Karp) and then compared, so that no accident of the hash makes a finding.
 * Immutable.
 */
final class PromptLeak {
    static final String NAME = "prompt-leak";

    /** Some eight words; ordinary phrases such as "you are a helpful assistant" are shorter. */
    static final int SPACED = 40;
    /** The same for scripts in which a letter is nearly a word. */
    static final int UNSPACED = 16;

    private static final long FACTOR = 0x5851F42D4C957F2DL;

    private final char[] secret;
    private final int length;
    private final long outgoing;
    private final Map<Long, Integer> places = new HashMap<>();

    /** The letters and digits of a view, in one case, each with its index there. */
    private static final class Letters {
        final char[] letters;
        final int[] places;
        int length;

        Letters(View view) {
            letters = new char[view.length()];
            places = new int[view.length()];
            for (int i = 0; i < view.length(); i++) {
                char c = view.charAt(i);
                if (Character.isLetterOrDigit(c)) {
                    letters[length] = Words.fold(c);
                    places[length++] = i;
                }
            }
        }
    }

    private PromptLeak(Letters secret, int length) {
        this.secret = secret.letters;
        this.length = length;
        long factor = 1;
        for (int i = 0; i < length; i++) {
            factor *= FACTOR;
        }
        outgoing = factor;
        long hash = 0;
        for (int i = 0; i < secret.length; i++) {
            hash = rolled(hash, this.secret, i);
            if (i >= length - 1) {
                places.putIfAbsent(hash, i - length + 1);
            }
        }
    }

    /** A search for runs of a secret; for shorter ones when the whole secret is shorter. */
    static PromptLeak of(String secret) {
        Letters letters = new Letters(View.of(secret));
        int unspaced = 0;
        for (int i = 0; i < letters.length; i++) {
            unspaced += Characters.isUnspaced(letters.letters[i]) ? 1 : 0;
        }
        int length = 2 * unspaced > letters.length ? UNSPACED : SPACED;
        return new PromptLeak(letters, Math.max(1, Math.min(length, letters.length)));
    }

    /** Whether there is too little to look for: a few words would be found in many an answer. */
    boolean isTooShort() {
        return length < UNSPACED;
    }

    @Nullable
    Finding in(String text) {
        View view = View.of(text);
        Letters letters = new Letters(view);
        long hash = 0;
        for (int i = 0; i < letters.length; i++) {
            hash = rolled(hash, letters.letters, i);
            int start = i - length + 1;
            if (start >= 0 && isAt(places.get(hash), letters.letters, start)) {
                return new Finding(
                        NAME,
                        "leak",
                        "the text repeats " + length + " letters in a row of the system prompt, at "
                                + view.originalStart(letters.places[start]) + " to "
                                + view.originalEnd(letters.places[i]),
                        Severity.P2);
            }
        }
        return null;
    }

    private long rolled(long before, char[] letters, int at) {
        long hash = before * FACTOR + letters[at] + 1;
        return at < length ? hash : hash - outgoing * (letters[at - length] + 1);
    }

    private boolean isAt(@Nullable Integer place, char[] letters, int start) {
        if (place == null) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (secret[place + i] != letters[start + i]) {
                return false;
            }
        }
        return true;
    }
}
