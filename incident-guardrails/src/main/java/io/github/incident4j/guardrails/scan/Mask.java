// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
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
     * @param value the value as it stands in the text; one that was encoded there, decoded
     * @return the replacement, not null: where it is, the check fails, and what was not checked is blocked
     */
    String replacement(Match match, String value);

    /**
     * The label with a pseudonym, such as {@code [IBAN:q3Jx0tZk1Pw]}: the same for the same value of a rule, another
     * for another one, and for nobody without the key to be tried out. A value is the same in an encoding, in other
     * forms of its characters and with others that do not show; a number of a person or account also with other
     * separators and in the other case; an address of e-mail or of a network also in the other case. It is the first 8
     * bytes of HMAC-SHA-256 (RFC 2104) of rule and value in Base64 (RFC 4648, section 5). Take one key for each
     * conversation, so that values can be told apart in it and not be followed from one to the next.
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
                byte[] digest = mac.doFinal(canonical(match, value).getBytes(StandardCharsets.UTF_8));
                byte[] first = java.util.Arrays.copyOf(digest, 8);
                return "[" + match.label() + ":"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(first) + "]";
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HMAC-SHA-256, which every Java platform has, is missing", e);
            }
        };
    }

    /** The value as it is written in one way only, so that no two values are written alike. */
    private static String canonical(Match match, String value) {
        String normal = View.normalForm(value);
        return switch (match.rule()) {
            case "email", "ipv4", "ipv6", "mac" -> normal.toLowerCase(Locale.ROOT);
            case "coordinates" -> normal.replace(" ", "");
            case "birth-date" -> normal; // 1.12. is not 11.2.
            default -> match.category().equals("pii") && isNumber(normal) ? lettersAndDigits(normal) : normal;
        };
    }

    /** Whether a value is letters, digits and what parts them, and more of it digits. */
    private static boolean isNumber(String value) {
        long digits = value.chars().filter(c -> c >= '0' && c <= '9').count();
        long letters = value.chars().filter(Character::isLetter).count();
        long others = value.chars()
                .filter(c -> !Character.isLetterOrDigit(c) && " -./()+".indexOf(c) < 0)
                .count();
        return others == 0 && digits >= 4 && digits > letters;
    }

    private static String lettersAndDigits(String value) {
        StringBuilder signs = new StringBuilder(value.length());
        value.codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toUpperCase)
                .forEach(signs::appendCodePoint);
        return signs.toString();
    }
}
