// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a switch covers: everything, or what is left when it is narrowed to a model, a route of it, a feature of the
 * host's, a segment of the traffic, a share of it, or any combination of these.
 *
 * <pre>{@code
 * Scope.everything()
 * Scope.model("credit-risk").route("v8").segment("ageBand", "18-25")
 * Scope.everything().feature("chat").segment("tenant", "acme")
 * Scope.model("credit-risk").route("v9").share(0.05)
 * }</pre>
 *
 * <p>A share is decided by the call's traffic key (see {@code CallContext.key}), so that the same user stays on the
 * same side of it and a smaller share lies within a larger one. Which side that is differs from model to model. A call
 * without a key falls on a side by itself.
 *
 * @param model the model, or empty for all
 * @param route the route of that model, or empty for all
 * @param feature the host's feature, or empty for all
 * @param segment the segment of the traffic, or empty for all
 * @param share which share of the rest, above 0 and at most 1, which is all of it
 */
public record Scope(
        Optional<String> model,
        Optional<String> route,
        Optional<String> feature,
        Optional<Segment> segment,
        double share) {
    private static final Scope EVERYTHING =
            new Scope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 1);

    /**
     * Checks the names and the share, and that a route comes with its model.
     *
     * @param model the model, or empty for all
     * @param route the route of that model, or empty for all
     * @param feature the host's feature, or empty for all
     * @param segment the segment of the traffic, or empty for all
     * @param share which share of the rest, above 0 and at most 1
     */
    public Scope {
        model.ifPresent(name -> Names.check("model", name));
        route.ifPresent(name -> Names.check("route", name));
        feature.ifPresent(name -> Names.check("feature", name));
        if (model.isEmpty() && route.isPresent()) {
            throw new IllegalArgumentException(
                    "a scope with a route needs its model: start with Scope.model(…) before route(\"" + route.get()
                            + "\")");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "a share of " + share + " of the traffic is out of range; use more than 0 and at most 1");
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
        return new Scope(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), 1);
    }

    /**
     * This scope, narrowed to one route.
     *
     * @param name the route's name
     * @return the narrower scope
     */
    public Scope route(String name) {
        return new Scope(model, Optional.of(name), feature, segment, share);
    }

    /**
     * This scope, narrowed to one feature of the host's: what a guard declares by {@code feature(…)}, or a call by its
     * {@code CallContext}.
     *
     * @param name the feature's name
     * @return the narrower scope
     */
    public Scope feature(String name) {
        return new Scope(model, route, Optional.of(name), segment, share);
    }

    /**
     * This scope, narrowed to one segment of the traffic: the calls of which the attribute has that value, as the guard
     * that declares the attribute reads it, or as the call's {@code CallContext} carries it where the guard declares
     * none. A call of which the guard could not read the value, as the host's function threw, may belong to any
     * segment: each kill on the attribute stops it. The value stands in plain text in the switch file and, for good, in
     * the audit trail, so it must name a group and no person.
     *
     * @param attribute the attribute's name, as declared on the guard or carried by the call
     * @param value the attribute's value
     * @return the narrower scope
     */
    public Scope segment(String attribute, String value) {
        return new Scope(model, route, feature, Optional.of(new Segment(attribute, value)), share);
    }

    /**
     * This scope, narrowed to a share of the traffic.
     *
     * @param ofTraffic the share, above 0 and at most 1
     * @return the narrower scope
     */
    public Scope share(double ofTraffic) {
        return new Scope(model, route, feature, segment, ofTraffic);
    }

    /**
     * Says whether every call in another scope is in this one, too.
     *
     * @param other the other scope
     * @return whether this one is as wide or wider
     */
    public boolean covers(Scope other) {
        return (model.isEmpty() || model.equals(other.model))
                && (route.isEmpty() || route.equals(other.route))
                && (feature.isEmpty() || feature.equals(other.feature))
                && (segment.isEmpty() || segment.equals(other.segment))
                && share >= other.share;
    }

    /**
     * Says whether there may be calls that are in both scopes.
     *
     * @param other the other scope
     * @return whether they have calls in common
     */
    public boolean overlaps(Scope other) {
        return meets(model, other.model)
                && meets(route, other.route)
                && meets(feature, other.feature)
                && (meets(segment, other.segment)
                        || !segment.map(Segment::attribute).equals(other.segment.map(Segment::attribute)));
    }

    private static boolean meets(Optional<?> one, Optional<?> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** {@return the scope in one line, such as {@code credit-risk/v8[ageBand=18-25]}, or {@code everything}} */
    @Override
    public String toString() {
        String where = model.map(name -> route.map(each -> name + "/" + each).orElse(name))
                .orElse("everything");
        List<String> narrowed = new ArrayList<>();
        feature.ifPresent(name -> narrowed.add("feature " + name));
        segment.ifPresent(part -> narrowed.add(part.toString()));
        if (share < 1) {
            narrowed.add(Shares.percent(share) + " of the traffic");
        }
        return narrowed.isEmpty() ? where : where + "[" + String.join(", ", narrowed) + "]";
    }
}
