// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

import java.io.IOException;

/** An Ed25519 key (RFC 8032), wherever it lies. */
public interface Ed25519Signer {

    /** {@return the 32 bytes of the public key} */
    byte[] publicKey();

    /**
     * Signs a message.
     *
     * @param message the message
     * @return the 64 bytes of the signature
     * @throws IOException if the key cannot be reached
     */
    byte[] sign(byte[] message) throws IOException;
}
