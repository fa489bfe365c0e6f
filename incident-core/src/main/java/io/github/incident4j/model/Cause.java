// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Who changed something, why, and until when. Who and why are obligatory: a switch that nobody can explain cannot be
 * restored with confidence.
 *
 * <pre>{@code
 * Cause.by("on-call").because("approvals of one group collapsed")
 * Cause.by("on-call").because("load test").until(Instant.now().plus(Duration.ofHours(2)))
 * }</pre>
 *
 * @param by the person or part that acts, not blank
 * @param because the reason, not blank; it is written to the audit trail, so it must hold no personal data
 * @param until when what was changed ends by itself, or empty for never
 */
public record Cause(String by, String because, Optional<Instant> until) {
    /**
     * Checks that neither is blank.
     *
     * @param by the person or part that acts
     * @param because the reason
     * @param until when what was changed ends by itself
     */
    public Cause {
        if (by.isBlank()) {
            throw new IllegalArgumentException("who acts is missing: Cause.by(…) got a blank text");
        }
        if (because.isBlank()) {
            throw new IllegalArgumentException("the reason is missing: because(…) got a blank text");
        }
    }

    /**
     * This cause with an end: a switch that has it expires by itself.
     *
     * @param end when
     * @return the cause with that end
     */
    public Cause until(Instant end) {
        return new Cause(by, because, Optional.of(end));
    }

    /**
     * Begins a cause with the one who acts.
     *
     * @param who the person or part that acts
     * @return a value that only waits for the reason
     */
    public static Actor by(String who) {
        return new Actor(who);
    }

    /**
     * The first half of a cause.
     *
     * @param name the person or part that acts
     */
    public record Actor(String name) {
        /**
         * Completes the cause.
         *
         * @param reason why
         * @return the cause
         * @throws IllegalArgumentException if the name or the reason is blank
         */
        public Cause because(String reason) {
            return new Cause(name, reason, Optional.empty());
        }
    }
}
