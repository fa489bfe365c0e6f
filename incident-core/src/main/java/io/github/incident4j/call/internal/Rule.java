// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.model.Failure;
import java.util.function.BiPredicate;
import java.util.function.IntToLongFunction;

/**
 * A fallback rule, with its routes as numbers.
 *
 * @param matches says whether it decides about a route's failure; what it throws is the host's
 * @param retries how often the same route may be tried again in a call
 * @param backoffNanos how long to wait before the n-th retry
 * @param then the number of the route that follows, or {@link #NEXT}, or {@link #REFUSE}
 */
public record Rule(BiPredicate<String, Failure> matches, int retries, IntToLongFunction backoffNanos, int then) {
    /** The next route in the guard's order. */
    public static final int NEXT = -1;

    /** No route. */
    public static final int REFUSE = -2;
}
