// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.ReviewDesk;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.internal.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Cases that wait for a person. As a route of a guard it answers at once with the answer for the meantime and keeps the
 * case; a person's verdict comes later, by {@link #decide}, and stands in the audit trail beside the decision. Only
 * what was given waits: where a guardrail blocks the answer for the meantime, another route answers or the decision is
 * refused, there is no case.
 *
 * <p>Bounded: when it is full the route has no answer, and the guard's next route does. A case that nobody has decided
 * within the deadline leaves the queue by itself, and is on record as overdue within a second or so. Cases live in
 * memory: those that wait at a restart are in the trail as decisions of the review route. A verdict is on record as
 * {@code review.decided}, with whether it is that of the meantime, and is told to those who have asked for it by
 * {@link #onVerdict}; detectors do not read it yet.
 *
 * <p>Safe for use by several threads. A queue belongs to one guard.
 *
 * @param <I> the model's input
 * @param <O> the model's output
 */
public final class ReviewQueue<I, O> {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MAX_CAPACITY = 1_000_000;

    private final ReviewDesk<I, O> desk;
    private final List<BiConsumer<? super Case<I, O>, ? super O>> listeners = new CopyOnWriteArrayList<>();

    private ReviewQueue(ReviewDesk<I, O> desk) {
        this.desk = desk;
    }

    /**
     * A case that waits.
     *
     * @param decision the decision that sent it here
     * @param input the input, after the input guardrails
     * @param meanwhile the answer that was given for the meantime, after the output guardrails
     * @param since when it was given
     * @param due when a person must have decided
     * @param <I> the model's input
     * @param <O> the model's output
     */
    public record Case<I, O>(DecisionId decision, I input, O meanwhile, Instant since, Instant due) {}

    /**
     * Creates an empty queue.
     *
     * @param capacity how many cases may wait, 1 to 1,000,000
     * @param deadline how long a case may wait, 1 ms to 365 days
     * @param meanwhile answers for the meantime
     * @param <I> the model's input
     * @param <O> the model's output
     * @return the queue
     * @throws ConfigurationException if anything is wrong; it names all faults
     */
    public static <I, O> ReviewQueue<I, O> holding(
            int capacity, Duration deadline, Function<? super I, ? extends O> meanwhile) {
        List<String> faults = new ArrayList<>();
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            faults.add("a capacity of " + capacity + " cases is out of range; use 1 to " + MAX_CAPACITY);
        }
        if (deadline == null || deadline.compareTo(Duration.ofMillis(1)) < 0 || deadline.compareTo(LONGEST) > 0) {
            faults.add("a deadline of " + Durations.text(deadline) + " is out of range; use 1 ms to "
                    + Durations.text(LONGEST));
        }
        if (meanwhile == null) {
            faults.add("the function that answers for the meantime is null");
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException("review queue", faults);
        }
        return new ReviewQueue<>(new ReviewDesk<>(capacity, deadline, meanwhile));
    }

    /** {@return the cases that wait, the oldest first} */
    public List<Case<I, O>> waiting() {
        return desk.waiting().stream().map(ReviewQueue::caseOf).toList();
    }

    private static <I, O> Case<I, O> caseOf(ReviewDesk.Waiting<I, O> waiting) {
        return new Case<>(waiting.decision(), waiting.input(), waiting.meanwhile(), waiting.since(), waiting.due());
    }

    /**
     * Takes a person's verdict on a case. It is recorded in the audit trail: by whom, why, and whether it is the answer
     * that was given for the meantime; the output itself is not.
     *
     * @param decision the case's decision
     * @param verdict what the person has decided
     * @param cause who decides and why
     * @return the verdict, if the case was still waiting; empty if it was decided before, overdue, or never here, and
     *     if the trail takes no record any more, as the runtime is closed: the case then waits as before
     * @throws NullPointerException if an argument is null; the case then waits as before
     */
    public Optional<O> decide(DecisionId decision, O verdict, Cause cause) {
        Objects.requireNonNull(decision, "the decision's id is null");
        Objects.requireNonNull(verdict, "the verdict is null");
        Objects.requireNonNull(cause, "the cause is null");
        ReviewDesk.Waiting<I, O> decided = desk.decide(decision, verdict, cause);
        if (decided == null) {
            return Optional.empty();
        }
        Case<I, O> known = caseOf(decided);
        for (BiConsumer<? super Case<I, O>, ? super O> listener : listeners) {
            ReviewDesk.tell(() -> listener.accept(known, verdict), decision);
        }
        return Optional.of(verdict);
    }

    /**
     * Has somebody told of each verdict, as feedback: to write to the one who got the answer for the meantime, to count
     * how often people decide otherwise, to label a training set.
     *
     * @param listener takes the case and the verdict, after that is on its way to the trail, on the thread of who
     *     decides; what it throws is logged and goes no further
     * @return this queue
     * @throws NullPointerException if the listener is null
     */
    public ReviewQueue<I, O> onVerdict(BiConsumer<? super Case<I, O>, ? super O> listener) {
        listeners.add(Objects.requireNonNull(listener, "the listener is null"));
        return this;
    }

    ReviewDesk<I, O> desk() {
        return desk;
    }
}
