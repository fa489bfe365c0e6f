// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All switches of a source at one moment.
 *
 * @param version counts the changes of a store; 0 where nothing was ever written, and for sources that do not count
 * @param switches the switches, in the order in which they were set; for each scope at most one kill and one limit,
 *     both where the limit holds again after the kill, or for the route that the kill spares
 * @param freeze why deployments are frozen, if they are
 * @param lifts who lifted what lately, the latest last, so that whoever finds a switch gone can say why; a store that
 *     does not keep them costs no more than that
 */
public record SwitchSnapshot(long version, List<Switch> switches, Optional<Cause> freeze, List<Lift> lifts) {
    /** Where nothing was ever written. */
    public static final SwitchSnapshot EMPTY = new SwitchSnapshot(0, List.of(), Optional.empty());

    /**
     * A switch, or the freeze, that is no longer there.
     *
     * @param scope where it was set; empty for the freeze
     * @param cause who lifted it and why
     * @param at when
     */
    public record Lift(Optional<Scope> scope, Cause cause, Instant at) {}

    /**
     * Copies the lists.
     *
     * @param version counts the changes of a store
     * @param switches the switches
     * @param freeze why deployments are frozen
     * @param lifts who lifted what lately
     */
    public SwitchSnapshot {
        switches = List.copyOf(switches);
        lifts = List.copyOf(lifts);
    }

    /**
     * A state of which it is not known who lifted what.
     *
     * @param version counts the changes of a store
     * @param switches the switches
     * @param freeze why deployments are frozen
     */
    public SwitchSnapshot(long version, List<Switch> switches, Optional<Cause> freeze) {
        this(version, switches, freeze, List.of());
    }
}
