// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of one subject: 32 random bytes, from which one key for sealing and one for digests are derived (HMAC as a
 * pseudo-random function, as in RFC 5869). Immutable.
 */
public final class SubjectSecret {
    /** How long it is, in bytes. */
    public static final int SIZE = 32;

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;
    private final SecretKey sealing;
    private final SecretKey digesting;

    /**
     * Takes a secret.
     *
     * @param bytes 32 bytes
     */
    public SubjectSecret(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a secret of " + bytes.length + " bytes; it must have " + SIZE);
        }
        this.bytes = bytes.clone();
        SecretKey root = new SecretKeySpec(this.bytes, "HmacSHA256");
        this.sealing = new SecretKeySpec(hmac(root, "incident4j seal"), "AES");
        this.digesting = new SecretKeySpec(hmac(root, "incident4j digest"), "HmacSHA256");
    }

    /** {@return the secret itself, for the file that holds it} */
    public byte[] bytes() {
        return bytes.clone();
    }

    SecretKey sealing() {
        return sealing;
    }

    /**
     * The keyed digest of a text: the same for the same text and subject, and nothing without the secret.
     *
     * @param text the text
     * @return 64 hex digits
     */
    public String digest(String text) {
        return HEX.formatHex(hmac(digesting, text));
    }

    /**
     * The name of a subject under a key that is not its own, by which its secret is found.
     *
     * @param key any key
     * @param subject the subject
     * @return 16 bytes
     */
    public static byte[] tag(byte[] key, String subject) {
        return Arrays.copyOf(hmac(new SecretKeySpec(key, "HmacSHA256"), subject), 16);
    }

    private static byte[] hmac(SecretKey key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
