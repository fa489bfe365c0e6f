// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.audit.internal;

import io.github.incident4j.model.RouteKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all decisions of one guarded model have in common.
 *
 * @param runtime the number of the runtime, the first half of every decision id
 * @param model the model's name
 * @param routes the routes in their order
 * @param segments the names of the declared segment attributes
 * @param values the names of the numbers that detectors watch
 * @param categories the names of the categories that detectors watch
 * @param recording how they are recorded
 */
public record GuardInfo(
        long runtime,
        String model,
        List<Route> routes,
        List<String> segments,
        List<String> values,
        List<String> categories,
        Recording recording) {
    public GuardInfo {
        routes = List.copyOf(routes);
        segments = List.copyOf(segments);
        values = List.copyOf(values);
        categories = List.copyOf(categories);
    }

    /**
     * One of which no categories are watched.
     *
     * @param runtime the number of the runtime
     * @param model the model's name
     * @param routes the routes in their order
     * @param segments the names of the declared segment attributes
     * @param values the names of the numbers that detectors watch
     * @param recording how they are recorded
     */
    public GuardInfo(
            long runtime,
            String model,
            List<Route> routes,
            List<String> segments,
            List<String> values,
            Recording recording) {
        this(runtime, model, routes, segments, values, List.of(), recording);
    }

    /** {@return the names of the routes in their order} */
    public List<String> routeNames() {
        return routes.stream().map(Route::name).toList();
    }

    /**
     * One route.
     *
     * @param name its name
     * @param kind who answers on it
     * @param requestModel the name under which its supplier knows the model, if that is declared
     */
    public record Route(
            String name, RouteKind kind, @Nullable String requestModel) {}
}
