// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.util.List;
import java.util.Optional;

/**
 * What became of a change.
 *
 * @param outcome what became of it
 * @param message for a person: what went wrong, what is set otherwise than it was asked for, such as its end, and what
 *     is odd about the scope; empty if there is nothing to say
 * @param stillHeld after a restore, the switches that still cover the same calls or some of them: wider and narrower
 *     ones, and those of other sources
 */
public record SwitchResult(Outcome outcome, String message, List<HeldBy> stillHeld) {

    /** What became of a change. */
    public enum Outcome {
        /** It is in force and durable. */
        DONE,
        /** There was nothing to change. */
        NOTHING_TO_DO,
        /** It is in force but could not be made durable: a restart would lose it. Only what restricts ends here. */
        NOT_DURABLE,
        /** It waits for a second person to ask for the same. */
        NEEDS_SECOND_PERSON,
        /** It could not be made durable, and so it is not in force. Only what loosens ends here. */
        FAILED,
        /**
         * The authorizer refused it, its end is past, somebody was faster, too many requests wait for a second person,
         * no such ramp is open, or the runtime is closed.
         */
        REFUSED
    }

    /**
     * Who holds a switch.
     *
     * @param source the source's name
     * @param set the switch
     */
    public record HeldBy(String source, Switch set) {}

    /**
     * Copies the list.
     *
     * @param outcome what became of it
     * @param message one sentence for a person
     * @param stillHeld the switches that still cover the same calls
     */
    public SwitchResult {
        stillHeld = List.copyOf(stillHeld);
    }

    /** {@return whether what was asked for is in force: calls that begin from now on see it} */
    public boolean inForce() {
        return outcome == Outcome.DONE || outcome == Outcome.NOTHING_TO_DO || outcome == Outcome.NOT_DURABLE;
    }

    /** {@return whether what was asked for is in force and survives a restart} */
    public boolean durable() {
        return outcome == Outcome.DONE || outcome == Outcome.NOTHING_TO_DO;
    }

    /** {@return what went wrong, if anything} */
    public Optional<String> problem() {
        return durable() ? Optional.empty() : Optional.of(message);
    }
}
