// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.seal;

/**
 * A sealed text. The arrays belong to it.
 *
 * @param commitment SHA-256 over salt and text: says nothing of the text to whoever does not know the salt
 * @param ciphertext salt and text, encrypted and authenticated
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
public record Sealed(byte[] commitment, byte[] ciphertext) {}
