// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.detect.internal.MeanEvidence;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.Ramp.State;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.Ramps;
import io.github.incident4j.response.internal.RampRecord.What;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries ramps out. Persons start and change them on their own threads; the detector thread counts, judges and undoes.
 */
public final class RampControl implements Ramps, RetentionHold {
    private static final String LIBRARY = "incident4j";
    private static final int MAX_ENDED = 1_000;
    private static final double ENOUGH = 20; // an e-value of 1/α at a level of 5 %

    private final SwitchBoard switches;
    private final PermittedSwitches permitted;
    private final IncidentDesk desk;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Detectors detectors;
    private final Map<String, Ramp> ramps = new LinkedHashMap<>(); // guarded by this
    private final Map<String, Attempts> attempts = new HashMap<>(); // of the steps that run; guarded by this
    private long lastId;

    /** What the attempts of a ramp's route have shown since its step began. */
    private static final class Attempts {
        private final MeanEvidence sound;
        private final MeanEvidence harmful;
        private long all;
        private long failed;
        private String last = "";

        Attempts(double tolerance) {
            this.sound = MeanEvidence.below(tolerance);
            this.harmful = MeanEvidence.above(tolerance);
        }

        void answered() {
            take(0);
        }

        void failed(Failure failure) {
            failed++;
            last = failure.code();
            take(1);
        }

        private void take(int failure) {
            all++;
            sound.observe(failure);
            harmful.observe(failure);
        }
    }

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
        this.desk = desk;
        this.time = time;
        this.trail = trail;
        this.detectors = detectors;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param record any record of the trail
     */
    public synchronized void replay(StoredRecord record) {
        if (record.type().startsWith(RampRecord.PREFIX)) {
            Ramp ramp = RampRecord.read(record.json());
            keep(ramp);
            lastId = Math.max(
                    lastId, Long.parseLong(ramp.id().substring(ramp.id().indexOf('-') + 1)));
        }
    }

    private void keep(Ramp ramp) {
        ramps.put(ramp.id(), ramp);
        if (ramps.size() > MAX_ENDED) {
            ramps.values().stream()
                    .filter(each -> !each.isOpen())
                    .findFirst()
                    .ifPresent(oldest -> ramps.remove(oldest.id()));
        }
    }

    // ---- by persons -------------------------------------------------------------------------------------------

    @Override
    public synchronized SwitchResult start(Scope scope, RampPlan plan, Cause cause) {
        RampPlan.checked(plan);
        if (scope.route().isEmpty() || scope.share() < 1) {
            throw new IllegalArgumentException(
                    "a ramp needs a route and takes its shares from the plan, but the scope is " + scope);
        }
        if (open().stream().anyMatch(each -> each.scope().equals(scope))) {
            throw new IllegalArgumentException("a ramp of " + scope + " is open already");
        }
        List<Switch> seen = switches.at(scope);
        Optional<SwitchResult> no = permitted.mayLift(List.of(plan, seen), scope, cause);
        if (no.isPresent()) {
            return no.get();
        }
        Ramp ramp = new Ramp(
                "ramp-" + ++lastId,
                scope,
                plan,
                cause,
                incidentBehind(seen),
                killOf(seen),
                State.RUNNING,
                0,
                time.instant(),
                0,
                "started by " + cause.by() + " because: " + cause.because());
        SwitchResult result = letThrough(ramp, seen);
        if (result.inForce()) {
            become(ramp, What.STARTED, Kind.RAMP_STARTED);
        }
        return result;
    }

    /** The kill that the ramp lifts. */
    private static SwitchState.Killed killOf(List<Switch> seen) {
        return seen.stream()
                .map(Switch::state)
                .filter(SwitchState.Killed.class::isInstance)
                .map(SwitchState.Killed.class::cast)
                .findFirst()
                .orElseGet(() -> new SwitchState.Killed(new SwitchState.Instead.ByRule()));
    }

