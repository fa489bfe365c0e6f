// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Severity;

/**
 * Guardrails on credentials in texts.
 *
 * <pre>{@code
 * .input(SecretRails.block())
 * .output(TextRail.builder("output").redact(SecretRails.rules().without("bcrypt-hash")).build())
 * }</pre>
 *
 * <p>The rules know the public formats of the issuers: keys and tokens of clouds, source hosts, registries, services
 * for models, messages, payment and observing; signed tokens, private keys, hashes of passwords, passwords in addresses
 * and headers; and values that only their names give away, such as {@code DB_PASSWORD=}. The README of the module has a
 * table of all rules and of what is not caught. Where an issuer defines a checksum it is checked. Placeholders such as
 * {@code <your-key>}, {@code ${TOKEN}}, rows of one character and keys with {@code EXAMPLE} in them are no credentials.
 *
 * <p>A value is found beside letters of every script but not beside ASCII letters and digits; full-width characters and
 * those that do not show make no difference. Not caught is what is cut across two texts.
 *
 * <p>The guardrails' name is {@code secrets}. Masks, values that are allowed, and several families in one pass are the
 * {@link TextRail}'s, which also guards texts that come in pieces. The time is linear in the text. No method here
 * throws because of the rules: see {@link TextRail#faults()}.
 */
public final class SecretRails {
    private static final String NAME = "secrets";

    private SecretRails() {}

    /** {@return all rules of this family; keys of clouds and private keys are of severity P1, all others of P2} */
    public static Rules rules() {
        return Rules.of("credentials", Secrets.rules()).severity(Severity.P2).severity(Severity.P1, Secrets.gravest());
    }

    /** {@return a guardrail that puts labels in the place of credentials} */
    public static TextRail redact() {
        return TextRail.builder(NAME).redact(rules()).build();
    }

    /** {@return a guardrail that blocks a text with credentials} */
    public static TextRail block() {
        return TextRail.builder(NAME).block(rules()).build();
    }

    /** {@return a guardrail that flags a text with credentials} */
    public static TextRail flag() {
        return TextRail.builder(NAME).flag(rules()).build();
    }
}
