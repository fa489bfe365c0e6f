// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Failure;

/** Says that a model call was stopped by us, and why. Never leaves the library. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure reason;
    private final boolean began;

    private StoppedException(Failure reason, boolean began) {
        super(reason.code(), null, false, false);
        this.reason = reason;
        this.began = began;
    }

    /** Says that a model call was stopped on its way; nobody knows how far it came. */
    static StoppedException midway(Failure reason) {
        return new StoppedException(reason, true);
    }

    /** Says that a model call will never begin. */
    static StoppedException unbegun(Failure reason) {
        return new StoppedException(
                reason instanceof Failure.TimedOut timedOut ? new Failure.TimedOut(timedOut.limit(), false) : reason,
                false);
    }

    Failure reason() {
        return reason;
    }

    /** Whether the model call had begun. */
    boolean began() {
        return began;
    }
}
