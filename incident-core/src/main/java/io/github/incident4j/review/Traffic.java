// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.review;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The decisions of a model around an incident, counted in slices of equal length.
 *
 * @param slices the slices, oldest first
 */
public record Traffic(List<Slice> slices) {
    /** The name under which refused decisions are counted beside the routes. */
    public static final String REFUSED = "(refused)";

    /**
     * The decisions of a while.
     *
     * @param from from when on
     * @param until until when
     * @param byRoute how many each route has answered, and how many were {@link #REFUSED}
     */
    public record Slice(Instant from, Instant until, Map<String, Long> byRoute) {
        /**
         * Keeps an unmodifiable copy.
         *
         * @param from from when on
         * @param until until when
         * @param byRoute how many each route has answered
         */
        public Slice {
            byRoute = Map.copyOf(byRoute);
        }

        /** {@return how many decisions there were} */
        public long total() {
            return byRoute.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * Keeps an unmodifiable copy.
     *
     * @param slices the slices
     */
    public Traffic {
        slices = List.copyOf(slices);
    }

    /** {@return the routes that have answered, and {@link #REFUSED} where there were such decisions, sorted} */
    public SortedSet<String> routes() {
        SortedSet<String> routes = new TreeSet<>();
        slices.forEach(slice -> routes.addAll(slice.byRoute().keySet()));
        return routes;
    }
}
