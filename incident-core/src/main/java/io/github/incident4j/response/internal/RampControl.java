// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.Ramp.State;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.Ramps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries ramps out. Persons start and change them on their own threads; the detector thread counts, judges and undoes.
 * One change at a time: the lock is held while a switch is stored, but not while somebody is asked who may do what.
 */
public final class RampControl implements Ramps, RetentionHold {
    private final SwitchBoard switches;
    private final PermittedSwitches permitted;
    private final TimeSource time;
    private final RampBook book = new RampBook();
    private final RampEvidence evidence; // guarded by this
    private final RampSteps steps; // guarded by this

    /** What a ramp needs of the detectors. */
    public interface Detectors {
        /**
         * Makes the detectors of a model start anew.
         *
         * @param model the model
         */
        void rearm(String model);

        /**
         * How strong the evidence is that all that is watched of a route lies within its tolerance.
         *
         * @param model the model
         * @param route the route
         * @param focus the segment that matters, if not all do
         * @return an e-value; 0 where nothing watches the route
         */
        double recovery(String model, String route, Optional<Segment> focus);
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
    public synchronized void resume() {
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

    private synchronized SwitchResult begin(Scope scope, RampPlan plan, List<Switch> seen, Cause cause) {
        checkNotOpen(scope);
        return steps.start(scope, plan, seen, cause);
    }

    private void checkNotOpen(Scope scope) {
        if (book.isOpen(scope)) {
            throw new IllegalArgumentException("a ramp of " + scope + " is open already");
        }
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
                .orElseGet(() -> advanceFrom(ramp, cause));
    }

    /** What was allowed is the step after the one that was seen, and no other. */
    private synchronized SwitchResult advanceFrom(Ramp seen, Cause cause) {
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
                .orElseGet(() -> nothing(id));
    }

    private synchronized SwitchResult undone(String id, Cause cause) {
        return book.findOpen(id).map(ramp -> steps.undo(ramp, cause)).orElseGet(() -> nothing(id));
    }

    private static SwitchResult nothing(String id) {
        return new SwitchResult(Outcome.NOTHING_TO_DO, "no ramp " + id + " is open", List.of());
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
    public synchronized void begun(RampRecord begun) {
        if (begun.ramp().state() == State.RUNNING) {
            evidence.rearm(begun.ramp());
            book.find(begun.ramp().id())
                    .filter(ramp -> ramp.step() == begun.ramp().step())
                    .ifPresent(ramp -> book.keep(RampChange.counting(ramp, 0)));
        }
    }

    /**
     * Looks at a decision.
     *
     * @param decision the decision
     * @param at when it was made
     */
    public synchronized void decided(DecisionRecord decision, Instant at) {
        for (Ramp ramp : open()) {
            if (ramp.scope().model().orElseThrow().equals(decision.guard().model())) {
                judge(evidence.isTried(ramp, decision) ? counted(ramp) : ramp, at);
            }
        }
    }

    private Ramp counted(Ramp ramp) {
        Ramp counted = RampChange.counting(ramp, ramp.decisions() + 1);
        book.keep(counted);
        return counted;
    }

    /** Judges by the time alone, as the next decision may be long in coming. */
    public synchronized void tick() {
        Instant now = time.instant();
        open().forEach(ramp -> judge(ramp, now));
    }

    private void judge(Ramp ramp, Instant at) {
        Optional<String> harm = evidence.harm(ramp);
        if (harm.isPresent()) {
            steps.undoFor(ramp, harm.get());
            return;
        }
        if (ramp.state() != State.RUNNING) {
            return; // a person decides
        }
        RampPlan plan = ramp.plan();
        Duration elapsed = Duration.between(ramp.since(), at);
        if (ramp.decisions() >= plan.minDecisions()
                && elapsed.compareTo(plan.minTime()) >= 0
                && evidence.isSafe(ramp)) {
            steps.next(ramp, "passed after " + ramp.decisions() + " decisions");
        } else if (elapsed.compareTo(plan.patience()) >= 0) {
            inconclusive(ramp);
        }
    }

    private void inconclusive(Ramp ramp) {
        String why = "nothing has shown within " + ramp.plan().patience() + " and " + ramp.decisions()
                + " decisions that it is safe";
        switch (ramp.plan().whenInconclusive()) {
            case WAIT -> steps.inconclusive(ramp, why);
            case ADVANCE -> steps.next(ramp, why + "; the plan says to go on");
            case UNDO -> steps.undoBecause(ramp, why + "; the plan says to undo it");
        }
    }

    /**
     * Undoes the ramps of a route of which the circuit breaker has opened.
     *
     * @param model the model
     * @param route the route
     */
    public synchronized void broken(String model, String route) {
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
    public synchronized boolean signalled(Signal signal, String incident) {
        List<Ramp> affected = book.openOf(signal.model(), signal.route());
        affected.forEach(ramp -> steps.undoFor(RampChange.about(ramp, incident), signal.sentence()));
        return !affected.isEmpty();
    }
}
