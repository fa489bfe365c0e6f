// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.Decision;
import java.util.concurrent.CompletableFuture;

/**
 * A model call with everything wrapped around it: what the host calls instead of its model. Built by
 * {@code IncidentRuntime.guard(…)}; safe for use by several threads.
 *
 * <p>The way of a call: kill switch, input guardrails, then the routes in their order. A route is passed over when a
 * switch or its circuit breaker says so; when it throws, returns null, or an output guardrail blocks its answer, the
 * next one is tried. Every call leaves one record in the audit trail, but one that a closed runtime refuses.
 *
 * <p>Three things mean that nobody waits for an answer any more. Both {@code call} and {@code decide} throw them on at
 * once, and they never select another route: an interruption ({@link InterruptedException} and its like of I/O, or
 * whatever a route throws while the thread is interrupted; its flag is set then),
 * {@link java.util.concurrent.CancellationException}, and {@link VirtualMachineError}. No method declares the checked
 * ones, so the compiler accepts no {@code catch (InterruptedException)} around a call: a loop that ends by interruption
 * catches {@code Exception} and looks at {@link Thread#isInterrupted()}.
 *
 * @param <I> the model's input
 * @param <O> the model's output
 */
public interface GuardedModel<I, O> {

    /** {@return the guarded model's name} */
    String name();

    /**
     * Calls the model and returns the answer alone.
     *
     * <p>When no route answers, the first exception that a route threw is thrown on as it is, with those of the other
     * routes suppressed in it; that is a fallback's where the primary route was stopped by a switch, a guardrail or a
     * limit. It is declared nowhere, so a checked exception of the model arrives undeclared; use
     * {@link #decide(Object)} to have failures as values. Nothing is known of the call but its input: it is in no
     * segment, feature or share that a {@link CallContext} would say.
     *
     * @param input what to answer
     * @return the answer, after the output guardrails
     * @throws io.github.incident4j.model.RefusedException if no route answers and none threw
     */
    default O call(I input) {
        return call(input, CallContext.empty());
    }

    /**
     * Calls the model with what else is known of the call, and returns the answer alone; see {@link #call(Object)}.
     *
     * @param input what to answer
     * @param context attributes for segments, the key of shares, the feature
     * @return the answer, after the output guardrails
     * @throws io.github.incident4j.model.RefusedException if no route answers and none threw
     */
    O call(I input, CallContext context);

    /**
     * Calls the model and returns the whole decision. It does not throw for a failing route, but for an interruption, a
     * cancellation or an error of the virtual machine, as said above.
     *
     * @param input what to answer
     * @return answered or refused
     */
    default Decision<O> decide(I input) {
        return decide(input, CallContext.empty());
    }

    /**
     * Calls the model with what else is known of the call; see {@link #decide(Object)}.
     *
     * @param input what to answer
     * @param context attributes for segments
     * @return answered or refused
     */
    Decision<O> decide(I input, CallContext context);

    /**
     * Calls the model without waiting for it. The same as {@link #decide(Object, CallContext)} in every other respect:
     * asynchronous routes and routes with an executor do not hold the caller's thread; other routes run on the thread
     * that carries the call so far: for the first one the caller's, then the one that has brought the failure; after a
     * time-out, a cancel or a wait a thread of the guard's own. There are up to 256 of them, so where more fallbacks
     * than that block at once, this guard's calls wait for them and no other's do; an {@linkplain RouteOptions#executor
     * executor} of its own is the way to limit that.
     *
     * @param input what to answer
     * @param context attributes for segments
     * @return completes with the decision; exceptionally with what {@code decide} passes on (interruption, cancellation
     *     and {@link VirtualMachineError}); cancelling it stops the model call that runs, completing it in any other
     *     way ({@code orTimeout}, say) does not: use {@link GuardBuilder#deadline}
     */
    CompletableFuture<Decision<O>> decideAsync(I input, CallContext context);

    /**
     * Calls the model without waiting for it.
     *
     * @param input what to answer
     * @return completes with the decision
     */
    default CompletableFuture<Decision<O>> decideAsync(I input) {
        return decideAsync(input, CallContext.empty());
    }
}
