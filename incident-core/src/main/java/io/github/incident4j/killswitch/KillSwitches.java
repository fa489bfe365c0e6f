// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.killswitch.internal.SwitchFile;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kill switches of a runtime.
 *
 * <p>What restricts takes effect in memory first, then becomes durable in the runtime's own store, then returns: every
 * call that begins after the return, on any thread, sees it. If it cannot be made durable it stays in force and the
 * result says so. What loosens is the other way round: durable first, and only then in force. A change that restricts
 * in one way and loosens in another counts as loosening. Every change, and every refusal of one, is recorded in the
 * audit trail.
 *
 * <p>Beside its own store a runtime may read switches of other {@linkplain SwitchSource sources}. Of all switches that
 * cover a call the most restrictive one wins: a kill before a limit (but what a limit to a share refuses stays
 * refused), and of kills the strictest; a restore lifts only what the runtime's own store holds.
 *
 * <p>Safe for use by several threads. No method throws for a failing disk.
 */
public interface KillSwitches {

    /**
     * Stops everything in the scope. The guards' own rules choose a fallback of the routes that it does not cover: a
     * scope without a route covers all of them, so its calls are refused.
     *
     * @param scope what to stop
     * @param cause who stops it, why, and until when
     * @return whether it is in force and durable
     */
    default SwitchResult kill(Scope scope, Cause cause) {
        return kill(scope, SwitchState.killed(), cause);
    }

    /**
     * Stops everything in the scope. Killing never needs a second person. Killing what is killed replaces the cause
     * and, if the new kill is as strict, the fallback. It never weakens the kill: a refusal is stricter than a named
     * fallback, and that is stricter than the guards' own choice; where the scope names no route, a named fallback is
     * the one route that is left, and so the weakest, and two different ones leave none. Nor does it shorten the kill:
     * of two ends the later one holds. A limit of the same scope that outlasts the kill holds again after it, and no
     * other one does; what one to a share refuses it refuses under the kill, too. Where the switch is not set as it was
     * asked for, the result's message says so. An end that is past is refused.
     *
     * @param scope what to stop
     * @param state which fallback it prefers; see {@link SwitchState#killedPreferring}
     * @param cause who stops it, why, and until when
     * @return whether it is in force and durable
     */
    SwitchResult kill(Scope scope, SwitchState.Killed state, Cause cause);

    /**
     * Lets only so much of the scope pass. What does not pass is answered as the guards' own rules say, by a route that
     * the scope does not cover.
     *
     * @param scope what to limit
     * @param limit how much may pass
     * @param cause who limits it, why, and until when
     * @return whether it is in force and durable
     */
    default SwitchResult limit(Scope scope, Limit limit, Cause cause) {
        return limit(scope, new SwitchState.Limited(limit), cause);
    }

    /**
     * Lets only so much of the scope pass, and says what becomes of the rest. A limit in the place of a kill, or of a
     * stricter limit, loosens. One that tightens a limit beside a kill leaves the kill, and one that takes a kill's
     * place lifts it; both say so. An end that is past is refused.
     *
     * @param scope what to limit
     * @param state how much may pass, and which fallback it prefers for what does not
     * @param cause who limits it, why, and until when
     * @return whether it is in force and durable
     */
    SwitchResult limit(Scope scope, SwitchState.Limited state, Cause cause);

    /**
     * Lifts what is set for exactly this scope in the runtime's own store, kill and limit. Other switches that cover
     * the same calls stay as they are, and the result names them.
     *
     * @param scope the scope as it was killed or limited
     * @param cause who lifts it and why; a lift has no end, so one that the cause names does nothing, and the result
     *     says so
     * @return whether the lift is in force, waits for a second person, or was refused
     */
    SwitchResult restore(Scope scope, Cause cause);

    /** {@return the switches that are set in the runtime's own store, in the order in which they were set} */
    List<Switch> active();

    /** {@return the switches of all sources, the runtime's own first} */
    List<SwitchResult.HeldBy> inForce();

    /**
     * Asks deployment pipelines to wait. It is a flag and no more: it stands in the switch file and in the trail, and
     * whoever deploys reads it.
     *
     * @param cause who freezes, why, and until when
     * @return whether it is in force and durable
     */
    SwitchResult freeze(Cause cause);

    /**
     * Takes the freeze back.
     *
     * @param cause who takes it back and why; an end does nothing
     * @return whether that is in force
     */
    SwitchResult thaw(Cause cause);

    /** {@return why deployments are frozen, if they are; by any source} */
    Optional<Cause> frozen();

    /**
     * The switches of a runtime's directory, from outside the runtime, such as in a tool: changes are written to its
     * {@code switches.json}. A runtime that is open on the directory takes them over within about a second and records
     * them, with who and why; one that is closed does so when it opens. Nothing is in force here, nobody else's sources
     * are read, and neither authorizer nor {@link TwoPersonRule} is asked: whoever may write the directory may change
     * its switches. Only what is {@linkplain SwitchResult#durable() durable} was changed.
     *
     * @param directory the runtime's directory
     * @return its switches as they are now
     * @throws CorruptSwitchesException if the file is corrupt; it is left as it is
     * @throws IOException if there is no switch file, or it cannot be read; a runtime writes one when it opens
     */
    static KillSwitches in(Path directory) throws IOException {
        return SwitchFile.open(directory);
    }
}
