// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

import io.github.incident4j.audit.internal.KeyStoreKey;
import io.github.incident4j.audit.internal.TrailKey;
import io.github.incident4j.audit.internal.merkle.NoteException;
import io.github.incident4j.model.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Ready-made signers. For a key management service, implement {@link AuditSigner}. */
public final class AuditSigners {
    private AuditSigners() {}

    /**
     * A key in a file, which is made if it is not there: one line in the form of Go's note package,
     * {@code PRIVATE+KEY+name+hash+key}. Put it where whoever may write the trail may not.
     *
     * @param file the file
     * @return the signer
     * @throws UncheckedIOException if the file cannot be read or made, or holds no key
     */
    public static AuditSigner file(Path file) {
        try {
            return TrailKey.in(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * An Ed25519 key with its certificate in a PKCS#12 key store, such as
     *
     * <pre>
     * {@code keytool -genkeypair -keyalg Ed25519 -storetype PKCS12 -keystore audit.p12 -alias audit -dname CN=audit}
     * </pre>
     *
     * makes it (Java 17 or later). The store is read once, now. Whether the certificate has ended, or who has signed
     * it, does not matter here: who verifies trusts the key by its verifier key.
     *
     * @param file the key store
     * @param password the password of the store and of the key in it; not kept, so it may be overwritten afterwards
     * @param alias the key's entry
     * @param name the key's name in checkpoints: see {@link AuditSigner#name()}
     * @return the signer, which may be used by several threads
     * @throws UncheckedIOException if the file cannot be read, the password is wrong, or the entry is no Ed25519 key
     *     with its certificate; the message says which
     * @throws ConfigurationException if the name is not possible
     */
    public static AuditSigner pkcs12(Path file, char[] password, String alias, String name) {
        try {
            return KeyStoreKey.in(file, password, alias, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (NoteException e) {
            throw new ConfigurationException("audit signer", List.of(String.valueOf(e.getMessage())));
        }
    }
}