    /** The incident whose containment has set the switch. */
    private Optional<String> incidentBehind(List<Switch> seen) {
        return seen.stream()
                .map(each -> each.cause().because())
                .filter(why -> why.contains(": "))
                .map(why -> why.substring(0, why.indexOf(": ")))
                .filter(id -> desk.find(id).isPresent())
                .findFirst();
    }

    @Override
    public synchronized SwitchResult advance(String id, Cause cause) {
        Ramp ramp = ramps.get(id);
        if (ramp == null || !ramp.isOpen()) {
            return nothing(id);
        }
        return permitted
                .mayLift(List.of(ramp.id(), ramp.step()), ramp.scope(), cause)
                .orElseGet(() -> next(ramp, "advanced by " + cause.by() + " because: " + cause.because()));
    }

    @Override
    public synchronized SwitchResult undo(String id, Cause cause) {
        Ramp ramp = ramps.get(id);
        if (ramp == null || !ramp.isOpen()) {
            return nothing(id);
        }
        return permitted.mayKill(ramp.scope(), cause).orElseGet(() -> undo(ramp, cause));
    }

    private static SwitchResult nothing(String id) {
        return new SwitchResult(Outcome.NOTHING_TO_DO, "no ramp " + id + " is open", List.of());
    }

    @Override
    public synchronized List<Ramp> open() {
        return ramps.values().stream().filter(Ramp::isOpen).toList();
    }

    /** A ramp that is on its way needs the record of its step. */
    @Override
    public Optional<Instant> heldSince() {
        return open().stream().map(Ramp::since).min(Instant::compareTo);
    }

    @Override
    public synchronized Optional<Ramp> find(String id) {
        return Optional.ofNullable(ramps.get(id));
    }

    // ---- by the detector thread -------------------------------------------------------------------------------

