// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Carries the response plan out. It acts on guarded models only through their switches: what it changes, the next call
 * reads. How far an incident's plan has been carried out stands in the incident's timeline, so a restart goes on where
 * it was. Used by the detector thread alone.
 */
public final class Responder {
    private final ResponsePlan plan;
    private final IncidentDesk desk;
    private final SwitchBoard switches;
    private final Function<String, Optional<GuardInfo>> guards;
    private final Function<String, Optional<RouteControl>> controls;
    private final Detectors detectors;
    private final BiPredicate<Signal, String> ramps;
    private final Map<String, Watch> watched = new HashMap<>();
    private final Set<String> ofEarlierRun = new HashSet<>();

    /** What a responder needs of the detectors. */
    public interface Detectors {
        /**
         * Makes the detectors of a model start anew against their baselines.
         *
         * @param model the model
         * @param diverted a segment whose calls the model no longer answers, if there is one
         */
        void rearm(String model, Optional<Segment> diverted);

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
     * @param detectors what it needs of the detectors
     * @param ramps is told of a signal and its incident; undoes recovery ramps and says whether there was one
     */
    public Responder(
            ResponsePlan plan,
            IncidentDesk desk,
            SwitchBoard switches,
            Function<String, Optional<GuardInfo>> guards,
            Function<String, Optional<RouteControl>> controls,
            Detectors detectors,
            BiPredicate<Signal, String> ramps) {
        this.plan = plan;
        this.desk = desk;
        this.switches = switches;
        this.guards = guards;
        this.controls = controls;
        this.detectors = detectors;
        this.ramps = ramps;
    }

