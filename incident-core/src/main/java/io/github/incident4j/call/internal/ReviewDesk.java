// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.DecisionId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cases of a review queue. An attempt takes a place, and the call's end makes it a case or gives it back: a case
 * waits only where its answer for the meantime was given. What is overdue is noticed by the timer, which looks once a
 * second while cases wait.
 */
public final class ReviewDesk<I, O> implements Answering<I, O> {
    private static final Logger LOG = LoggerFactory.getLogger(ReviewDesk.class);
    private static final long LOOK = 1_000_000_000;

    private final int capacity;
    private final Duration deadline;
    private final Function<? super I, ? extends O> meanwhile;
    private final Map<DecisionId, Case<I, O>> cases = new LinkedHashMap<>(); // guarded by this; the oldest first
    private final Set<Long> places = new HashSet<>(); // of calls that are on their way; guarded by this
    private @Nullable GuardServices services;
    private String model = "";
    private boolean looking; // guarded by this

    /**
     * A case that waits.
     *
     * @param decision the decision that sent it here
     * @param input the input
     * @param meanwhile the answer for the meantime
     * @param since when it came
     * @param due when it must be decided
     */
    public record Waiting<I, O>(DecisionId decision, I input, O meanwhile, Instant since, Instant due) {}

    /** A case with its deadline on the monotonic clock, of which nobody sets the hands back. */
    private record Case<I, O>(Waiting<I, O> waiting, long dueNanos) {
        DecisionId decision() {
            return waiting.decision();
        }

        boolean isOverdue(long nanoTime) {
            return nanoTime - dueNanos >= 0;
        }
    }

    /**
     * Creates an empty desk.
     *
     * @param capacity how many cases may wait
     * @param deadline how long a case may wait
     * @param meanwhile answers for the meantime
     */
    public ReviewDesk(int capacity, Duration deadline, Function<? super I, ? extends O> meanwhile) {
        this.capacity = capacity;
        this.deadline = deadline;
        this.meanwhile = meanwhile;
    }

    /**
     * Gives the desk to a guard.
     *
     * @param ofModel the guarded model's name
     * @param itsServices the guard's services
     * @return whether it was free
     */
    public synchronized boolean belongTo(String ofModel, GuardServices itsServices) {
        if (services != null) {
            return false;
        }
        services = itsServices;
        model = ofModel;
        return true;
    }

    /** {@return whether it has a guard already} */
    public synchronized boolean isTaken() {
        return services != null;
    }

    @Override
    public @Nullable O answer(I input, CallState<I> call) {
        O answer = meanwhile.apply(input);
        List<Waiting<I, O>> overdue;
        boolean full;
        synchronized (this) {
            GuardServices known = services;
            if (known == null) {
                throw new IllegalStateException("the review queue belongs to no guard");
            }
            overdue = takeOverdue(known);
            full = !places.contains(call.number()) && cases.size() + places.size() >= capacity;
            if (!full && answer != null) {
                places.add(call.number());
            }
        }
        overdue.forEach(this::recordOverdue);
        if (full) {
            call.noAnswer("the review queue is full with " + capacity + " cases");
            return null;
        }
        return answer;
    }

    /** A call was broken off; its place is free. */
    synchronized void left(long number) {
        places.remove(number);
    }

    /**
     * A call of the guard has ended: its case waits from now on if the answer for the meantime was given, as it was
     * given; else its place is free again.
     *
     * @param call the call
     * @param given what this desk has answered; null if another route has, or none
     */
    void ended(CallState<I> call, @Nullable O given) {
        synchronized (this) {
            GuardServices known = services;
            if (!places.remove(call.number()) || given == null || known == null) {
                return;
            }
            DecisionId id = new DecisionId(known.runtime(), call.number());
            Instant now = known.time().instant();
            Waiting<I, O> waiting = new Waiting<>(id, call.input, given, now, now.plus(deadline));
            cases.put(id, new Case<>(waiting, known.time().nanoTime() + deadline.toNanos()));
            lookLater(known);
        }
    }

    /** Has the timer look for what is overdue; with this desk's lock. */
    private void lookLater(GuardServices known) {
        if (!looking && !cases.isEmpty()) {
            looking = true;
            long left =
                    cases.values().iterator().next().dueNanos() - known.time().nanoTime();
            known.timer().unlessClosed(Math.max(1, Math.min(left, LOOK)), () -> look(known));
        }
    }

