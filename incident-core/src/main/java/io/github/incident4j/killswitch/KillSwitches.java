// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.util.List;

/**
 * The kill switches of a runtime.
 *
 * <p>A kill takes effect in memory first, then becomes durable, then returns: every call that begins after the return,
 * on any thread, sees it. If it cannot be made durable it stays in force and the result says so. A restore is the other
 * way round: durable first, and only then in force. Both are recorded in the audit trail.
 *
 * <p>Safe for use by several threads. No method throws for a failing disk.
 */
public interface KillSwitches {

    /**
     * Stops everything in the scope. Killing what is killed replaces the cause.
     *
     * @param scope what to stop
     * @param cause who stops it and why
     * @return whether it is in force (always) and durable
     */
    SwitchResult kill(Scope scope, Cause cause);

    /**
     * Lifts the kill of exactly this scope. Other switches that cover the same calls stay as they are.
     *
     * @param scope the scope as it was killed
     * @param cause who lifts it and why
     * @return in force when the lift is durable, or when there was nothing to lift; otherwise the kill stays
     */
    SwitchResult restore(Scope scope, Cause cause);

    /** {@return the switches that are set, in the order in which they were set} */
    List<Switch> active();
}
