// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.util.Optional;

/**
 * What became of a switch change.
 *
 * @param inForce whether the change is in force: calls that begin from now on see it
 * @param problem why the change is not durable; empty if it is on the disk and survives a restart
 */
public record SwitchResult(boolean inForce, Optional<String> problem) {
    /** {@return whether the change survives a restart} */
    public boolean durable() {
        return problem.isEmpty();
    }
}
