// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;

/**
 * Guardrails on personal data in texts.
 *
 * <pre>{@code
 * .input(PiiRails.block())
 * .output(PiiRails.redact(PiiRails.rules().without("ipv4")))
 * }</pre>
 *
 * <p>The rules know public formats and checksums: e-mail, payment cards, bank accounts, tax and person numbers of
 * fourteen countries, network addresses, URLs with a password, Bitcoin addresses. The README of the module has a table
 * with an example, the source and the limits of each. A number that many an ordinary number passes for, because its
 * checksum is weak, counts only near a context word such as {@code NHS}; see {@link Rules#leastConfidence}.
 *
 * <p>A value is found beside letters of every script but not beside ASCII letters and digits; full-width digits, digits
 * of other scripts and characters that do not show make no difference. Not caught are names, postal addresses, dates of
 * birth, telephone numbers, numbers in words, and values cut across two texts.
 *
 * <p>The guardrails' name is {@code pii}. Masks, values that are allowed, and several families in one pass are the
 * {@link TextRail}'s, which also guards texts that come in pieces. The time is linear in the text. No method here
 * throws because of the rules: see {@link TextRail#faults()}.
 */
public final class PiiRails {
    private static final String NAME = "pii";

    private PiiRails() {}

    /** {@return all rules of this family} */
    public static Rules rules() {
        return Rules.of("personal data", Pii.rules());
    }

    /** {@return a guardrail that puts labels in the place of personal data} */
    public static TextRail redact() {
        return redact(rules());
    }

    /**
     * Puts labels in the place of personal data.
     *
     * @param rules what to look for
     * @return the guardrail
     */
    public static TextRail redact(Rules rules) {
        return TextRail.builder(NAME).redact(rules).build();
    }

    /** {@return a guardrail that blocks a text with personal data} */
    public static TextRail block() {
        return block(rules());
    }

    /**
     * Blocks a text with personal data.
     *
     * @param rules what to look for
     * @return the guardrail
     */
    public static TextRail block(Rules rules) {
        return TextRail.builder(NAME).block(rules).build();
    }

    /** {@return a guardrail that flags a text with personal data} */
    public static TextRail flag() {
        return flag(rules());
    }

    /**
     * Flags a text with personal data.
     *
     * @param rules what to look for
     * @return the guardrail
     */
    public static TextRail flag(Rules rules) {
        return TextRail.builder(NAME).flag(rules).build();
    }
}
