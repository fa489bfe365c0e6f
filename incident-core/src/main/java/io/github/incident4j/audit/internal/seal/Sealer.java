// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.seal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.IvParameterSpec;

/**
 * Seals texts and opens them: AES-256 in counter mode (NIST SP 800-38A) under the subject's secret. The first counter
 * block is the beginning of the commitment, which contains a fresh random salt, so it never comes twice. What
 * authenticates a text is the commitment, which the log holds; a tag of its own would say the same again. Used by one
 * thread.
 */
public final class Sealer {
    /** How many bytes of salt precede a text. */
    public static final int SALT = 16;

    private static final int BLOCK = 16;
    private static final int NONCE = 12;
    private static final int RANDOM_AHEAD = 1_024; // asking the generator for few bytes costs nearly as much

    private final SecureRandom random = new SecureRandom();
    private final byte[] ahead = new byte[RANDOM_AHEAD];
    private int unused;
    private final byte[] counter = new byte[BLOCK];
    private final Cipher cipher;
    private final MessageDigest sha256;

    /** Creates a sealer. */
    public Sealer() {
        try {
            this.cipher = Cipher.getInstance("AES/CTR/NoPadding");
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("the platform's security providers lack AES/CTR or SHA-256", e);
        }
    }

    /** {@return a new secret} */
    public SubjectSecret newSecret() {
        byte[] bytes = new byte[SubjectSecret.SIZE];
        random.nextBytes(bytes);
        return new SubjectSecret(bytes);
    }

    /**
     * Seals a text in its place: replaces the room for the salt and the text by their ciphertext.
     *
     * @param secret the secret of the subject that it is about
     * @param text an array that begins with {@link #SALT} bytes of room, followed by the text
     * @param length the length of both
     * @return the commitment: SHA-256 over salt and text
     */
    public byte[] seal(SubjectSecret secret, byte[] text, int length) {
        salt(text);
        sha256.reset(); // of one that an error has ended in its middle
        sha256.update(text, 0, length);
        byte[] commitment = sha256.digest();
        try {
            crypt(Cipher.ENCRYPT_MODE, secret, commitment, text, length, text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a text could not be sealed", e);
        }
        return commitment;
    }

    /**
     * Opens a sealed text.
     *
     * @param secret the secret of the subject
     * @param commitment the commitment as the record has it
     * @param sealed the sealed text
     * @return the text
     * @throws SealException if it is not the text that the record commits to
     */
    public byte[] open(SubjectSecret secret, byte[] commitment, byte[] sealed) throws SealException {
        byte[] plain = new byte[sealed.length];
        try {
            crypt(Cipher.DECRYPT_MODE, secret, commitment, sealed, sealed.length, plain);
        } catch (GeneralSecurityException e) {
            throw new SealException("it is no sealed text: " + e.getMessage());
        }
        if (plain.length < SALT || !MessageDigest.isEqual(sha256.digest(plain), commitment)) {
            throw new SealException("it is not the text that the record commits to, or another secret's");
        }
        return Arrays.copyOfRange(plain, SALT, plain.length);
    }

    private void crypt(int mode, SubjectSecret secret, byte[] commitment, byte[] from, int length, byte[] to)
            throws GeneralSecurityException {
        if (commitment.length < NONCE) {
            throw new GeneralSecurityException("the commitment has only " + commitment.length + " bytes");
        }
        System.arraycopy(commitment, 0, counter, 0, NONCE); // the rest counts blocks, from 0
        cipher.init(mode, secret.sealing(), new IvParameterSpec(counter));
        cipher.doFinal(from, 0, length, to, 0);
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
