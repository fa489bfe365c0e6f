// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

/**
 * What becomes of calls that are running when their route is killed. A call that still waits in its executor's queue is
 * none of them: it never begins, as if the route had been killed before.
 */
public enum InFlight {
    /** They finish, and their answers count. */
    FINISH,
    /** They finish, and their answers are thrown away; the fallback answers. */
    DISCARD,
    /**
     * They are stopped at once: the thread is interrupted, the future or the subscription cancelled. An answer that
     * arrives all the same is thrown away. As after a time-out nobody knows how far a stopped call came, so a fallback
     * answers only for a route that is {@linkplain RouteOptions#idempotent() idempotent}, or where a rule on
     * {@code Failure.Killed} says so. What is cancelled is the very future that the host has returned: where several
     * calls share one, see {@link AsyncModelCall#call}. Costs every call an entry in a table.
     */
    CANCEL
}
