// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

/** An action that stops harm. The plan lists the least disruptive first. */
public sealed interface Containment {

    /** Roll the model back: kill the model route that answers now, so that the next model route does. */
    record RollBack() implements Containment {}

    /**
     * Take the model out for the affected segment, so that a review route (or else a rule) answers its calls; for all
     * calls where the segment is not known.
     */
    record ReviewSegment() implements Containment {}

    /** Kill the whole model: every call is refused. Reserved for immediate harm. */
    record KillModel() implements Containment {}

    /**
     * Open the circuit breaker of the model route that answers now. The next route answers meanwhile; the breaker comes
     * back by its own probes, which see errors and slow calls but not what a detector has seen: for trouble that passes
     * by itself.
     */
    record OpenBreaker() implements Containment {}

    /** Do nothing but watch. */
    record Monitor() implements Containment {}
}
