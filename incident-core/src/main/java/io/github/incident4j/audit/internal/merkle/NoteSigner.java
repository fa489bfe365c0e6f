// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A key with a name, which signs notes. */
public final class NoteSigner {
    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int SEED_SIZE = 32;
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final Ed25519Signer key;
    private final NoteVerifier verifier;
    private final byte[] seed; // empty where the key lies elsewhere

    private NoteSigner(String name, Ed25519Signer key, byte[] seed) {
        this.key = key;
        this.verifier = new NoteVerifier(name, key.publicKey());
        this.seed = seed;
    }

    /**
     * A signer whose key lies elsewhere.
     *
     * @param name the key's name
     * @param key the key
     * @return the signer
     * @throws NoteException if the name or the public key is not possible
     */
    public static NoteSigner of(String name, Ed25519Signer key) {
        return new NoteSigner(name, key, new byte[0]);
    }

    /**
     * Makes a new key.
     *
     * @param name its name
     * @return the signer
     */
    public static NoteSigner generate(String name) {
        byte[] seed = new byte[SEED_SIZE];
        new SecureRandom().nextBytes(seed);
        return fromSeed(name, seed);
    }

    /**
     * Reads a private key in the text form of Go's note package, {@code PRIVATE+KEY+name+hash+key}.
     *
     * @param text the key
     * @return the signer
     * @throws NoteException if it is malformed, of another algorithm, or its hash does not match
     */
    public static NoteSigner parse(String text) {
        String[] parts =
                text.startsWith(PREFIX) ? text.substring(PREFIX.length()).split("\\+", 3) : new String[0];
        byte[] decoded = parts.length == 3 ? NoteVerifier.decoded(parts[2]) : new byte[0];
        if (decoded.length != SEED_SIZE + 1 || decoded[0] != 1 || !NoteVerifier.isName(parts[0])) {
            throw new NoteException("this is no Ed25519 key of the form PRIVATE+KEY+name+hash+key");
        }
        NoteSigner signer = fromSeed(parts[0], Arrays.copyOfRange(decoded, 1, decoded.length));
        if (!HexFormat.of().toHexDigits(signer.verifier.hash()).equals(parts[1])) {
            throw new NoteException("the private key of '" + parts[0] + "' does not match its hash");
        }
        return signer;
    }

    private static NoteSigner fromSeed(String name, byte[] seed) {
        try {
            byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_SIZE);
            System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_SIZE);
            PrivateKey privateKey = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            byte[] publicKey = publicKeyOf(seed);
            return new NoteSigner(
                    name,
                    new Ed25519Signer() {
                        @Override
                        public byte[] publicKey() {
                            return publicKey.clone();
                        }

                        @Override
                        public byte[] sign(byte[] message) throws IOException {
                            return signed(privateKey, message);
                        }
                    },
                    seed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 17 has Ed25519", e);
        }
    }

    private static byte[] signed(PrivateKey privateKey, byte[] message) throws IOException {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(privateKey);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IOException("the key cannot sign: " + e.getMessage(), e);
        }
    }

    /** The JDK derives a public key only while it generates a pair; so it is given the seed as its random bytes. */
    private static byte[] publicKeyOf(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Seeded(seed));
        EdECPoint point = ((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint();
        byte[] bigEndian = point.getY().toByteArray();
        byte[] key = new byte[SEED_SIZE];
        for (int i = 0; i < Math.min(SEED_SIZE, bigEndian.length); i++) {
            key[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (point.isXOdd()) {
            key[SEED_SIZE - 1] |= (byte) 0x80;
        }
        return key;
    }

    /** Hands out given bytes. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Seeded(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    /**
     * The private key as text; see {@link #parse}.
     *
     * @return the text, to be kept secret
     * @throws IllegalStateException if the key lies elsewhere
     */
    public String toText() {
        if (seed.length == 0) {
            throw new IllegalStateException("the key of '" + verifier.name() + "' lies elsewhere");
        }
        return PREFIX + verifier.name() + "+" + HexFormat.of().toHexDigits(verifier.hash()) + "+"
                + Base64.getEncoder().encodeToString(NoteVerifier.prefixed(seed));
    }

    /** {@return the public half} */
    public NoteVerifier verifier() {
        return verifier;
    }

    /** {@return the key itself} */
    public Ed25519Signer key() {
        return key;
    }

    /** The line that signs a text, with its newline. */
    String signatureLine(String text) throws IOException {
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + signature.length);
        bytes.putInt(verifier.hash()).put(signature);
        return "\u2014 " + verifier.name() + " " + Base64.getEncoder().encodeToString(bytes.array()) + "\n";
    }
}
