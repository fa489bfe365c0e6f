// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.model.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key of the Standard Webhooks specification (standardwebhooks.com, 1.0): {@code whsec_…} holds a secret that both
 * sides know (HMAC-SHA-256, {@code v1}), {@code whsk_…} a private and {@code whpk_…} a public key (Ed25519,
 * {@code v1a}). Immutable; its text never shows the key.
 */
public final class WebhookKey {
    private static final String SECRET = "whsec_";
    private static final String PRIVATE = "whsk_";
    private static final String PUBLIC = "whpk_";
    private static final int LEAST_SECRET = 24;
    private static final int MOST_SECRET = 64;
    private static final int ED25519 = 32;
    private static final String EXAMPLE =
            "use " + SECRET + ", " + PRIVATE + " or " + PUBLIC + " and the key's bytes in base64";

    /** What stands before the 32 bytes of a public key of Ed25519 in its X.509 form (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte @Nullable [] secret;
    private final @Nullable PrivateKey signing;
    private final @Nullable PublicKey verifying;

    private WebhookKey(byte @Nullable [] secret, @Nullable PrivateKey signing, @Nullable PublicKey verifying) {
        this.secret = secret;
        this.signing = signing;
        this.verifying = verifying;
    }

    /**
     * Reads a key.
     *
     * @param text the key as the specification writes it
     * @return the key
     * @throws ConfigurationException if it is none; the message does not show it
     */
    public static WebhookKey of(String text) {
        if (text == null) {
            throw fault("the key is null; " + EXAMPLE);
        }
        try {
            if (text.startsWith(PRIVATE)) {
                byte[] bytes = bytes(text, PRIVATE, ED25519, 2 * ED25519); // with its public key behind it, or alone
                return new WebhookKey(
                        null,
                        KeyFactory.getInstance("Ed25519")
                                .generatePrivate(new EdECPrivateKeySpec(
                                        NamedParameterSpec.ED25519, Arrays.copyOf(bytes, ED25519))),
                        null);
            }
            if (text.startsWith(PUBLIC)) {
                byte[] bytes = bytes(text, PUBLIC, ED25519, ED25519);
                byte[] encoded = Arrays.copyOf(X509, X509.length + ED25519);
                System.arraycopy(bytes, 0, encoded, X509.length, ED25519);
                return new WebhookKey(
                        null, null, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            }
            if (text.startsWith(SECRET)) {
                return new WebhookKey(bytes(text, SECRET, LEAST_SECRET, MOST_SECRET), null, null);
            }
        } catch (GeneralSecurityException e) {
            throw fault("the key cannot be used: " + e.getClass().getSimpleName());
        }
        throw fault("the key begins with none of " + SECRET + ", " + PRIVATE + " and " + PUBLIC + "; " + EXAMPLE);
    }

    private static byte[] bytes(String text, String prefix, int least, int most) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.substring(prefix.length()));
        } catch (IllegalArgumentException e) {
            throw fault("what follows " + prefix + " is no base64; " + EXAMPLE);
        }
        if (bytes.length < least || bytes.length > most || (least == ED25519 && bytes.length % ED25519 != 0)) {
            throw fault("the key behind " + prefix + " has " + bytes.length + " bytes; it must have " + least
                    + (least == most ? "" : " to " + most));
        }
        return bytes;
    }

    private static ConfigurationException fault(String what) {
        return new ConfigurationException("webhook key", List.of(what));
    }

    /** {@return whether the key can sign: it is no public one} */
    public boolean canSign() {
        return secret != null || signing != null;
    }

    /**
     * Signs a message.
     *
     * @param id the message's id, as in its header {@code webhook-id}
     * @param timestamp when it is sent, in seconds since 1970, as in {@code webhook-timestamp}
     * @param body the body
     * @return the signature as the header {@code webhook-signature} has it
     * @throws IllegalStateException if the key is a public one
     */
    public String sign(String id, long timestamp, byte[] body) {
        byte[] signed = signed(id, timestamp, body);
        try {
            if (secret != null) {
                return "v1," + Base64.getEncoder().encodeToString(hmac(secret, signed));
            }
            if (signing == null) {
                throw new IllegalStateException("a public key cannot sign; use the private one, " + PRIVATE);
            }
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(signing);
            signature.update(signed);
            return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot sign by this key", e);
        }
    }

    /** Whether a signature, such as {@code v1,…}, is one by this key or its private half. */
    boolean isSignature(String candidate, String id, long timestamp, byte[] body) {
        try {
            if (secret != null) {
                // Compared in a time that does not tell how much of it is right.
                return MessageDigest.isEqual(
                        sign(id, timestamp, body).getBytes(StandardCharsets.UTF_8),
                        candidate.getBytes(StandardCharsets.UTF_8));
            }
            if (verifying == null || !candidate.startsWith("v1a,")) {
                return false;
            }
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(verifying);
            signature.update(signed(id, timestamp, body));
            return signature.verify(Base64.getDecoder().decode(candidate.substring("v1a,".length())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // no signature at all, or no base64
        }
    }

    static byte[] hmac(byte[] secret, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(message);
    }

    private static byte[] signed(String id, long timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    @Override
    public String toString() {
        return secret != null ? SECRET + "…" : signing != null ? PRIVATE + "…" : PUBLIC + "…";
    }
}