    /**
     * A step has begun: the detectors start anew, and what was decided before it does not count.
     *
     * @param begun the record of it
     */
    public synchronized void begun(RampRecord begun) {
        if (begun.ramp().state() == State.RUNNING) {
            detectors.rearm(begun.ramp().scope().model().orElseThrow());
            Ramp ramp = ramps.get(begun.ramp().id());
            attempts.remove(begun.ramp().id());
            if (ramp != null && ramp.step() == begun.ramp().step()) {
                keep(counting(ramp, 0));
            }
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
                judge(isTried(ramp, decision) ? counted(ramp) : ramp, at);
            }
        }
    }

    /** Judges by the time alone, as the next decision may be long in coming. */
    public synchronized void tick() {
        Instant now = time.instant();
        open().forEach(ramp -> judge(ramp, now));
    }

    /** Whether the ramp's route was tried for a decision of its segment; takes note of what came of it. */
    private boolean isTried(Ramp ramp, DecisionRecord decision) {
        Optional<Segment> segment = ramp.scope().segment();
        if (segment.isPresent() && !segment.get().value().equals(valueOf(segment.get(), decision))) {
            return false;
        }
        String route = ramp.scope().route().orElseThrow();
        Attempts known = attemptsOf(ramp);
        long before = known.all;
        for (Skipped skipped : decision.skipped()) {
            if (skipped.route().equals(route) && isOwn(skipped.failure())) {
                known.failed(skipped.failure());
            }
        }
        if (decision.isAnswered()
                && decision.guard().routes().get(decision.route()).name().equals(route)) {
            known.answered();
        }
        return known.all > before;
    }

    private Attempts attemptsOf(Ramp ramp) {
        return attempts.computeIfAbsent(
                ramp.id(), id -> new Attempts(ramp.plan().failureTolerance()));
    }

    /**
     * Whether a failure is the route's own, and not that of a switch, a limit, the caller or its breaker, which only
     * passes on what was counted before.
     */
    private static boolean isOwn(Failure failure) {
        return failure instanceof Failure.ModelError
                || failure instanceof Failure.NoAnswer
                || failure instanceof Failure.OutputBlocked
                || (failure instanceof Failure.TimedOut timedOut && timedOut.started());
    }

    private static String valueOf(Segment segment, DecisionRecord decision) {
        int index = decision.guard().segments().indexOf(segment.attribute());
        String value = index < 0 ? null : decision.segment(index);
        return value == null ? "" : value;
    }

    private Ramp counted(Ramp ramp) {
        Ramp counted = counting(ramp, ramp.decisions() + 1);
        keep(counted);
        return counted;
    }

    private void judge(Ramp ramp, Instant at) {
        RampPlan plan = ramp.plan();
        Attempts known = attemptsOf(ramp);
        if (known.harmful.value() >= ENOUGH) {
            undoFor(
                    ramp,
                    known.failed + " of " + known.all + " attempts of "
                            + ramp.scope().route().orElseThrow()
                            + " have failed, the last one by " + known.last + ", where "
                            + Shares.percent(plan.failureTolerance()) + " is tolerated");
            return;
        }
        if (ramp.state() != State.RUNNING) {
            return; // a person decides
        }
        Duration elapsed = Duration.between(ramp.since(), at);
        if (ramp.decisions() >= plan.minDecisions() && elapsed.compareTo(plan.minTime()) >= 0) {
            double evidence = Math.min(recovery(ramp), known.sound.value());
            if (evidence >= ENOUGH) {
                next(ramp, "passed after " + ramp.decisions() + " decisions");
                return;
            }
        }
        if (elapsed.compareTo(plan.patience()) < 0) {
            return;
        }
        String why = "nothing has shown within " + plan.patience() + " and " + ramp.decisions()
                + " decisions that it is safe";
        switch (plan.whenInconclusive()) {
            case WAIT -> become(in(ramp, State.INCONCLUSIVE, why), What.INCONCLUSIVE, Kind.RAMP_INCONCLUSIVE);
            case ADVANCE -> next(ramp, why + "; the plan says to go on");
            case UNDO -> undo(ramp, Cause.by(LIBRARY).because(prefix(ramp) + why + "; the plan says to undo it"));
        }
    }

    private void undoFor(Ramp ramp, String evidence) {
        undo(
                ramp,
                Cause.by(LIBRARY)
                        .because(prefix(ramp) + "at " + Shares.percent(ramp.share()) + " of the traffic " + evidence));
    }

    private double recovery(Ramp ramp) {
        Optional<Segment> focus = ramp.scope()
                .segment()
                .or(() -> ramp.incident().flatMap(desk::find).flatMap(incident -> incident.segment()));
        return detectors.recovery(
                ramp.scope().model().orElseThrow(), ramp.scope().route().orElseThrow(), focus);
    }

    /**
     * Undoes the ramps of a route of which the circuit breaker has opened.
     *
     * @param model the model
     * @param route the route
     */
    public synchronized void broken(String model, String route) {
        for (Ramp ramp : open()) {
            if (ramp.scope().model().orElseThrow().equals(model)
                    && ramp.scope().route().orElseThrow().equals(route)) {
                undoFor(ramp, "the circuit breaker of " + route + " has opened");
            }
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
        boolean any = false;
        for (Ramp ramp : open()) {
            if (ramp.scope().model().orElseThrow().equals(signal.model())
                    && ramp.scope().route().orElseThrow().equals(signal.route())) {
                String evidence =
                        incident + ": at " + Shares.percent(ramp.share()) + " of the traffic " + signal.sentence();
                undo(about(ramp, incident), Cause.by(LIBRARY).because(evidence));
                any = true;
            }
        }
        return any;
    }

    // ---- steps ------------------------------------------------------------------------------------------------

    private SwitchResult next(Ramp ramp, String why) {
        List<Switch> seen = switches.at(ramp.scope());
        if (!isOurs(ramp, seen)) {
            return overtaken(ramp);
        }
        boolean last = ramp.step() == ramp.plan().shares().size() - 1;
        if (last) {
            become(in(ramp, State.COMPLETED, why), What.COMPLETED, Kind.RAMP_COMPLETED);
            return new SwitchResult(Outcome.DONE, "", List.of());
        }
        Ramp next = new Ramp(
                ramp.id(),
                ramp.scope(),
                ramp.plan(),
                ramp.cause(),
                ramp.incident(),
                ramp.kill(),
                State.RUNNING,
                ramp.step() + 1,
                time.instant(),
                0,
                why);
        SwitchResult result = letThrough(next, seen);
        if (result.inForce()) {
            become(next, What.STEP, Kind.RAMP_STEP);
        } else if (!isOurs(ramp, switches.at(ramp.scope()))) {
            return overtaken(ramp);
        } else {
            become(in(ramp, State.INCONCLUSIVE, result.message()), What.INCONCLUSIVE, Kind.RAMP_INCONCLUSIVE);
        }
        return result;
    }

    private SwitchResult overtaken(Ramp ramp) {
        String note = "somebody else has set the switch of " + ramp.scope();
        become(in(ramp, State.UNDONE, note), What.UNDONE, Kind.RAMP_UNDONE);
        return new SwitchResult(Outcome.NOTHING_TO_DO, note, List.of());
    }

    /** Whether the switch is the one that the present step has set. */
    private static boolean isOurs(Ramp ramp, List<Switch> seen) {
        List<SwitchState> present = seen.stream().map(Switch::state).toList();
        return ramp.share() >= 1 ? present.isEmpty() : present.equals(List.of(stateOf(ramp)));
    }

    /** Lets the ramp's share pass in the place of what was seen; a kill that came since stays. */
    private SwitchResult letThrough(Ramp ramp, List<Switch> seen) {
        Cause cause = Cause.by(ramp.cause().by())
                .because(prefix(ramp) + "recovery ramp " + ramp.id() + ": "
                        + ramp.cause().because());
        return switches.lift(ramp.scope(), seen, ramp.share() >= 1 ? null : stateOf(ramp), cause);
    }

    /** What does not pass yet goes where the kill has sent it. */
    private static SwitchState.Limited stateOf(Ramp ramp) {
        return new SwitchState.Limited(Limit.toShare(ramp.share()), ramp.kill().instead());
    }

    private static String prefix(Ramp ramp) {
        return ramp.incident().map(id -> id + ": ").orElse("");
    }

    private SwitchResult undo(Ramp ramp, Cause cause) {
        SwitchResult result = switches.kill(ramp.scope(), ramp.kill(), cause);
        if (!result.inForce()) {
            return result; // such as for an end that is past: the route has its share still
        }
        become(
                in(ramp, State.UNDONE, "undone by " + cause.by() + " because: " + cause.because()),
                What.UNDONE,
                Kind.RAMP_UNDONE);
        return result;
    }

    private void become(Ramp ramp, What what, Kind kind) {
        keep(ramp);
        attempts.remove(ramp.id());
        trail.accept(new RampRecord(ramp, what, time.nanoTime()));
        ramp.incident()
                .ifPresent(id -> desk.note(
                        id,
                        kind,
                        ramp.id() + " of " + ramp.scope() + " at " + Shares.percent(ramp.share()) + ": "
                                + ramp.note()));
    }

    private static Ramp in(Ramp ramp, State state, String note) {
        return new Ramp(
                ramp.id(),
                ramp.scope(),
                ramp.plan(),
                ramp.cause(),
                ramp.incident(),
                ramp.kill(),
                state,
                ramp.step(),
                ramp.since(),
                ramp.decisions(),
                note);
    }

    private static Ramp counting(Ramp ramp, long decisions) {
        return new Ramp(
                ramp.id(),
                ramp.scope(),
                ramp.plan(),
                ramp.cause(),
                ramp.incident(),
                ramp.kill(),
                ramp.state(),
                ramp.step(),
                ramp.since(),
                decisions,
                ramp.note());
    }

    private static Ramp about(Ramp ramp, String incident) {
        return new Ramp(
                ramp.id(),
                ramp.scope(),
                ramp.plan(),
                ramp.cause(),
                Optional.of(incident),
                ramp.kill(),
                ramp.state(),
                ramp.step(),
                ramp.since(),
                ramp.decisions(),
                ramp.note());
    }
}
