// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import java.util.List;
import java.util.Optional;

/**
 * All switches of a source at one moment.
 *
 * @param version counts the changes of a store; 0 where nothing was ever written, and for sources that do not count
 * @param switches the switches, in the order in which they were set; for each scope at most one kill and one limit,
 *     both where the limit holds again after the kill
 * @param freeze why deployments are frozen, if they are
 */
public record SwitchSnapshot(long version, List<Switch> switches, Optional<Cause> freeze) {
    /** Where nothing was ever written. */
    public static final SwitchSnapshot EMPTY = new SwitchSnapshot(0, List.of(), Optional.empty());

    /**
     * Copies the list.
     *
     * @param version counts the changes of a store
     * @param switches the switches
     * @param freeze why deployments are frozen
     */
    public SwitchSnapshot {
        switches = List.copyOf(switches);
    }
}
