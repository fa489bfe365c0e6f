// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.internal.SwitchTable;
import io.github.incident4j.model.Failure;
import org.jspecify.annotations.Nullable;

/** A model call that is running. */
abstract class Stoppable {
    private final String route;
    private final SwitchTable.@Nullable Call lookup;

    /**
     * Creates one.
     *
     * @param route the route that runs
     * @param lookup what a switch table needs to know of the call; null where nobody will ask
     */
    Stoppable(String route, SwitchTable.@Nullable Call lookup) {
        this.route = route;
        this.lookup = lookup;
    }

    final String route() {
        return route;
    }

    final SwitchTable.@Nullable Call lookup() {
        return lookup;
    }

    /**
     * Stops it; without effect when it has ended or was stopped before. By any thread; returns at once, as host code
     * that this takes runs {@linkplain CallTimer#cancel aside}.
     */
    abstract void stop(Failure reason);

    /** Looks whether it can still end; what waits for it without a limit asks now and then, by any thread. */
    void look() {}
}
