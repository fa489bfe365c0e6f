// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

/** Who or what answers on a route. */
public enum RouteKind {
    /** A version of the model. Detectors watch these routes. */
    MODEL,
    /** A rule, a constant or a simpler program. Not watched, so that containment does not raise its own alarms. */
    RULE,
    /** The last good answer to the same question, from a cache. Not watched. */
    CACHE,
    /** A person decides, now or later. Not watched. */
    REVIEW
}
