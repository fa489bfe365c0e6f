// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

/**
 * Asks a person whether a call may be made. The usual one looks the request up in a store of open requests, adds it
 * where it is new, tells somebody, and answers {@link Answer#PENDING} until a person has decided; the agent tries the
 * same call again later.
 *
 * <p>It is called on other threads than the guarded call's and for several calls at once, may do I/O, hang or throw,
 * and is interrupted when nobody waits for its answer any more.
 */
@FunctionalInterface
public interface Approval {

    /** What a person can have said. */
    enum Answer {
        /** The call may be made. */
        APPROVED,
        /** The call must not be made. */
        DENIED,
        /** Nobody has decided yet. */
        PENDING
    }

    /**
     * What is to be decided.
     *
     * @param id the same for the same turn, tool and arguments, in every process: an approval of one call is none of
     *     another. A digest in hexadecimal (SHA-256); of arguments that few values can have, it can be guessed back
     * @param call the call; show the person its arguments as they are
     */
    record Request(String id, ToolCall call) {}

    /**
     * Asks.
     *
     * @param request what is to be decided
     * @return the answer. Where each execution needs its own approval, answer {@link Answer#APPROVED} once only
     * @throws Exception if it cannot be asked; the call is blocked
     */
    Answer ask(Request request) throws Exception;
}
