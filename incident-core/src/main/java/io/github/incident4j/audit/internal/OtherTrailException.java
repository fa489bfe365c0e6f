// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import java.io.IOException;

/** Another trail lies in the place of the one that is written: an outage that a person alone can end. */
public final class OtherTrailException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what lies there, and what to do
     */
    public OtherTrailException(String message) {
        super(message);
    }
}
