// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.detect.internal.LeastEvidence;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.model.internal.Durations;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.Ramp.State;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.Ramps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries ramps out. Persons start and change them on their own threads; the detector thread counts, judges and undoes.
 * One step forward at a time: its lock is held while a switch is stored, but not while somebody is asked who may do
 * what. An undo does not take it, and nor does the detector thread, which has its steps forward done by a thread of
 * their own: where the store hangs, what harms is undone all the same.
 */
public final class RampControl implements Ramps, RetentionHold {
    private static final Logger LOG = LoggerFactory.getLogger(RampControl.class);

    private final SwitchBoard switches;
    private final PermittedSwitches permitted;
    private final TimeSource time;
    private final RampBook book = new RampBook();
    private final RampEvidence evidence;
    private final RampSteps steps;
    private final ReentrantLock forward = new ReentrantLock(); // no monitor: a store would pin a virtual thread
    private final Set<String> going = ConcurrentHashMap.newKeySet(); // ramps of which a step is handed over
    private final ThreadPoolExecutor stepper = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RampControl::daemon); // one task for each ramp

    /** What a ramp needs of the detectors. */
    public interface Detectors {
        /**
         * Makes the detectors of a model start anew.
         *
         * @param model the model
         */
        void rearm(String model);

        /**
         * Says whether a detector watches a route; by any thread.
         *
         * @param model the model
         * @param route the route
         * @return whether one does
         */
        boolean watches(String model, String route);

        /**
         * How strong the evidence is that all that is watched of a route lies within its tolerance.
         *
         * @param model the model
         * @param route the route
         * @param focus the segment that matters, if not all do
         * @return what the detector that has least has seen; empty where nothing watches the route
         */
        Optional<LeastEvidence> recovery(String model, String route, Optional<Segment> focus);
    }

    /**
     * Creates a control without ramps.
     *
     * @param switches what it acts by
     * @param permitted says what people may do
     * @param desk where it notes what it does
     * @param time the clocks
     * @param trail takes the records
     * @param detectors what it judges by
     */
    public RampControl(
            SwitchBoard switches,
            PermittedSwitches permitted,
            IncidentDesk desk,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Detectors detectors) {
        this.switches = switches;
        this.permitted = permitted;
        this.time = time;
        this.evidence = new RampEvidence(detectors, desk);
        this.steps = new RampSteps(switches, desk, time, trail, book, evidence);
        stepper.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "incident4j-ramps");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param record any record of the trail
     */
    public void replay(StoredRecord record) {
        book.replay(record);
    }

    /** Once the switches are those of the store: finds the steps that a crash has kept from the trail. */
    public void resume() {
        steps.resume();
    }

    // ---- by persons -------------------------------------------------------------------------------------------

    @Override
    public SwitchResult start(Scope scope, RampPlan plan, Cause cause) {
        List<String> faults = plan.faults();
        if (!faults.isEmpty()) {
            throw new ConfigurationException("ramp plan", faults);
        }
        if (scope.route().isEmpty() || scope.share() < 1) {
            throw new IllegalArgumentException(
                    "a ramp needs a route and takes its shares from the plan, but the scope is " + scope);
        }
        if (scope.feature().isPresent()) { // no record of a decision says which feature it served
            throw new IllegalArgumentException("a ramp has no feature, as nothing could be shown about it alone, but"
                    + " the scope is " + scope + "; restore it, or ramp the route or a segment of it");
        }
        checkNotOpen(scope);
        List<Switch> seen = switches.at(scope); // first: what comes after it is not lifted, whatever the policy says
        return permitted.mayLift(List.of(plan, seen), scope, cause).orElseGet(() -> begin(scope, plan, seen, cause));
    }

    private SwitchResult begin(Scope scope, RampPlan plan, List<Switch> seen, Cause cause) {
        return oneAtATime(() -> {
            checkNotOpen(scope);
            return steps.start(scope, plan, seen, cause);
        });
    }

    private SwitchResult oneAtATime(Supplier<SwitchResult> step) {
        forward.lock();
        try {
            return step.get();
        } finally {
            forward.unlock();
        }
    }

    private void checkNotOpen(Scope scope) {
        book.openAt(scope).ifPresent(steps::endIfKilled);
        book.openAt(scope).ifPresent(ramp -> {
            throw new IllegalArgumentException("a ramp of " + scope + " is open already: " + ramp.id() + " at "
                    + Shares.percent(ramp.share()) + ". Go on with it by ramps().advance(\"" + ramp.id()
                    + "\", …), or end it by ramps().undo(\"" + ramp.id() + "\", …)");
        });
    }

    @Override
    public SwitchResult advance(String id, Cause cause) {
        Optional<Ramp> seen = book.findOpen(id);
        if (seen.isEmpty()) {
            return nothing(id);
        }
        Ramp ramp = seen.get();
        return permitted
                .mayLift(List.of(id, ramp.step()), ramp.scope(), cause)
                .orElseGet(() -> oneAtATime(() -> advanceFrom(ramp, cause)));
    }

    /** What was allowed is the step after the one that was seen, and no other. */
    private SwitchResult advanceFrom(Ramp seen, Cause cause) {
        Optional<Ramp> present = book.findOpen(seen.id());
        if (present.isEmpty()) {
            return nothing(seen.id());
        }
        return present.get().step() == seen.step()
                ? steps.next(present.get(), "advanced by " + cause.by() + " because: " + cause.because())
                : permitted.overtaken(seen.scope(), cause);
    }

    @Override
    public SwitchResult undo(String id, Cause cause) {
        return book.findOpen(id)
                .map(ramp -> permitted.mayKill(ramp.scope(), cause).orElseGet(() -> undone(id, cause)))
                .orElseGet(() -> nothingToUndo(id));
    }

    private SwitchResult undone(String id, Cause cause) {
        return book.findOpen(id).map(ramp -> steps.undo(ramp, cause)).orElseGet(() -> nothingToUndo(id));
    }

    /** What is killed without an end already is as it was asked for; all else is not. */
    private SwitchResult nothingToUndo(String id) {
        boolean killed = book.find(id).map(Ramp::scope).map(switches::at).stream()
                .flatMap(List::stream)
                .anyMatch(set -> set.state() instanceof SwitchState.Killed
                        && set.cause().until().isEmpty());
        return killed ? new SwitchResult(Outcome.NOTHING_TO_DO, whyNotOpen(id), List.of()) : nothing(id);
    }

    private SwitchResult nothing(String id) {
        return new SwitchResult(Outcome.REFUSED, whyNotOpen(id), List.of());
    }

    private String whyNotOpen(String id) {
        return book.find(id)
                .map(ended -> id + " is not open any more: " + ended.note())
                .orElse("there is no ramp " + id + "; ramps().open() lists those that are open");
    }

    @Override
    public List<Ramp> open() {
        return book.open();
    }

    /** A ramp that is on its way needs the record of its step. */
    @Override
    public Optional<Instant> heldSince() {
        return open().stream().map(Ramp::since).min(Instant::compareTo);
    }

    @Override
    public Optional<Ramp> find(String id) {
        return book.find(id);
    }

    // ---- by the detector thread -------------------------------------------------------------------------------

    /**
     * A step has begun: the detectors start anew, and what was decided before it does not count.
     *
     * @param begun the record of it
     */
    public void begun(RampRecord begun) {
        if (begun.ramp().state() == State.RUNNING) {
            evidence.rearm(begun.ramp());
            book.change(begun.ramp(), ramp -> RampChange.counting(ramp, 0));
        }
    }

    /**
     * Looks at a decision.
     *
     * @param decision the decision
     * @param at when it was made
     */
    public void decided(DecisionRecord decision, Instant at) {
        for (Ramp ramp : open()) {
            if (ramp.scope().model().orElseThrow().equals(decision.guard().model())) {
                if (evidence.isTried(ramp, decision, at)) {
                    book.change(ramp, seen -> RampChange.counting(seen, seen.decisions() + 1))
                            .ifPresent(counted -> judge(counted, at));
                } else {
                    judge(ramp, at);
                }
            }
        }
    }

    /** Judges by the time alone, as the next decision may be long in coming. */
    public void tick() {
        Instant now = time.instant();
        open().forEach(steps::endIfKilled);
        evidence.keep(open());
        open().forEach(ramp -> judge(ramp, now));
    }

    private void judge(Ramp ramp, Instant at) {
        Optional<String> harm = evidence.harm(ramp);
        if (harm.isPresent()) {
            steps.undoFor(ramp, harm.get());
            return;
        }
        if (ramp.state() != State.RUNNING || going.contains(ramp.id())) {
            return; // a person decides, or the next step is on its way
        }
        RampPlan plan = ramp.plan();
        Duration elapsed = Duration.between(ramp.since(), at);
        if (ramp.decisions() >= plan.minDecisions()
                && elapsed.compareTo(plan.minTime()) >= 0
                && evidence.isSafe(ramp)) {
            goOn(ramp, "passed after " + ramp.decisions() + " decisions");
        } else if (elapsed.compareTo(plan.patience()) >= 0) {
            inconclusive(ramp);
        }
    }

    /** Has the next step taken; if it is not any more what comes next, nothing. */
    private void goOn(Ramp ramp, String why) {
        going.add(ramp.id());
        try {
            stepper.execute(() -> {
                try {
                    oneAtATime(() -> book.findOpen(ramp.id())
                            .filter(present -> present.step() == ramp.step())
                            .map(present -> steps.next(present, why))
                            .orElseGet(() -> nothing(ramp.id())));
                } finally {
                    going.remove(ramp.id());
                }
            });
        } catch (OutOfMemoryError e) { // the system starts no more threads; it is tried again
            going.remove(ramp.id());
            LOG.warn("the next step of {} waits for a thread", ramp.id(), e);
        }
    }

    /** {@return completes once the steps that were handed over are taken} */
    public CompletableFuture<Void> stepped() {
        return going.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> {}, stepper);
    }

    private void inconclusive(Ramp ramp) {
        String why = "nothing has shown within " + Durations.text(ramp.plan().patience()) + " and " + ramp.decisions()
                + " decisions that it is safe: " + evidence.lacking(ramp);
        switch (ramp.plan().whenInconclusive()) {
            case WAIT -> steps.inconclusive(ramp, why);
            case ADVANCE ->
                switches.killing(ramp.scope())
                        .ifPresentOrElse(
                                kill -> steps.inconclusive(
                                        ramp,
                                        why + "; the plan says to go on, but nothing passes while "
                                                + kill.set().scope() + " is killed by '" + kill.source() + "'"),
                                () -> goOn(ramp, why + "; the plan says to go on"));
            case UNDO -> steps.undoBecause(ramp, why + "; the plan says to undo it");
        }
    }

    /**
     * Undoes the ramps of a route of which the circuit breaker has opened.
     *
     * @param model the model
     * @param route the route
     */
    public void broken(String model, String route) {
        for (Ramp ramp : book.openOf(model, route)) {
            steps.undoFor(ramp, "the circuit breaker of " + route + " has opened");
        }
    }

    /**
     * Undoes the ramps of the route that a signal is about.
     *
     * @param signal the signal
     * @param incident the incident that it opened or joined
     * @return whether there was one
     */
    public boolean signalled(Signal signal, String incident) {
        List<Ramp> affected = book.openOf(signal.model(), signal.route()).stream()
                .filter(ramp -> !ramp.since().isAfter(signal.time())) // else it is of what was before
                .toList();
        affected.forEach(ramp -> steps.undoFor(RampChange.about(ramp, Optional.of(incident)), signal.sentence()));
        return !affected.isEmpty();
    }
}
