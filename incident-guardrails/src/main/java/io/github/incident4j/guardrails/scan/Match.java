// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Severity;

/**
 * Where a recogniser found something. A match never holds the value.
 *
 * @param rule the recogniser's name, such as {@code iban}
 * @param category the kind of trouble, such as {@code pii}
 * @param label what to put in the value's place, such as {@code IBAN}
 * @param start the index of its first UTF-16 unit in the original text
 * @param end the index after its last UTF-16 unit in the original text
 * @param codePointStart the same start, counted in code points
 * @param codePointEnd the same end, counted in code points
 * @param confidence how sure the recogniser is, from 0 to 1; an order of merit and not a probability
 * @param layer what the value was encoded in, such as {@code base64} or {@code escapes>base64}, the outermost first;
 *     the span is then that of all that was decoded, for {@code escapes} of the value; empty for a value in plain text
 * @param severity how bad it is that the text holds it, by the {@linkplain Rules#severity rules}
 * @param why what speaks for it besides its form: {@code checked} (its check digits, or what else its rule checks of
 *     its letters and digits), {@code near a context word}, both with a comma between, or nothing (empty)
 */
public record Match(
        String rule,
        String category,
        String label,
        int start,
        int end,
        int codePointStart,
        int codePointEnd,
        double confidence,
        String layer,
        Severity severity,
        String why) {
    /** This match as one of another severity. */
    Match severity(Severity other) {
        return new Match(
                rule, category, label, start, end, codePointStart, codePointEnd, confidence, layer, other, why);
    }
}
