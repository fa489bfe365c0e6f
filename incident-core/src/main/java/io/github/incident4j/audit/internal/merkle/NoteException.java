// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal.merkle;

/** A note, a key or a checkpoint that cannot be accepted. */
public final class NoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong
     */
    public NoteException(String message) {
        super(message);
    }
}
