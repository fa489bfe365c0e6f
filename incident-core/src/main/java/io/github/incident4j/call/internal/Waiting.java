// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import org.jspecify.annotations.Nullable;

/** A call that waits before a retry. Stopping it ends the wait; what the switch says is asked before the attempt. */
final class Waiting extends Stoppable {
    private final CallTimer.Continuation wait;

    Waiting(String route, SwitchTable.@Nullable Call lookup, CallTimer.Continuation wait) {
        super(route, lookup);
        this.wait = wait;
    }

    @Override
    void stop(Failure reason) {
        wait.submit();
    }
}
