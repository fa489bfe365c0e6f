// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.time.Instant;

/**
 * A switch that is set.
 *
 * @param scope what it covers
 * @param state what it does to what it covers
 * @param cause who set it, why, and until when
 * @param since when it was set
 */
public record Switch(Scope scope, SwitchState state, Cause cause, Instant since) {
    /**
     * Says whether it leaves a route alone that its scope covers: where that names no route, the one that is to answer
     * instead of all others.
     *
     * @param route the route's name
     * @return whether it does
     */
    public boolean spares(String route) {
        return scope.route().isEmpty()
                && state.instead().preferred().filter(route::equals).isPresent();
    }
}
