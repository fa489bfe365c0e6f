// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrail.Guardrail;

/**
 * Guardrails on personal data in texts.
 *
 * <pre>{@code
 * .input(PiiRails.block())
 * .output(PiiRails.redact(PiiOptions.defaults().mask(Mask.LAST_FOUR)))
 * }</pre>
 *
 * <p>The rules know public formats and checksums: e-mail, payment cards, bank accounts, tax and person numbers of
 * fourteen countries, network addresses, URLs with a password, Bitcoin addresses. The README of the module has a table
 * with an example, the source and the limits of each. A number that many an ordinary number passes for, because its
 * checksum is weak, counts only near a context word such as {@code NHS}; see {@link PiiOptions#leastConfidence}.
 *
 * <p>A value is found beside letters of every script but not beside ASCII letters and digits; full-width digits, digits
 * of other scripts and characters that do not show make no difference. Not caught are names, postal addresses, dates of
 * birth, telephone numbers, encoded text, numbers in words, and values cut across two texts.
 *
 * <p>The guardrails' name is {@code pii}. A finding names the rules with the spans in UTF-16 units and never holds a
 * value. The time is linear in the text. A text that is missing (null) is blocked. No method here throws because of the
 * options: see {@link Guardrail#faults()}.
 */
public final class PiiRails {

    private PiiRails() {}

    /** {@return a guardrail that puts labels in the place of personal data} */
    public static Guardrail<String> redact() {
        return redact(PiiOptions.defaults());
    }

    /**
     * Puts masks in the place of personal data. Always the characters of the original text are replaced, with
     * everything between them that does not show. A text in which values are still found after four rounds is blocked.
     *
     * @param options what to look for, and the mask
     * @return the guardrail
     */
    public static Guardrail<String> redact(PiiOptions options) {
        return PiiRail.of(options, PiiRail.Action.REDACT);
    }

    /** {@return a guardrail that blocks a text with personal data} */
    public static Guardrail<String> block() {
        return block(PiiOptions.defaults());
    }

    /**
     * Blocks a text with personal data.
     *
     * @param options what to look for
     * @return the guardrail
     */
    public static Guardrail<String> block(PiiOptions options) {
        return PiiRail.of(options, PiiRail.Action.BLOCK);
    }

    /** {@return a guardrail that flags a text with personal data} */
    public static Guardrail<String> flag() {
        return flag(PiiOptions.defaults());
    }

    /**
     * Flags a text with personal data.
     *
     * @param options what to look for
     * @return the guardrail
     */
    public static Guardrail<String> flag(PiiOptions options) {
        return PiiRail.of(options, PiiRail.Action.FLAG);
    }
}
