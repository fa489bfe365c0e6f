// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Carries the response plan out. It acts on guarded models only through their switches: what it changes, the next call
 * reads. How far an incident's plan has been carried out stands in the incident's timeline, so a restart goes on where
 * it was. Used by the detector thread alone.
 */
public final class Responder {
    private final ResponsePlan plan;
    private final IncidentDesk desk;
    private final KillSwitches switches;
    private final Function<String, Optional<GuardInfo>> guards;
    private final Consumer<String> rearm;
    private final Map<String, Long> quietSince = new HashMap<>();

    /**
     * Creates a responder.
     *
     * @param plan the plan
     * @param desk where it notes what it does
     * @param switches what it acts by
     * @param guards the guarded models by name
     * @param rearm makes the detectors of a model start anew after a containment
     */
    public Responder(
            ResponsePlan plan,
            IncidentDesk desk,
            KillSwitches switches,
            Function<String, Optional<GuardInfo>> guards,
            Consumer<String> rearm) {
        this.plan = plan;
        this.desk = desk;
        this.switches = switches;
        this.guards = guards;
        this.rearm = rearm;
    }

    /**
     * Responds to a signal.
     *
     * @param signal the signal
     */
    public void respond(Signal signal) {
        IncidentDesk.Filed filed = desk.file(signal);
        Incident incident = filed.incident();
        if (filed.news()) {
            takeNextStep(incident);
            return;
        }
        Optional<TimelineEntry> inForce = incident.last(Kind.CONTAINMENT);
        if (inForce.isPresent() && isAbout(incident, signal) && countsAgainst(inForce.get(), signal)) {
            quietSince.remove(incident.id());
            if (incident.last(Kind.PLAN_EXHAUSTED).isEmpty()) {
                desk.note(
                        incident.id(),
                        Kind.CONTAINMENT_INEFFECTIVE,
                        inForce.get().what() + " did not stop the harm: on " + signal.route() + ", "
                                + signal.sentence());
                takeNextStep(desk.find(incident.id()).orElse(incident));
            }
        }
    }

    /** Goes on watching the containments of an earlier run. */
    public void resume() {
        for (Incident incident : desk.open()) {
            if (incident.state() == IncidentState.DETECTED
                    && incident.last(Kind.CONTAINMENT).isPresent()) {
                quietSince.put(incident.id(), 0L);
            }
        }
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
     * @param model the model that made a decision
     * @param time when it was made
     */
    public void decided(String model, Instant time) {
        if (quietSince.isEmpty()) {
            return;
        }
        for (Map.Entry<String, Long> watched : List.copyOf(quietSince.entrySet())) {
            Optional<Incident> incident = desk.find(watched.getKey());
            if (incident.isEmpty() || !incident.get().isOpen()) {
                quietSince.remove(watched.getKey());
            } else if (incident.get().model().equals(model)) {
                watch(incident.get(), watched.getValue() + 1, time);
            }
        }
    }

    private void watch(Incident incident, long quiet, Instant time) {
        Instant since = incident.last(Kind.CONTAINMENT).map(TimelineEntry::time).orElse(time);
        // Silence says something only once harm of the same kind would have been noticed.
        long tellingSilence = Math.max(plan.watch(), 2 * (incident.detectedDecision() - incident.onsetDecision()));
        if (quiet < tellingSilence || time.isBefore(since.plus(plan.grace()))) {
            quietSince.put(incident.id(), quiet);
            return;
        }
        quietSince.remove(incident.id());
        if (incident.state() == IncidentState.DETECTED) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINED,
                    "no detector has seen harm in the " + quiet + " decisions since the last containment");
        }
    }

    private void takeNextStep(Incident incident) {
        List<Containment> steps = plan.stepsFor(incident.severity(), incident.type());
        int taken = Math.min(stepsTaken(incident), steps.size());
        for (Containment step : steps.subList(taken, steps.size())) {
            if (step instanceof Containment.Monitor) {
                return;
            }
            Optional<String> obstacle = apply(step, incident);
            if (obstacle.isEmpty()) {
                rearm.accept(incident.model());
                quietSince.put(incident.id(), 0L);
                return;
            }
            desk.note(incident.id(), Kind.CONTAINMENT_SKIPPED, nameOf(step) + ": " + obstacle.get());
        }
        desk.note(
                incident.id(),
                Kind.PLAN_EXHAUSTED,
                "the response plan has no further step for " + incident.severity() + " " + incident.type()
                        + ": a person must decide");
    }

    /** How many steps of the present plan were taken; with a new severity a new plan begins. */
    private static int stepsTaken(Incident incident) {
        int taken = 0;
        for (TimelineEntry entry : incident.timeline()) {
            if (entry.kind() == Kind.SEVERITY_RAISED) {
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
        } else if (step instanceof Containment.KillModel) {
            contain(incident, "the model was killed", List.of(Scope.model(incident.model())));
        }
        return Optional.empty();
    }

    private Optional<String> rollBack(Incident incident, GuardInfo guard) {
        List<String> living = modelRoutes(guard).stream()
                .filter(route -> !isKilled(guard.model(), route))
                .toList();
        if (living.size() < 2) {
            return Optional.of("there is no other version of the model to roll back to");
        }
        contain(
                incident,
                "rollback from " + living.get(0) + " to " + living.get(1),
                List.of(Scope.model(guard.model()).route(living.get(0))));
        return Optional.empty();
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
        contain(
                incident,
                "route '" + instead.get().name() + "' for "
                        + incident.segment().map(Object::toString).orElse("all calls"),
                scopes);
        return Optional.empty();
    }

    private void contain(Incident incident, String what, List<Scope> scopes) {
        Cause cause = Cause.by("incident4j").because(incident.id() + ": " + what + ". " + incident.finding());
        String problems = scopes.stream()
                .map(scope -> switches.kill(scope, cause))
                .map(SwitchResult::problem)
                .flatMap(Optional::stream)
                .distinct()
                .collect(Collectors.joining("; "));
        desk.note(
                incident.id(),
                Kind.CONTAINMENT,
                problems.isEmpty() ? what : what + " (in force, but it would not survive a restart: " + problems + ")");
    }

    private boolean isKilled(String model, String route) {
        Set<Scope> covering = Set.of(
                Scope.everything(), Scope.model(model), Scope.model(model).route(route));
        return switches.active().stream().map(Switch::scope).anyMatch(covering::contains);
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
        return step instanceof Containment.RollBack
                ? "rollback"
                : step instanceof Containment.ReviewSegment ? "review for the affected segment" : "kill";
    }
}