    /**
     * Responds to a signal.
     *
     * @param signal the signal
     */
    public void respond(Signal signal) {
        IncidentDesk.Filed filed = desk.file(signal);
        Incident incident = filed.incident();
        if (ramps.test(signal, incident.id())) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINMENT,
                    "the recovery ramp of " + signal.route() + " was undone: it is killed again");
            watched.put(incident.id(), Watch.NEW);
            return;
        }
        if (filed.news() || !hasBegun(incident)) {
            takeNextStep(incident);
            return;
        }
        if (isWaiting(incident)) {
            return; // a person decides
        }
        Optional<TimelineEntry> inForce = incident.last(Kind.CONTAINMENT);
        if (inForce.isPresent() && isAbout(incident, signal) && countsAgainst(inForce.get(), signal)) {
            watched.remove(incident.id());
            if (!isSet(incident)) {
                desk.note(
                        incident.id(),
                        Kind.CONTAINMENT_LIFTED,
                        "the containment was lifted, and there is harm again on " + signal.route() + ": "
                                + signal.sentence());
                takeNextStep(desk.find(incident.id()).orElse(incident));
            } else if (!isExhausted(incident)) {
                desk.note(
                        incident.id(),
                        Kind.CONTAINMENT_INEFFECTIVE,
                        inForce.get().what() + " did not stop the harm: on " + signal.route() + ", "
                                + signal.sentence());
                takeNextStep(desk.find(incident.id()).orElse(incident));
            }
        }
    }

    /**
     * Goes on with the incidents of an earlier run that are about a model: carries a plan out that a crash kept from
     * its first step, and watches the containments that are in force.
     *
     * @param model the model, which is guarded from now on
     */
    public void guarded(String model) {
        for (Incident incident : desk.open()) {
            if (!incident.model().equals(model) || incident.state() != IncidentState.DETECTED) {
                continue;
            }
            ofEarlierRun.add(incident.id());
            if (!hasBegun(incident)) {
                takeNextStep(incident);
            } else if (incident.last(Kind.CONTAINMENT).isPresent()) {
                watched.put(incident.id(), Watch.NEW);
            }
        }
    }

    /** Whether the plan was carried out as far as it goes by itself. */
    private static boolean hasBegun(Incident incident) {
        return incident.last(Kind.CONTAINMENT).isPresent() || isExhausted(incident) || isWaiting(incident);
    }

    /** Whether the plan waits for a person's approval. */
    private static boolean isWaiting(Incident incident) {
        boolean waiting = false;
        for (TimelineEntry entry : incident.timeline()) {
            boolean ends =
                    entry.kind() == Kind.CONTAINMENT || entry.kind() == Kind.CONTAINMENT_SKIPPED || beginsPlan(entry);
            waiting = entry.kind() == Kind.CONTAINMENT_PROPOSED || (waiting && !ends);
        }
        return waiting;
    }

    /**
     * Carries out the containment that an incident waits for.
     *
     * @param approval who has approved it
     */
    public void approved(ApprovalRecord approval) {
        Optional<Incident> incident = desk.find(approval.incident()).filter(Incident::isOpen);
        if (incident.isPresent() && isWaiting(incident.get())) {
            takeNextStep(incident.get(), Optional.of(approval.cause()));
        }
    }

    /** Whether the plan, since it began or began anew, has no further step. */
    private static boolean isExhausted(Incident incident) {
        boolean exhausted = false;
        for (TimelineEntry entry : incident.timeline()) {
            exhausted = entry.kind() == Kind.PLAN_EXHAUSTED || (exhausted && !beginsPlan(entry));
        }
        return exhausted;
    }

    private static boolean beginsPlan(TimelineEntry entry) {
        return entry.kind() == Kind.SEVERITY_RAISED || entry.kind() == Kind.CONTAINMENT_LIFTED;
    }

    /** Whether a switch is set, or rules of a guardrail are in force, by a containment of the incident. */
    private boolean isSet(Incident incident) {
        Predicate<Cause> isOfIncident = cause -> cause.because().startsWith(incident.id() + ": ");
        return switches.active().stream().map(Switch::cause).anyMatch(isOfIncident)
                || controls.apply(incident.model())
                        .filter(control -> control.usesRules(isOfIncident))
                        .isPresent();
    }

    /** A containment is judged by the harm that it was taken against, not by what else goes on in the incident. */
    private static boolean isAbout(Incident incident, Signal signal) {
        return incident.type() == signal.type() && incident.segment().equals(signal.segment());
    }

    /** A signal counts against a containment if its evidence is younger: neither in flight then nor in the grace. */
    private boolean countsAgainst(TimelineEntry containment, Signal signal) {
        Instant judgedFrom = containment.time().plus(plan.grace());
        return signal.time().isAfter(judgedFrom) && !isKilled(signal.model(), signal.route());
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
            Instant since =
                    incident.last(Kind.CONTAINMENT).map(TimelineEntry::time).orElse(time);
            if (!time.isBefore(since.plus(plan.grace()))) {
                detectors.rearm(incident.model(), Optional.empty()); // what was seen in the grace is no evidence
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
        if (incident.state() == IncidentState.DETECTED) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINED,
                    "no detector has seen harm in the " + quiet + " decisions since the last containment");
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

    private void takeNextStep(Incident incident) {
        takeNextStep(incident, Optional.empty());
    }

    private void takeNextStep(Incident incident, Optional<Cause> approved) {
        List<Containment> steps = plan.stepsFor(incident.severity(), incident.type());
        int taken = Math.min(stepsTaken(incident), steps.size());
        for (Containment step : steps.subList(taken, steps.size())) {
            if (step instanceof Containment.Monitor) {
                return;
            }
            Containment action = step instanceof Containment.AskFirst ask ? ask.step() : step;
            if (step instanceof Containment.AskFirst && approved.isEmpty()) {
                desk.note(
                        incident.id(),
                        Kind.CONTAINMENT_PROPOSED,
                        nameOf(action) + " waits for approval: responses().approve(\"" + incident.id() + "\", …)");
                return;
            }
            Optional<String> obstacle = apply(action, incident);
            if (obstacle.isEmpty()) {
                boolean diverts = action instanceof Containment.ReviewSegment;
                detectors.rearm(incident.model(), diverts ? incident.segment() : Optional.empty());
                watched.put(incident.id(), Watch.NEW);
                return;
            }
            desk.note(incident.id(), Kind.CONTAINMENT_SKIPPED, nameOf(action) + ": " + obstacle.get());
        }
        desk.note(
                incident.id(),
                Kind.PLAN_EXHAUSTED,
                "the response plan has no further step for " + incident.severity() + " " + incident.type()
                        + ": a person must decide");
    }

    /** How many steps of the plan were taken since it began, or began anew. */
    private static int stepsTaken(Incident incident) {
        int taken = 0;
        for (TimelineEntry entry : incident.timeline()) {
            if (beginsPlan(entry)) {
                taken = 0;
            } else if (entry.kind() == Kind.CONTAINMENT || entry.kind() == Kind.CONTAINMENT_SKIPPED) {
                taken++;
            }
        }
        return taken;
    }

    /** Applies a containment, or says why it cannot be applied. */
    private Optional<String> apply(Containment step, Incident incident) {
        Optional<GuardInfo> guard = guards.apply(incident.model());
        if (guard.isEmpty()) {
            return Optional.of("the model is not guarded in this runtime");
        }
        if (step instanceof Containment.RollBack) {
            return rollBack(incident, guard.get());
        } else if (step instanceof Containment.ReviewSegment) {
            return reviewSegment(incident, guard.get());
        } else if (step instanceof Containment.OpenBreaker) {
            return openBreaker(incident, guard.get());
        } else if (step instanceof Containment.SwapGuardrail swap) {
            return swapGuardrail(incident, swap);
        } else if (step instanceof Containment.ReduceLoad reduce) {
            return contain(
                    incident,
                    "the load of the model was reduced to " + reduce.limit(),
                    modelRoutes(guard.get()).stream()
                            .map(route -> Scope.model(incident.model()).route(route))
                            .filter(scope ->
                                    !isKilled(incident.model(), scope.route().orElseThrow()))
                            .toList(),
                    (scope, cause) -> switches.restrict(scope, new SwitchState.Limited(reduce.limit()), cause));
        } else if (step instanceof Containment.KillModel) {
            return contain(incident, "the model was killed", List.of(Scope.model(incident.model())));
        }
        throw new IllegalStateException("a containment that nobody applies: " + step);
    }

    private Optional<String> rollBack(Incident incident, GuardInfo guard) {
        List<String> living = modelRoutes(guard).stream()
                .filter(route -> !isKilled(guard.model(), route))
                .toList();
        if (living.size() < 2) {
            return Optional.of("there is no other version of the model to roll back to");
        }
        return contain(
                incident,
                "rollback from " + living.get(0) + " to " + living.get(1),
                List.of(Scope.model(guard.model()).route(living.get(0))));
    }

    private Optional<String> openBreaker(Incident incident, GuardInfo guard) {
        Optional<String> answering = modelRoutes(guard).stream()
                .filter(route -> !isKilled(guard.model(), route))
                .findFirst();
        Optional<String> opened = answering.filter(route -> controls.apply(guard.model())
                .filter(control -> control.openBreaker(route))
                .isPresent());
        if (opened.isEmpty()) {
            return Optional.of("the route that answers has no circuit breaker");
        }
        desk.note(incident.id(), Kind.CONTAINMENT, "the circuit breaker of " + opened.get() + " was opened");
        return Optional.empty();
    }

    private Optional<String> swapGuardrail(Incident incident, Containment.SwapGuardrail swap) {
        String what = "guardrail '" + swap.guardrail() + "' judges by rule set '" + swap.ruleSet() + "'";
        Optional<String> problem = controls.apply(incident.model())
                .map(control -> control.useRules(swap.guardrail(), swap.ruleSet(), causeOf(incident, what)))
                .orElse(Optional.of("the model is not guarded in this runtime"));
        if (problem.isEmpty()) {
            desk.note(incident.id(), Kind.CONTAINMENT, what);
        }
        return problem;
    }

    private static Cause causeOf(Incident incident, String what) {
        return Cause.by("incident4j").because(incident.id() + ": " + what + ". " + incident.finding());
    }

    private Optional<String> reviewSegment(Incident incident, GuardInfo guard) {
        Optional<GuardInfo.Route> instead = routeOf(guard, RouteKind.REVIEW).or(() -> routeOf(guard, RouteKind.RULE));
        if (instead.isEmpty()) {
            return Optional.of("there is neither a review route nor a rule that could answer instead");
        }
        List<Scope> scopes = new ArrayList<>();
        for (String route : modelRoutes(guard)) {
            Scope scope = Scope.model(guard.model()).route(route);
            scopes.add(incident.segment()
                    .map(part -> scope.segment(part.attribute(), part.value()))
                    .orElse(scope));
        }
        return contain(
                incident,
                "route '" + instead.get().name() + "' for "
                        + incident.segment().map(Object::toString).orElse("all calls"),
                scopes);
    }

    /** Sets the switches; returns why they are not in force, if they are not. */
    private Optional<String> contain(Incident incident, String what, List<Scope> scopes) {
        return contain(incident, what, scopes, switches::kill);
    }

    private Optional<String> contain(
            Incident incident, String what, List<Scope> scopes, BiFunction<Scope, Cause, SwitchResult> change) {
        Cause cause = causeOf(incident, what);
        List<SwitchResult> results =
                scopes.stream().map(scope -> change.apply(scope, cause)).toList();
        String problems = results.stream()
                .map(SwitchResult::problem)
                .flatMap(Optional::stream)
                .distinct()
                .collect(Collectors.joining("; "));
        if (!results.stream().allMatch(SwitchResult::inForce)) {
            return Optional.of("the switch could not be set: " + problems);
        }
        desk.note(
                incident.id(),
                Kind.CONTAINMENT,
                problems.isEmpty() ? what : what + " (in force, but it would not survive a restart: " + problems + ")");
        return Optional.empty();
    }

    private boolean isKilled(String model, String route) {
        Set<Scope> covering = Set.of(
                Scope.everything(), Scope.model(model), Scope.model(model).route(route));
        return switches.active().stream()
                .filter(each -> each.state() instanceof SwitchState.Killed)
                .map(Switch::scope)
                .anyMatch(covering::contains);
    }

    private static List<String> modelRoutes(GuardInfo guard) {
        return guard.routes().stream()
                .filter(route -> route.kind() == RouteKind.MODEL)
                .map(GuardInfo.Route::name)
                .toList();
    }

    private static Optional<GuardInfo.Route> routeOf(GuardInfo guard, RouteKind kind) {
        return guard.routes().stream().filter(route -> route.kind() == kind).findFirst();
    }

    private static String nameOf(Containment step) {
        if (step instanceof Containment.RollBack) {
            return "rollback";
        } else if (step instanceof Containment.ReviewSegment) {
            return "review for the affected segment";
        }
        if (step instanceof Containment.ReduceLoad) {
            return "reducing the load";
        }
        if (step instanceof Containment.SwapGuardrail swap) {
            return "rule set '" + swap.ruleSet() + "' of guardrail '" + swap.guardrail() + "'";
        }
        return step instanceof Containment.OpenBreaker ? "opening the circuit breaker" : "kill";
    }
}
