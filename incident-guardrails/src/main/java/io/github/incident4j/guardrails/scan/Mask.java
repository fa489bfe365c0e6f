// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What redaction puts in a value's place. A mask is used by several threads at once. */
@FunctionalInterface
public interface Mask {

    /** The rule's label in brackets, such as {@code [IBAN]}. */
    Mask LABEL = (match, value) -> "[" + match.label() + "]";

    /**
     * Four asterisks and the last four letters or digits; four asterisks alone for a value of fewer than nine letters
     * and digits. The number of asterisks says nothing of the value's length.
     */
    Mask LAST_FOUR = (match, value) -> {
        int[] signs = value.codePoints().filter(Character::isLetterOrDigit).toArray();
        return "****" + (signs.length <= 8 ? "" : new String(signs, signs.length - 4, 4));
    };

    /** Nothing. */
    Mask REMOVE = (match, value) -> "";

    /**
     * What stands in a value's place. It must not hold the value.
     *
     * @param match the rule and the span
     * @param value the value as it stands in the text
     * @return the replacement
     */
    String replacement(Match match, String value);

    /**
     * The label with a pseudonym, such as {@code [IBAN:q3Jx0tZk1Pw]}: the same for the same value of a rule, however it
     * is written, and for nobody without the key to be tried out. It is the first 8 bytes of HMAC-SHA-256 (RFC 2104) of
     * rule and value in Base64 (RFC 4648, section 5). Take one key for each conversation, so that values can be told
     * apart in it and not be followed from one to the next.
     *
     * @param key the key, at least 16 bytes; copied
     * @return the mask
     * @throws IllegalArgumentException if the key is shorter
     */
    static Mask pseudonym(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException(
                    "the key of a pseudonym has " + key.length + " bytes; give at least 16 random ones");
        }
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        return (match, value) -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(secret);
                mac.update(match.rule().getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
                byte[] digest = mac.doFinal(lettersAndDigits(value).getBytes(StandardCharsets.UTF_8));
                byte[] first = java.util.Arrays.copyOf(digest, 8);
                return "[" + match.label() + ":"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(first) + "]";
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HMAC-SHA-256, which every Java platform has, is missing", e);
            }
        };
    }

    private static String lettersAndDigits(String value) {
        StringBuilder signs = new StringBuilder(value.length());
        View.normalForm(value)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toUpperCase)
                .forEach(signs::appendCodePoint);
        return signs.toString();
    }
}
