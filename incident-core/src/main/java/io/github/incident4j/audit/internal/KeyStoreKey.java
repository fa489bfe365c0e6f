// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.audit.AuditSigner;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.audit.internal.merkle.NoteVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.interfaces.EdECKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An Ed25519 key out of a PKCS#12 key store. The password is not kept. */
public final class KeyStoreKey implements AuditSigner {
    private static final String ED25519 = "Ed25519";
    private static final int KEY_SIZE = 32;
    private static final byte[] PROBE = "incident4j".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey key;
    private final byte[] publicKey;
    private final String name;

    private KeyStoreKey(PrivateKey key, byte[] publicKey, String name) {
        this.key = key;
        this.publicKey = publicKey;
        this.name = name;
    }

    /**
     * Reads a key with its certificate.
     *
     * @param file the key store
     * @param password the password of the store and of the key in it
     * @param alias the entry
     * @param name the key's name in checkpoints
     * @return the key
     * @throws IOException if the file cannot be read, or holds no such key
     * @throws NoteException if the name is not possible
     */
    public static KeyStoreKey in(Path file, char[] password, String alias, String name) throws IOException {
        try {
            KeyStore store = open(file, password);
            Key key = store.getKey(alias, password);
            Certificate certificate = store.getCertificate(alias);
            if (!(key instanceof PrivateKey secret) || certificate == null) {
                List<String> aliases = Collections.list(store.aliases());
                throw unusable(
                        file,
                        alias,
                        store.containsAlias(alias)
                                ? "is no private key with a certificate; name one that is; the store has " + aliases
                                : "is missing; the store has " + aliases,
                        null);
            }
            if (!isEd25519(secret) || !isEd25519(certificate.getPublicKey())) {
                throw unusable(
                        file,
                        alias,
                        "is no " + ED25519 + " key but "
                                + certificate.getPublicKey().getAlgorithm() + "; make one with"
                                + " keytool -genkeypair -keyalg Ed25519 -storetype PKCS12",
                        null);
            }
            byte[] encoded = certificate.getPublicKey().getEncoded(); // X.509, which ends with the key itself
            byte[] publicKey = Arrays.copyOfRange(encoded, encoded.length - KEY_SIZE, encoded.length);
            KeyStoreKey signer = new KeyStoreKey(secret, publicKey, name);
            if (!new NoteVerifier(name, publicKey).verify(PROBE, signer.sign(PROBE))) {
                throw unusable(
                        file, alias, "has a certificate of another key; import the one that belongs to it", null);
            }
            return signer;
        } catch (GeneralSecurityException e) {
            throw unusable(
                    file,
                    alias,
                    "cannot be opened: " + e.getMessage() + "; give it the password of the store (keytool"
                            + " -keypasswd, or export it anew)",
                    e);
        }
    }

    private static KeyStore open(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException(
                    "the key store " + file + " cannot be read: " + e.getClass().getSimpleName()
                            + "; name a file that is there and that this process may read",
                    e);
        }
        try (InputStream in = new ByteArrayInputStream(content)) {
            store.load(in, password);
        } catch (IOException e) {
            String problem = e.getCause() instanceof UnrecoverableKeyException
                    ? " does not open with this password; check the password"
                    : " is no PKCS#12 key store, or is cut off; name one that keytool -list can show";
            throw new IOException("the key store " + file + problem, e);
        }
        return store;
    }

    private static boolean isEd25519(Key key) {
        return key instanceof EdECKey edwards
                && ED25519.equalsIgnoreCase(edwards.getParams().getName());
    }

    private static IOException unusable(Path file, String alias, String problem, @Nullable Throwable cause) {
        return new IOException("the entry '" + alias + "' of the key store " + file + " " + problem, cause);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] message) throws IOException {
        try {
            Signature ed25519 = Signature.getInstance(ED25519);
            ed25519.initSign(key);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IOException("the key '" + name + "' cannot sign: " + e.getMessage(), e);
        }
    }
}
