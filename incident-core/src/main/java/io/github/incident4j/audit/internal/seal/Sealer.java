// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals texts and opens them: AES-256-GCM (NIST SP 800-38D) under the subject's secret, bound to the number of the
 * record. The nonce is the beginning of the commitment, which contains a fresh random salt, so it never comes twice.
 * Used by one thread.
 */
public final class Sealer {
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int RANDOM_AHEAD = 1_024; // asking the generator for few bytes costs nearly as much

    private final SecureRandom random = new SecureRandom();
    private final byte[] ahead = new byte[RANDOM_AHEAD];
    private int unused;
    private final Cipher cipher;
    private final MessageDigest sha256;

    /** Creates a sealer. */
    public Sealer() {
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("every Java platform has AES/GCM and SHA-256", e);
        }
    }

    /** {@return a new secret} */
    public SubjectSecret newSecret() {
        byte[] bytes = new byte[SubjectSecret.SIZE];
        random.nextBytes(bytes);
        return new SubjectSecret(bytes);
    }

    /**
     * Seals a text.
     *
     * @param secret the secret of the subject that it is about
     * @param sequence the number of the record that it belongs to
     * @param text the array that holds the text from its beginning
     * @param length its length in bytes
     * @return the sealed text
     */
    public Sealed seal(SubjectSecret secret, long sequence, byte[] text, int length) {
        byte[] plain = new byte[SALT + length];
        salt(plain);
        System.arraycopy(text, 0, plain, SALT, length);
        byte[] commitment = sha256.digest(plain);
        try {
            init(Cipher.ENCRYPT_MODE, secret, sequence, commitment);
            return new Sealed(commitment, cipher.doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a text could not be sealed", e);
        }
    }

    /**
     * Opens a sealed text.
     *
     * @param secret the secret of the subject
     * @param sequence the number of the record that it belongs to
     * @param sealed the sealed text, with the commitment as the record has it
     * @return the text
     * @throws SealException if the text is not the one that was sealed for this record
     */
    public byte[] open(SubjectSecret secret, long sequence, Sealed sealed) throws SealException {
        byte[] plain;
        try {
            init(Cipher.DECRYPT_MODE, secret, sequence, sealed.commitment());
            plain = cipher.doFinal(sealed.ciphertext());
        } catch (AEADBadTagException e) {
            throw new SealException("it was changed, or sealed under another secret or for another record");
        } catch (GeneralSecurityException e) {
            throw new SealException("it is no sealed text: " + e.getMessage());
        }
        if (plain.length < SALT || !MessageDigest.isEqual(sha256.digest(plain), sealed.commitment())) {
            throw new SealException("it is not the text that the record commits to");
        }
        return Arrays.copyOfRange(plain, SALT, plain.length);
    }

    private void init(int mode, SubjectSecret secret, long sequence, byte[] commitment)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        cipher.init(mode, secret.sealing(), new GCMParameterSpec(TAG_BITS, commitment, 0, NONCE));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(0, sequence));
    }

    private void salt(byte[] to) {
        if (unused < SALT) {
            random.nextBytes(ahead);
            unused = ahead.length;
        }
        unused -= SALT;
        System.arraycopy(ahead, unused, to, 0, SALT);
        Arrays.fill(ahead, unused, unused + SALT, (byte) 0);
    }
}
