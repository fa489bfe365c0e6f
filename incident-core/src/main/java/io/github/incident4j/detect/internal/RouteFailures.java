// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.model.Failure;

/** Which failures speak against the version of the model that was tried. */
public final class RouteFailures {
    private RouteFailures() {}

    /**
     * Whether a failure is the route's own, and not that of a switch, a limit, the caller or its breaker, which only
     * passes on what was counted before.
     *
     * @param failure why the route has not answered
     * @return whether the route was tried and has failed
     */
    public static boolean isOwn(Failure failure) {
        return isError(failure) || failure instanceof Failure.OutputBlocked;
    }

    /** Whether the route was tried and has given no answer at all. */
    static boolean isError(Failure failure) {
        return failure instanceof Failure.ModelError
                || failure instanceof Failure.NoAnswer
                || (failure instanceof Failure.TimedOut timedOut && timedOut.started());
    }
}
