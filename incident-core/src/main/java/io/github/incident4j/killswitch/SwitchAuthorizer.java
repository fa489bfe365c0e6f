// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch;

import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import java.util.Optional;

/**
 * Decides who may do what to the switches. It is asked before every change that a person or program asks for; what the
 * library does by itself (a containment, an expiry) is not asked for. One that throws, or has not answered within two
 * seconds, has refused what loosens and allowed what restricts: a broken authorizer must not keep anybody from stopping
 * harm. For that it is asked on a thread of its own, which has nothing of the caller's context: who asks stands in the
 * cause.
 */
@FunctionalInterface
public interface SwitchAuthorizer {

    /**
     * Decides.
     *
     * @param request what is asked for
     * @return why it is refused, for a person; empty if it is allowed
     */
    Optional<String> refusal(Request request);

    /** What is asked for. */
    enum Action {
        /** To stop something. */
        KILL,
        /** To let only so much pass, which may be more than now. */
        LIMIT,
        /** To lift a kill or a limit. */
        RESTORE,
        /** To freeze deployments. */
        FREEZE,
        /** To take a freeze back. */
        THAW
    }

    /**
     * A change that is asked for.
     *
     * @param action what
     * @param scope of what; everything for a freeze
     * @param cause by whom and why
     * @param loosens whether more may pass than now: always true of a restore and a thaw, and of a limit that comes in
     *     the place of a kill or of a stricter or longer limit
     */
    record Request(Action action, Scope scope, Cause cause, boolean loosens) {}
}