    private void look(GuardServices known) {
        List<Waiting<I, O>> overdue;
        synchronized (this) {
            looking = false;
            overdue = takeOverdue(known);
            lookLater(known);
        }
        overdue.forEach(this::recordOverdue);
    }

    private List<Waiting<I, O>> takeOverdue(GuardServices known) {
        long now = known.time().nanoTime();
        List<Waiting<I, O>> overdue = new ArrayList<>();
        for (Case<I, O> each : cases.values()) {
            if (!each.isOverdue(now)) {
                break; // the deadline is the same for all, so those that came later are due later
            }
            overdue.add(each.waiting());
        }
        overdue.forEach(each -> cases.remove(each.decision()));
        return overdue;
    }

    /** {@return the cases that wait, the oldest first} */
    public List<Waiting<I, O>> waiting() {
        List<Waiting<I, O>> overdue;
        List<Waiting<I, O>> waiting;
        synchronized (this) {
            overdue = services == null ? List.of() : takeOverdue(services);
            waiting = cases.values().stream().map(Case::waiting).toList();
        }
        overdue.forEach(this::recordOverdue);
        return waiting;
    }

    /**
     * Takes a verdict.
     *
     * @param decision the case's decision
     * @param verdict the verdict
     * @param cause who decides and why
     * @return the case; null if it was not waiting, or the trail has not taken the verdict's record: then it waits as
     *     before
     */
    public @Nullable Waiting<I, O> decide(DecisionId decision, O verdict, Cause cause) {
        waiting(); // what is overdue is gone
        Case<I, O> found;
        synchronized (this) {
            found = cases.remove(decision);
        }
        if (found == null) {
            return null;
        }
        GuardServices known = services();
        boolean taken = known != null
                && known.journal()
                        .append(recordOf(
                                known,
                                "review.decided",
                                decision,
                                Optional.of(cause),
                                isSame(verdict, found.waiting().meanwhile())));
        if (!taken) { // the runtime is closed
            putBack(found);
            return null;
        }
        return found.waiting();
    }

    /**
     * Tells somebody of a verdict.
     *
     * @param telling runs their code
     * @param decision the case's decision
     */
    public static void tell(Runnable telling, DecisionId decision) {
        try {
            telling.run();
        } catch (Throwable e) {
            Interruptions.keep(e);
            LOG.warn("a listener to the verdict on decision {} has failed", decision, e);
        }
    }

    private synchronized void putBack(Case<I, O> found) {
        List<Case<I, O>> all = new ArrayList<>(cases.values());
        all.add(0, found);
        all.sort((one, other) ->
                Long.signum(one.dueNanos() - other.dueNanos())); // those that wait for the same time stay as they are
        cases.clear();
        all.forEach(each -> cases.put(each.decision(), each));
    }

    private static Optional<Boolean> isSame(Object verdict, Object meanwhile) {
        try {
            return Optional.of(verdict.equals(meanwhile));
        } catch (Throwable e) {
            Interruptions.keep(e);
            return Optional.empty(); // the verdict counts, and nobody knows whether it is the same
        }
    }

    private void recordOverdue(Waiting<I, O> overdue) {
        GuardServices known = services();
        if (known != null) {
            ReviewRecord entry =
                    recordOf(known, "review.overdue", overdue.decision(), Optional.empty(), Optional.empty());
            if (!known.journal().offer(entry)) {
                ForkJoinPool.commonPool().execute(() -> known.journal().append(entry));
            }
        }
    }

    private synchronized @Nullable GuardServices services() {
        return services;
    }

    private ReviewRecord recordOf(
            GuardServices known, String type, DecisionId decision, Optional<Cause> cause, Optional<Boolean> same) {
        return new ReviewRecord(type, model, decision, cause, same, known.time().nanoTime());
    }

    private record ReviewRecord(
            String type,
            String model,
            DecisionId decision,
            Optional<Cause> cause,
            Optional<Boolean> sameAsMeanwhile,
            long nanoTime)
            implements TrailEntry {
        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("model", model);
            json.writeStringField("decision", decision.toString());
            if (cause.isPresent()) {
                json.writeStringField("by", Text.clean(cause.get().by()));
                json.writeStringField("because", Text.clean(cause.get().because()));
            }
            if (sameAsMeanwhile.isPresent()) {
                json.writeBooleanField("same_as_meanwhile", sameAsMeanwhile.get());
            }
        }
    }
}
