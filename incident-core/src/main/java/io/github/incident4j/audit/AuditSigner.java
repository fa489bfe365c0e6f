// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit;

/**
 * Signs the trail's checkpoints with an Ed25519 key (RFC 8032), wherever that key lies: a file, a key store, a key
 * management service. Used by one thread at a time, about once a second; it may block.
 */
public interface AuditSigner {

    /**
     * The key's name in checkpoints: unique to this trail, without spaces and plus signs, such as
     * {@code audit.example.com/credit-service/1}. That of a trail's first key is the trail's origin, and stays it when
     * keys are exchanged. A new key may have the name of the one before, so that its signatures go on to name the
     * origin, as C2SP recommends.
     *
     * @return the name
     */
    String name();

    /** {@return the 32 bytes of the public key} */
    byte[] publicKey();

    /**
     * Signs a message.
     *
     * @param message the message
     * @return the 64 bytes of the signature
     * @throws java.io.IOException if the key cannot be reached now; it is tried again with the next checkpoint
     */
    byte[] sign(byte[] message) throws java.io.IOException;
}
