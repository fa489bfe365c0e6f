// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import java.util.List;
import java.util.Set;

/**
 * What holds where something was changed: the switches of a scope, or the freeze.
 *
 * @param <T> a switch, or the cause of a freeze
 * @param inForce what is in force; at most a kill and a limit, or one freeze
 * @param stored what the store holds there
 */
record Standing<T>(List<T> inForce, List<T> stored) {
    /** Whether the store holds all that is in force and nothing else. */
    boolean isDurable() {
        return Set.copyOf(inForce).equals(Set.copyOf(stored));
    }

    /** Whether a restart finds something that is in force in the trail only. */
    boolean isOwed() {
        return !stored.containsAll(inForce);
    }
}
