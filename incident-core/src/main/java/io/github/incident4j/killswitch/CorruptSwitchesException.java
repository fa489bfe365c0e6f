// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.io.IOException;
import java.io.Serial;

/**
 * What a source holds was read, and it is no valid state: it will not get better by reading it again. A source that
 * cannot be reached now throws any other {@link IOException}, and nobody touches what it holds.
 */
public final class CorruptSwitchesException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what is wrong with the content, for a person
     * @param cause what found it
     */
    public CorruptSwitchesException(String message, Throwable cause) {
        super(message, cause);
    }
}
