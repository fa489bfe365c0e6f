// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.model.Limit;

/** An action that stops harm. The plan lists the least disruptive first. */
public sealed interface Containment {

    /**
     * Roll the model back: kill the model route on which the harm was seen, so that the next model route in the guard's
     * order answers instead. Skipped where none follows that could: the plan's next step then follows at once, whatever
     * stands before that route in the order and is well, so let that be one that asks first where it is a kill of all.
     */
    record RollBack() implements Containment {}

    /**
     * Take the model out for the affected segment, so that a review route (or else a rule) answers its calls; for all
     * calls where the segment is not known.
     */
    record ReviewSegment() implements Containment {}

    /** Kill the whole model: every call is refused. Reserved for immediate harm. */
    record KillModel() implements Containment {}

    /**
     * Open the circuit breaker of the model route on which the harm was seen. The next route answers meanwhile; the
     * breaker comes back by its own probes, which see errors and slow calls but not what a detector has seen: for
     * trouble that passes by itself. Where that has not passed, the plan's next step follows; where the plan has none,
     * or only watches from there on, the breaker is opened again.
     */
    record OpenBreaker() implements Containment {}

    /**
     * Let only so much of the traffic reach the versions of the model while somebody looks; the routes that are no
     * versions of it answer the rest. Where a limit of such a version refuses what it does not let pass, the rest is
     * refused there, too: one scope has one limit, and of two the stricter part of each holds.
     *
     * @param limit how much
     */
    record ReduceLoad(Limit limit) implements Containment {}

    /**
     * Have known rules of a guardrail stand in for the host's own, until a person lifts them; see
     * {@code SwappableGuardrail}. Rules that a person, or another incident with other rules, has put there stay. Where
     * the host's own are {@code RuleSet.none()}, that adds a guardrail on the fly.
     *
     * @param guardrail the guardrail's name
     * @param ruleSet the version of the rules
     */
    record SwapGuardrail(String guardrail, String ruleSet) implements Containment {}

    /**
     * Propose a containment to a person, who approves it by {@link Responses#approve}. Until then the plan waits on the
     * route that harms. Each proposal has a number, and what is done is what the approved one says, on the route that
     * it names, and nothing that follows it in the plan. Where that route does not answer calls by then, as somebody
     * has killed it, nothing is done; a step of the whole model is done as long as any version answers. Once it is
     * quiet, the proposal is void. What cannot be done is not proposed. An approval that a crash has kept from being
     * carried out is carried out at the next start.
     *
     * @param step the containment: one that acts, so neither a monitor nor another that asks first
     */
    record AskFirst(Containment step) implements Containment {}

    /** Do nothing but watch. */
    record Monitor() implements Containment {}
}
