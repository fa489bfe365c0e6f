// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.Optional;

/**
 * What a switch covers: everything, or what is left when it is narrowed to a model, a route of it, a segment of the
 * traffic, or a combination of these.
 *
 * <pre>{@code
 * Scope.everything()
 * Scope.model("credit-risk")
 * Scope.model("credit-risk").route("v8")
 * Scope.model("credit-risk").route("v8").segment("ageBand", "18-25")
 * }</pre>
 *
 * @param model the model, or empty for all
 * @param route the route of that model, or empty for all
 * @param segment the segment of that model's traffic, or empty for all
 */
public record Scope(Optional<String> model, Optional<String> route, Optional<Segment> segment) {
    private static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Checks the names, and that a route or segment comes with its model.
     *
     * @param model the model, or empty for all
     * @param route the route of that model, or empty for all
     * @param segment the segment of that model's traffic, or empty for all
     */
    public Scope {
        model.ifPresent(name -> Names.check("model", name));
        route.ifPresent(name -> Names.check("route", name));
        if (model.isEmpty() && (route.isPresent() || segment.isPresent())) {
            throw new IllegalArgumentException(
                    "a scope with a route or a segment needs its model: start with" + " Scope.model(…)");
        }
    }

    /** {@return the scope of every guarded model in the runtime} */
    public static Scope everything() {
        return EVERYTHING;
    }

    /**
     * The scope of one model, with all its routes.
     *
     * @param name the guarded model's name
     * @return the scope
     */
    public static Scope model(String name) {
        return new Scope(Optional.of(name), Optional.empty(), Optional.empty());
    }

    /**
     * This scope, narrowed to one route.
     *
     * @param name the route's name
     * @return the narrower scope
     */
    public Scope route(String name) {
        return new Scope(model, Optional.of(name), segment);
    }

    /**
     * This scope, narrowed to one segment of the traffic.
     *
     * @param attribute the attribute's name, as declared on the guard
     * @param value the attribute's value
     * @return the narrower scope
     */
    public Scope segment(String attribute, String value) {
        return new Scope(model, route, Optional.of(new Segment(attribute, value)));
    }

    /** {@return the scope in one line, such as {@code credit-risk/v8[ageBand=18-25]}, or {@code everything}} */
    @Override
    public String toString() {
        if (model.isEmpty()) {
            return "everything";
        }
        return model.get()
                + route.map(name -> "/" + name).orElse("")
                + segment.map(part -> "[" + part + "]").orElse("");
    }
}
