// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

/** What a response may do to a guarded model beside its switches; the guard implements it, two floors above. */
@FunctionalInterface
public interface RouteControl {

    /**
     * Opens the circuit breaker of a route.
     *
     * @param route the route's name
     * @return whether the route has one
     */
    boolean openBreaker(String route);
}
