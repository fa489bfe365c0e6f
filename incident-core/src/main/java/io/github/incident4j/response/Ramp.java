// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response;

import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * A recovery ramp as it stands at one moment; immutable.
 *
 * @param id its id within the runtime's directory, such as {@code ramp-1}
 * @param scope what comes back
 * @param plan how
 * @param cause who started it and why
 * @param incident the incident whose containment it takes back, if there is one
 * @param kill what an undo sets again: the kill that the ramp has lifted, or a plain one if there was none
 * @param state where it stands
 * @param step the step, from 0
 * @param since since when it is in this step
 * @param decisions how many decisions for which the route was tried this step has seen since it began or, after a
 *     restart, since then
 * @param note what happened last, in one sentence
 */
public record Ramp(
        String id,
        Scope scope,
        RampPlan plan,
        Cause cause,
        Optional<String> incident,
        SwitchState.Killed kill,
        State state,
        int step,
        Instant since,
        long decisions,
        String note) {
    /** Where a ramp stands. */
    public enum State {
        /** A step is watched. */
        RUNNING,
        /** A step could not be shown to be safe; a person must decide. */
        INCONCLUSIVE,
        /** All of the traffic is back. */
        COMPLETED,
        /** It was undone: the scope is killed again, or somebody else has set its switch. */
        UNDONE
    }

    /** {@return the share of the traffic that passes in this step} */
    public double share() {
        return state == State.UNDONE ? 0 : plan.shares().get(step);
    }

    /** {@return whether it is neither completed nor undone} */
    public boolean isOpen() {
        return state == State.RUNNING || state == State.INCONCLUSIVE;
    }
}
