// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.seal;

/** A sealed text cannot be opened. */
public final class SealException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message in a few words
     */
    public SealException(String message) {
        super(message);
    }
}
