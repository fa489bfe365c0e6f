// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.util.List;
import java.util.Optional;

/**
 * The way back: a killed route gets its traffic back by steps, watched by the model's own detectors, which start anew
 * with each step. A signal undoes it at once, and so do failures of the route beyond what the plan tolerates and a
 * circuit breaker of the route that results or a detector open; one that opens since its probes have not come back says
 * nothing of the route. The same way a new version comes in as a canary: guard it as a route and start its ramp before
 * it has traffic.
 *
 * <p>Every step is a switch and a record in the audit trail, so a restart goes on at the step that was reached. A kill
 * of the ramp's scope by whomever ends it, as {@link #undo} does. Safe for use by several threads.
 */
public interface Ramps {

    /**
     * Starts a ramp. It asks as a restore does: the authorizer, and for a second person where the rule says so. Its
     * steps take the place of the kill and the limit of the scope. Where a limit has refused what it did not let pass,
     * what the ramp does not let pass is refused, too; a rate is not set again.
     *
     * @param scope a route of a model, as it was killed; a segment of it is allowed, a share or feature is not
     * @param plan how
     * @param cause who starts it and why
     * @return what became of the first step's switch; its message says what it lifts or refuses, and what is odd about
     *     the scope, as that of a kill does, or that no detector watches the route
     * @throws io.github.incident4j.model.ConfigurationException if the plan is faulty
     * @throws IllegalArgumentException if the scope names no route or a feature, or a ramp of it is open already, which
     *     the message names
     */
    SwitchResult start(Scope scope, RampPlan plan, Cause cause);

    /**
     * Goes on to the next step although nothing has shown that it is safe.
     *
     * @param id the ramp's id
     * @param cause who decides that and why
     * @return what became of the next step's switch; refused if no such ramp is open, if a containment limits its
     *     scope, too, which leaves it waiting, or if somebody else has set the switch of its scope, which ends the ramp
     */
    SwitchResult advance(String id, Cause cause);

    /**
     * Undoes a ramp: kills its scope again, with the fallback or the refusal of the kill that the ramp has lifted. A
     * scope that was limited or free before is killed, too. The kill is in force at once, also while a step is being
     * stored; where it has an end, another one without an end follows, as nobody would watch the ramp's share then.
     *
     * @param id the ramp's id
     * @param cause who decides that and why
     * @return what became of the kill; if no such ramp is open, refused, or nothing to do where the scope of one that
     *     has ended is killed
     */
    SwitchResult undo(String id, Cause cause);

    /** {@return the ramps that are neither completed nor undone, oldest first} */
    List<Ramp> open();

    /**
     * Finds a ramp; those that have ended are kept up to a thousand.
     *
     * @param id its id, such as {@code ramp-1}
     * @return the ramp as it stands now, if there is one
     */
    Optional<Ramp> find(String id);
}
