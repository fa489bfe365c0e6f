// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples;

/** Something that the user gave cannot be used; the message says what and what to do. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what cannot be used, and the remedy
     */
    public UsageException(String message) {
        super(message);
    }
}
