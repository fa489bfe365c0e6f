// SPDX-License-Identifier: Apache-2.0
/**
 * Sealing: texts that can be erased although what commits to them cannot. Knows the JDK only.
 *
 * <p>A text is sealed under the secret of the person that it is about. What remains when the secret is destroyed (a
 * salted hash, a keyed digest, a ciphertext) says nothing of the text any more: crypto-shredding, as in NIST SP 800-88
 * ("cryptographic erase").
 */
@NullMarked
package io.github.incident4j.audit.internal.seal;

import org.jspecify.annotations.NullMarked;
