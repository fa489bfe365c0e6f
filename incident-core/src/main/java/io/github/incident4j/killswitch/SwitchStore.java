// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import java.io.IOException;

/**
 * A source that the runtime also writes: where {@link KillSwitches#kill} makes its switches durable. A store that
 * cannot be read is neither written nor moved: only what {@link #read} has found to be corrupt, by a
 * {@link CorruptSwitchesException}, is {@linkplain #setAside set aside} and made anew.
 *
 * <p>{@link #read}, {@link #replace} and {@link #setAside} are called by any thread, one at a time; {@link #watch} and
 * {@link #close} by threads of the store's own, also while another is in one of those. Whatever they throw is a failure
 * to store, and a kill is in force all the same. One that hangs holds up those who ask for a change of the switches,
 * and neither what is contained by itself nor the runtime's end.
 *
 * <p>A store belongs to one runtime at a time. Several that shared one would see each other's switches, as they do
 * those that somebody edits by hand; but who opens cannot tell another's recovery ramp from one that a crash has cut
 * off, and kills its scope.
 */
public interface SwitchStore extends SwitchSource {

    /**
     * Replaces the state durably, if it is still the one that was read: compare-and-set by version. When it returns
     * true, a crash loses nothing.
     *
     * @param expected the version that must be there now; 0 where nothing was ever written
     * @param next the new state; its version is greater than the expected one
     * @return whether it was replaced; false if somebody else has changed it meanwhile
     * @throws IOException if it could not be written; the old state is still there
     */
    boolean replace(long expected, SwitchSnapshot next) throws IOException;

    /**
     * Moves a corrupt state out of the way, so that the next {@link #replace} may expect version 0. Asked for only
     * after {@link #read} has thrown a {@link CorruptSwitchesException}.
     *
     * @return where it went, for a person
     * @throws IOException if that cannot be done
     */
    String setAside() throws IOException;
}
