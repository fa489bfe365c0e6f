// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Severity;

/**
 * Guardrails on personal data in texts.
 *
 * <pre>{@code
 * .input(PiiRails.block())
 * .output(TextRail.builder("output").redact(PiiRails.rules().without("ipv4")).build())
 * }</pre>
 *
 * <p>The rules know public formats and checksums: e-mail, payment cards, bank accounts, person and tax numbers of some
 * fifty countries, travel documents, vehicles, network addresses, URLs with a password, addresses on chains; and forms
 * without a checksum: telephone numbers, street addresses, postal codes, dates of birth, coordinates. The README of the
 * module has a table with an example, the source and the limits of each. A number that many an ordinary number passes
 * for, because its checksum is weak, counts only near a context word such as {@code NHS}; see
 * {@link Rules#leastConfidence}.
 *
 * <p>A value is found beside letters of every script but not beside ASCII letters and digits; full-width digits, digits
 * of other scripts and characters that do not show make no difference. Not caught are names, numbers in words, and
 * values cut across two texts.
 *
 * <p>The guardrails' name is {@code pii}. Masks, values that are allowed, and several families in one pass are the
 * {@link TextRail}'s, which also guards texts that come in pieces. The time is linear in the text. No method here
 * throws because of the rules: see {@link TextRail#faults()}.
 */
public final class PiiRails {
    private static final String NAME = "pii";

    private PiiRails() {}

    /**
     * {@return all rules of this family; numbers of persons and money are of severity P2, how to reach somebody of P3}
     */
    public static Rules rules() {
        return Rules.of("personal data", Pii.rules()).severity(Severity.P2).severity(Severity.P3, Pii.CONTACT);
    }

    /**
     * All rules of this family, with telephone numbers that libphonenumber holds valid in place of those that only have
     * the form. Fewer numbers are taken that are none; numbers that are not given out yet, or are invented, are left.
     * Needs {@code com.googlecode.libphonenumber:libphonenumber} on the class path, which is an optional dependency;
     * that it is missing is a fault. It takes some microseconds for each text that has the form of a number.
     *
     * @param regions the regions whose national forms count, such as {@code DE}, as ISO 3166-1 alpha-2; numbers with a
     *     country code always count
     * @return the rules
     */
    public static Rules rulesWithCheckedPhones(String... regions) {
        Rules others = rules().without(Phones.RULE);
        try {
            return others.with(CheckedPhones.of(regions));
        } catch (LinkageError e) {
            return others.with(new Unavailable(
                    Phones.RULE,
                    "personal data: checked telephone numbers need libphonenumber, which is not there; add"
                            + " com.googlecode.libphonenumber:libphonenumber to the class path"));
        }
    }

    /** {@return a guardrail that puts labels in the place of personal data} */
    public static TextRail redact() {
        return TextRail.builder(NAME).redact(rules()).build();
    }

    /** {@return a guardrail that blocks a text with personal data} */
    public static TextRail block() {
        return TextRail.builder(NAME).block(rules()).build();
    }

    /** {@return a guardrail that flags a text with personal data} */
    public static TextRail flag() {
        return TextRail.builder(NAME).flag(rules()).build();
    }
}
