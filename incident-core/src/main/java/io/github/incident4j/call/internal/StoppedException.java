// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Failure;

/** Says that a model call was stopped by us, and why. Never leaves the library. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure reason;

    StoppedException(Failure reason) {
        super(reason.code(), null, false, false);
        this.reason = reason;
    }

    Failure reason() {
        return reason;
    }
}
