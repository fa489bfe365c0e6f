// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a key that signs notes, in the text form {@code name+hash+key} of C2SP signed-note: the hash is
 * the first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key), the key is base64 of 0x01 and the 32 bytes.
 */
public final class NoteVerifier {
    private static final byte ED25519 = 1;
    private static final int KEY_SIZE = 32;
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final int hash;
    private final byte[] key;

    /**
     * A verifier for a key.
     *
     * @param name the key's name
     * @param publicKey the 32 bytes of the public key
     * @throws NoteException if one of them is not possible
     */
    public NoteVerifier(String name, byte[] publicKey) {
        if (!isName(name)) {
            throw new NoteException("'" + name + "' is no name of a key; use one without spaces and plus signs");
        }
        if (publicKey.length != KEY_SIZE) {
            throw new NoteException("an Ed25519 public key has 32 bytes, this one has " + publicKey.length);
        }
        this.name = name;
        this.key = publicKey.clone();
        this.hash = hashOf(name, publicKey);
    }

    static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars()
                        .noneMatch(c -> c == '+' || c == '\n' || Character.isSpaceChar(c) || Character.isWhitespace(c));
    }

    static int hashOf(String name, byte[] publicKey) {
        var digest = Hashes.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(ED25519);
        digest.update(publicKey);
        return ByteBuffer.wrap(digest.digest()).getInt();
    }

    /**
     * Reads a verifier key.
     *
     * @param text the key in its text form
     * @return the verifier
     * @throws NoteException if it is malformed, of another algorithm, or its hash does not match
     */
    public static NoteVerifier parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3 || !parts[1].matches("[0-9a-f]{8}") || !isName(parts[0])) {
            throw new NoteException("'" + text + "' is no verifier key of the form name+hash+key");
        }
        byte[] key = decoded(parts[2]);
        if (key.length != KEY_SIZE + 1 || key[0] != ED25519) {
            throw new NoteException("the verifier key of '" + parts[0] + "' is no Ed25519 key");
        }
        NoteVerifier verifier = new NoteVerifier(parts[0], Arrays.copyOfRange(key, 1, key.length));
        if (!HexFormat.of().toHexDigits(verifier.hash).equals(parts[1])) {
            throw new NoteException("the verifier key of '" + parts[0] + "' does not match its hash");
        }
        return verifier;
    }

    /** Decodes strictly: what encodes to other text is no base64. */
    static byte[] decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** {@return the key in its text form} */
    public String toText() {
        return name + "+" + HexFormat.of().toHexDigits(hash) + "+"
                + Base64.getEncoder().encodeToString(prefixed(key));
    }

    static byte[] prefixed(byte[] key) {
        byte[] prefixed = new byte[key.length + 1];
        prefixed[0] = ED25519;
        System.arraycopy(key, 0, prefixed, 1, key.length);
        return prefixed;
    }

    /** {@return the key's name} */
    public String name() {
        return name;
    }

    int hash() {
        return hash;
    }

    /**
     * Checks a signature.
     *
     * @param message what was signed
     * @param signature the 64 bytes of the signature
     * @return whether it is right
     */
    public boolean verify(byte[] message, byte[] signature) {
        try {
            byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_SIZE);
            System.arraycopy(key, 0, encoded, X509_PREFIX.length, KEY_SIZE);
            PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey);
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a point that is none, a signature of the wrong length
        }
    }
}
