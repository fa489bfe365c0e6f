// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.PlanState;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.incident.internal.PlanState.Step;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the response plan out. It acts on guarded models only through their switches: what it changes, the next call
 * reads. What it does about a signal is the {@link Planner}'s to say; where an incident's plan stands is recorded with
 * the incident, so a restart goes on where it was. Used by the detector thread alone.
 */
public final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final String CARRIED_OUT = "incident.containment-approved";

    private final ResponsePlan plan;
    private final IncidentDesk desk;
    private final Containing containing;
    private final TimeSource time;
    private final Detectors detectors;
    private final BiPredicate<Signal, String> ramps;
    private final Map<String, Watch> watched = new HashMap<>();
    private final Set<String> ofEarlierRun = new HashSet<>();
    private final Map<String, List<ApprovalRecord>> approvals = new HashMap<>(); // of an earlier run, not carried out

    /** What a responder needs of the detectors. */
    public interface Detectors {
        /**
         * Makes the detectors of a model start anew against their baselines.
         *
         * @param model the model
         */
        void rearm(String model);

        /**
         * Says whether a baseline of a model was learned in this run.
         *
         * @param model the model
         * @return whether one was
         */
        boolean learns(String model);

        /**
         * Says how much of the traffic a model has.
         *
         * @param model the model
         * @return which share of all decisions versions of that model have answered
         */
        double shareOf(String model);
    }

    /** How long it has been quiet since the last containment, and whether its grace is over. */
    private record Watch(long quiet, boolean graceOver) {
        static final Watch NEW = new Watch(0, false);
    }

    /**
     * Creates a responder.
     *
     * @param plan the plan
     * @param desk where it notes what it does
     * @param switches what it acts by
     * @param guards the guarded models by name
     * @param controls what may be done to them beside their switches, by name
     * @param time the clocks
     * @param detectors what it needs of the detectors
     * @param ramps is told of a signal and its incident; undoes recovery ramps and says whether there was one
     */
    public Responder(
            ResponsePlan plan,
            IncidentDesk desk,
            SwitchBoard switches,
            Function<String, Optional<GuardInfo>> guards,
            Function<String, Optional<RouteControl>> controls,
            TimeSource time,
            Detectors detectors,
            BiPredicate<Signal, String> ramps) {
        this.plan = plan;
        this.desk = desk;
        this.containing = new Containing(desk, switches, guards, controls, time, plan.grace());
        this.time = time;
        this.detectors = detectors;
        this.ramps = ramps;
    }

    /**
     * Responds to a signal.
     *
     * @param signal the signal
     */
    public void respond(Signal signal) {
        String id =
                desk.file(signal, (filed, state) -> asks(signal, filed, state)).id();
        Incident incident = desk.seen(id).orElseThrow();
        if (ramps.test(signal, id)) {
            Step undone = new Step(Step.RAMP, "recovery ramp", signal.route(), Standing.TAKEN, 0);
            desk.note(
                    id,
                    Kind.CONTAINMENT,
                    "the recovery ramp of " + signal.route() + " was undone: it is killed again",
                    desk.plan(id).containedBy(undone, time.instant()));
            watched.put(id, Watch.NEW);
            return;
        }
        if (desk.plan(id).due().isPresent()) {
            goOn(incident, signal.route(), signal.sentence());
        }
        if (desk.plan(id).last(Standing.TAKEN).isEmpty()) {
            watched.remove(id); // there was harm
        } else if (desk.find(id).filter(each -> !each.contained()).isPresent()) {
            watched.putIfAbsent(id, Watch.NEW); // there was harm about which the plan has nothing to say
        }
    }

    /** Whether the plan has something to do: a containment is judged by the harm that it was taken against alone. */
    private boolean asks(Signal signal, Incident incident, PlanState state) {
        return incident.type() == signal.type()
                && incident.segment().equals(signal.segment())
                && !isInGrace(signal, state)
                && next(incident, state, signal.route()).isPresent();
    }

    /**
     * A signal counts if its evidence is younger than the latest containment: neither in flight then nor in the grace.
     */
    private boolean isInGrace(Signal signal, PlanState state) {
        return state.contained()
                .filter(since -> !signal.time().isAfter(since.plus(plan.grace())))
                .isPresent();
    }

    private Optional<Planner.Move> next(Incident incident, PlanState state, String version) {
        return Planner.next(state, stepsFor(incident), containing.factsOf(incident), version, time.instant());
    }

    /** Carries the plan out about harm on a version, as far as it goes now. */
    private void goOn(Incident incident, String version, String harm) {
        boolean rests = false;
        while (!rests && desk.find(incident.id()).filter(Incident::isOpen).isPresent()) { // somebody may resolve it
            rests = next(incident, desk.plan(incident.id()), version)
                    .map(move -> restsAfter(move, incident, version, harm))
                    .orElse(true);
        }
    }

    /** Makes a move; returns whether something was put in force by it, or need not be any more. */
    private boolean restsAfter(Planner.Move move, Incident incident, String version, String harm) {
        if (move.kind() != Kind.CONTAINMENT) {
            note(incident, move, version, harm);
            return false;
        }
        Optional<String> obstacle = take(incident, move.step(), move.after());
        boolean harmsStill = containing.factsOf(incident).answers(version); // it may have been killed just now
        if (obstacle.isPresent() && harmsStill) {
            note(incident, Planner.skipped(desk.plan(incident.id()), move.step(), obstacle.get()), version, harm);
        }
        return obstacle.isEmpty() || !harmsStill;
    }

    /** Puts a step in force, or says why it cannot be. */
    private Optional<String> take(Incident incident, Step step, PlanState after) {
        Containment action = Planner.containmentOf(step, stepsFor(incident)).orElseThrow();
        Containing.Outcome outcome = containing.apply(action, incident, step.route());
        if (!outcome.inForce()) {
            return Optional.of(outcome.what());
        }
        taken(incident, outcome.what(), after);
        return Optional.empty();
    }

    private void taken(Incident incident, String what, PlanState after) {
        desk.note(incident.id(), Kind.CONTAINMENT, what, after);
        detectors.rearm(incident.model());
        watched.put(incident.id(), Watch.NEW);
    }

    private void note(Incident incident, Planner.Move move, String version, String harm) {
        boolean goesOn = next(incident, move.after(), version).isPresent();
        PlanState after = goesOn ? move.after() : move.after().atRest();
        desk.note(incident.id(), move.kind(), told(incident, move, version, harm), after);
    }

    private String told(Incident incident, Planner.Move move, String version, String harm) {
        Step step = move.step();
        Optional<Containment> action = Planner.containmentOf(step, stepsFor(incident));
        String name = action.map(each -> Containing.nameOf(each, incident, step.route()))
                .orElse(step.containment());
        return switch (move.kind()) {
            case CONTAINMENT_PROPOSED ->
                name + " waits for approval: responses().approve(\"" + incident.id() + "\", " + step.proposal()
                        + ", …)";
            case CONTAINMENT_SKIPPED -> name + ": " + move.why();
            case CONTAINMENT_LIFTED ->
                (action.filter(Containment.OpenBreaker.class::isInstance).isPresent()
                                ? "the circuit breaker has come back"
                                : "the containment is not set any more (it was lifted, or another switch has taken its"
                                        + " place)")
                        + ", and there is harm again on " + version + ": " + harm;
            case CONTAINMENT_INEFFECTIVE ->
                incident.last(Kind.CONTAINMENT).map(TimelineEntry::what).orElse(name) + " did not stop the harm: on "
                        + version + ", " + harm;
            default ->
                "the response plan has no further step for " + incident.severity() + " " + incident.type() + " on "
                        + version + ": a person must decide";
        };
    }

    /**
     * Goes on with the incidents of an earlier run that are about a model: takes the step that a crash kept a plan
     * from, and watches the containments that are in force.
     *
     * @param model the model, which is guarded from now on
     */
    public void guarded(String model) {
        for (Incident incident : desk.open()) {
            String id = incident.id();
            Optional<String> due = desk.plan(id).due();
            boolean isContained = incident.contained() && due.isEmpty();
            if (!incident.model().equals(model) || isContained) {
                continue;
            }
            ofEarlierRun.add(id);
            if (desk.plan(id).last(Standing.TAKEN).isPresent()) {
                watched.put(id, Watch.NEW);
            }
            due.ifPresent(version -> resume(desk.seen(id).orElse(incident), version));
        }
        desk.open().stream()
                .filter(incident -> incident.model().equals(model))
                .map(incident -> approvals.remove(incident.id()))
                .filter(Objects::nonNull)
                .forEach(given -> given.forEach(this::approved));
    }

    /** A switch comes before its record, and the crash may have come between. */
    private void resume(Incident incident, String version) {
        PlanState state = desk.plan(incident.id());
        List<Containment> steps = stepsFor(incident);
        Optional<Step> untried = Planner.untried(state, steps, version);
        Optional<Containment> inForce = untried.flatMap(step -> Planner.containmentOf(step, steps)
                .filter(action -> !Planner.asks(step, steps)
                        && !Planner.isOfAnEarlierStep(action, step.route(), state, steps)
                        && containing.isInForce(action, incident, step.route())));
        if (untried.isPresent() && inForce.isPresent()) {
            String what = Containing.nameOf(inForce.get(), incident, version)
                    + " was found in force: a crash has kept it from the trail";
            taken(incident, what, state.containedBy(untried.get(), time.instant()));
        } else if (next(incident, state, version).isPresent()) {
            goOn(incident, version, incident.finding());
        } else { // and not at a later start, when that version may be mended
            String what = "the harm on " + version + ": it answers no calls any more";
            desk.note(incident.id(), Kind.CONTAINMENT_SKIPPED, what, state.atRest());
        }
    }

    /**
     * Carries out the containment that a person has approved, on the version for which it was proposed, and nothing
     * that follows it: what the plan does next waits for the next signal.
     *
     * @param approval who has approved what
     */
    public void approved(ApprovalRecord approval) {
        Optional<Incident> incident = desk.seen(approval.incident()).filter(Incident::isOpen);
        Optional<Step> proposed = desk.plan(approval.incident()).all(Standing.PROPOSED).stream()
                .filter(step -> step.proposal() == approval.proposal())
                .findFirst();
        if (incident.isEmpty()
                || proposed.isEmpty()
                || Planner.containmentOf(proposed.get(), stepsFor(incident.get()))
                        .isEmpty()) {
            note(approval, "of which none waits any more, so nothing is done");
        } else if (!containing.factsOf(incident.get()).answers(proposed.get().route())) {
            note(approval, "which waits still, as what it is about does not answer calls now");
        } else {
            carryOut(incident.get(), proposed.get());
            note(approval, "which was taken up");
        }
    }

    private void note(ApprovalRecord approval, String what) {
        if (desk.find(approval.incident()).isEmpty()) {
            LOG.warn(
                    "{} has approved a containment of incident {}, and there is none of that id",
                    approval.cause().by(),
                    approval.incident());
        }
        desk.noteApproval(approval.incident(), approval.cause(), "containment " + approval.proposal() + ", " + what);
    }

    /**
     * Takes a record of an earlier run into account: an approval that a crash has kept from being carried out is so
     * once its model is guarded.
     *
     * @param stored any record of the trail
     */
    public void replay(StoredRecord stored) {
        if (stored.type().equals(ApprovalRecord.TYPE)) {
            ApprovalRecord approval = ApprovalRecord.read(stored);
            approvals
                    .computeIfAbsent(approval.incident(), each -> new ArrayList<>())
                    .add(approval);
        } else if (stored.type().equals(CARRIED_OUT)) {
            List<ApprovalRecord> given =
                    approvals.get(stored.json().path("incident").path("id").asText());
            if (given != null && !given.isEmpty()) {
                given.remove(0); // they are carried out in their order
            }
        }
    }

    private void carryOut(Incident incident, Step proposed) {
        PlanState state = desk.plan(incident.id());
        take(incident, proposed, state.containedBy(proposed, time.instant())).ifPresent(obstacle -> {
            Planner.Move skipped = Planner.skipped(state, proposed, obstacle);
            desk.note(incident.id(), skipped.kind(), told(incident, skipped, proposed.route(), ""), skipped.after());
        });
    }

    /**
     * Watches whether a containment holds.
     *
     * @param model the model of a decision that the detectors have judged
     * @param time when it was made
     */
    public void decided(String model, Instant time) {
        if (watched.isEmpty()) {
            return;
        }
        for (Map.Entry<String, Watch> each : List.copyOf(watched.entrySet())) {
            Optional<Incident> incident = desk.find(each.getKey());
            if (incident.isEmpty() || !incident.get().isOpen()) {
                watched.remove(each.getKey());
            } else if (incident.get().model().equals(model)) {
                watch(incident.get(), each.getValue(), time);
            }
        }
    }

    private void watch(Incident incident, Watch watch, Instant time) {
        if (!watch.graceOver()) {
            Instant since = desk.plan(incident.id()).contained().orElse(time);
            if (!time.isBefore(since.plus(plan.grace()))) {
                detectors.rearm(incident.model()); // what was seen in the grace is no evidence
                watched.put(incident.id(), new Watch(0, true));
            }
            return;
        }
        long quiet = watch.quiet() + 1;
        watched.put(incident.id(), new Watch(quiet, true));
        if (quiet < tellingSilence(incident) || isBlind(incident)) {
            return;
        }
        watched.remove(incident.id());
        if (!incident.contained()) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINED,
                    "no detector has seen harm in the " + quiet + " decisions since the last containment",
                    desk.plan(incident.id()).quiet());
        }
    }

    /** Silence says something only once harm of the same kind would have been noticed. */
    private long tellingSilence(Incident incident) {
        double delay = incident.detectedDecision() - incident.onsetDecision();
        return Math.max(plan.watch(), Math.round(2 * delay * detectors.shareOf(incident.model())));
    }

    /** A detector that has learned its baseline since a restart may have learned the harm: a person must look. */
    private boolean isBlind(Incident incident) {
        return ofEarlierRun.contains(incident.id()) && detectors.learns(incident.model());
    }

    private List<Containment> stepsFor(Incident incident) {
        return plan.stepsFor(incident.severity(), incident.type());
    }
}
