// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import io.github.incident4j.model.Cause;
import java.util.Optional;

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

    /**
     * Says whether a route has a circuit breaker that could be opened.
     *
     * @param route the route's name
     * @return whether it has one
     */
    default boolean hasBreaker(String route) {
        return true;
    }

    /**
     * Says why known rules of a guardrail could not stand in for the host's own now.
     *
     * @param guardrail the guardrail's name
     * @param ruleSet the version of the rules
     * @return why not; empty if they could
     */
    default Optional<String> whyNotRules(String guardrail, String ruleSet) {
        return Optional.of("it has no guardrail '" + guardrail + "' of which the rules can be exchanged");
    }

    /**
     * Has known rules of a guardrail stand in for the host's own.
     *
     * @param guardrail the guardrail's name
     * @param ruleSet the version of the rules
     * @param cause who wants it and why
     * @return why they are not in force, if they are not
     */
    default Optional<String> useRules(String guardrail, String ruleSet, Cause cause) {
        return whyNotRules(guardrail, ruleSet);
    }

    /**
     * Rules of a guardrail that stand in for the host's own.
     *
     * @param ruleSet the version of the rules
     * @param cause who wanted it and why
     */
    record RulesInstead(String ruleSet, Cause cause) {}

    /**
     * Says which rules of a guardrail stand in for the host's own.
     *
     * @param guardrail the guardrail's name
     * @return the rules; empty if the host's own are in force
     */
    default Optional<RulesInstead> rulesInstead(String guardrail) {
        return Optional.empty();
    }
}
