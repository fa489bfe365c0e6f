// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one guarded call: {@link Answered} by a route, or {@link Refused}.
 *
 * @param <O> the model's output
 */
public sealed interface Decision<O> {

    /** {@return the id under which the decision stands in the audit trail} */
    DecisionId id();

    /** {@return the guarded model's name} */
    String model();

    /**
     * {@return the verdicts other than a pass, in the order in which they were given, the remarks of each before it;
     * unmodifiable}
     */
    List<Judgement> judgements();

    /**
     * The time from the start of the call until a route answered, or until the call was refused. The last output
     * guardrails run after the answer and are not in it.
     *
     * @return the latency, from a monotonic clock
     */
    Duration latency();

    /** {@return the routes before the answering one, in order, each with the reason why it did not answer} */
    List<Skipped> skipped();

    /**
     * A decision that a route answered.
     *
     * @param id the decision's id
     * @param model the guarded model's name
     * @param route the route that answered
     * @param output the answer, after all output guardrails
     * @param judgements the verdicts other than a pass
     * @param latency the time until the model answered
     * @param skipped the routes before this one, with reasons
     * @param staleFor how long ago the answer was made, if it comes from a cache
     * @param <O> the model's output
     */
    record Answered<O>(
            DecisionId id,
            String model,
            String route,
            O output,
            List<Judgement> judgements,
            Duration latency,
            List<Skipped> skipped,
            Optional<Duration> staleFor)
            implements Decision<O> {}

    /**
     * A decision that nobody answered.
     *
     * @param id the decision's id
     * @param model the guarded model's name
     * @param failure why; with several routes, the first one's failure, but the last one's of a stream that has passed
     *     on elements
     * @param judgements the verdicts other than a pass
     * @param latency the time until the call was refused
     * @param skipped the routes that were considered, with reasons
     * @param partial what there is of the answer all the same: how far a stream got
     * @param <O> the model's output
     */
    record Refused<O>(
            DecisionId id,
            String model,
            Failure failure,
            List<Judgement> judgements,
            Duration latency,
            List<Skipped> skipped,
            Optional<O> partial)
            implements Decision<O> {}
}
