// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Scope;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What loosens needs two persons: the first request is noted and changes nothing, the same request of another person
 * within the window carries it out. The same is: to restore the scope; to limit it to the same limit, of which the
 * later end then holds; to start a ramp of it by the same plan; to advance the same ramp from the same step. Who a
 * person is, is what {@code Cause.by} says, without regard to case and spaces around; let an authorizer check that it
 * is true. At most {@value #MAX_WAITING} first requests wait at a time: a further one is refused. They are kept in
 * memory only: after a restart the first person asks again.
 *
 * @param window how long the first request waits for the second, one second or more
 * @param scopes to which scopes the rule applies
 */
public record TwoPersonRule(Duration window, Predicate<Scope> scopes) {
    /** How many first requests may wait for a second person at a time. */
    public static final int MAX_WAITING = 256;

    /**
     * Checks the window.
     *
     * @param window how long the first request waits for the second
     * @param scopes to which scopes the rule applies
     */
    public TwoPersonRule {
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "a window of " + window + " leaves no time for a second person; use one second or more");
        }
    }

    /**
     * The rule for every scope.
     *
     * @param window how long the first request waits for the second
     * @return the rule
     */
    public static TwoPersonRule within(Duration window) {
        return new TwoPersonRule(window, scope -> true);
    }
}
