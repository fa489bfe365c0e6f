// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrail.Guardrail;

/**
 * Guardrails on credentials in texts.
 *
 * <pre>{@code
 * .input(SecretRails.block())
 * .output(SecretRails.redact(SecretOptions.defaults().without("bcrypt-hash")))
 * }</pre>
 *
 * <p>The rules know the public formats of the issuers: keys and tokens of clouds, source hosts, registries, services
 * for models, messages, payment and observing; signed tokens, private keys, hashes of passwords, passwords in addresses
 * and headers; and values that only their names give away, such as {@code DB_PASSWORD=}. The README of the module has a
 * table of all rules and of what is not caught. Where an issuer defines a checksum it is checked. Placeholders such as
 * {@code <your-key>}, {@code ${TOKEN}}, rows of one character and keys with {@code EXAMPLE} in them are no credentials.
 *
 * <p>A value is found beside letters of every script but not beside ASCII letters and digits; full-width characters and
 * those that do not show make no difference. Not caught is what is encoded, or cut across two texts.
 *
 * <p>The guardrails' name is {@code secrets}. A finding names the rules with the spans in UTF-16 units and never holds
 * a value. The time is linear in the text. A text that is missing (null) is blocked. No method here throws because of
 * the options: see {@link Guardrail#faults()}.
 */
public final class SecretRails {

    private SecretRails() {}

    /** {@return a guardrail that puts labels in the place of credentials} */
    public static Guardrail<String> redact() {
        return redact(SecretOptions.defaults());
    }

    /**
     * Puts masks in the place of credentials. Always the characters of the original text are replaced, with everything
     * between them that does not show. A text in which values are still found after four rounds is blocked.
     *
     * @param options what to look for, and the mask
     * @return the guardrail
     */
    public static Guardrail<String> redact(SecretOptions options) {
        return SecretRail.of(options, SecretRail.Action.REDACT);
    }

    /** {@return a guardrail that blocks a text with credentials} */
    public static Guardrail<String> block() {
        return block(SecretOptions.defaults());
    }

    /**
     * Blocks a text with credentials.
     *
     * @param options what to look for
     * @return the guardrail
     */
    public static Guardrail<String> block(SecretOptions options) {
        return SecretRail.of(options, SecretRail.Action.BLOCK);
    }

    /** {@return a guardrail that flags a text with credentials} */
    public static Guardrail<String> flag() {
        return flag(SecretOptions.defaults());
    }

    /**
     * Flags a text with credentials.
     *
     * @param options what to look for
     * @return the guardrail
     */
    public static Guardrail<String> flag(SecretOptions options) {
        return SecretRail.of(options, SecretRail.Action.FLAG);
    }
}
