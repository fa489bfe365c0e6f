// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;

/** Somebody else writes to the directory now, or may; the message names who. */
public final class TakenOverException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message who it is, and what to do
     */
    public TakenOverException(String message) {
        super(message);
    }
}
