// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.incident.Incident;
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
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts containments in force: by switches, by a circuit breaker, by other rules of a guardrail. */
final class Containing {
    private static final String LIBRARY = "incident4j";
    private static final String BREAKER = "the circuit breaker of ";
    private static final String NO_ROUTE = "";
    private static final String WAITS = " waits for approval: ";
    private static final String NONE_HARMS = "no version of the model on which the harm was seen answers any more";

    private final IncidentDesk desk;
    private final SwitchBoard switches;
    private final Function<String, Optional<GuardInfo>> guards;
    private final Function<String, Optional<RouteControl>> controls;
    private final TimeSource time;
    private final Duration grace;

    Containing(
            IncidentDesk desk,
            SwitchBoard switches,
            Function<String, Optional<GuardInfo>> guards,
            Function<String, Optional<RouteControl>> controls,
            TimeSource time,
            Duration grace) {
        this.desk = desk;
        this.switches = switches;
        this.guards = guards;
        this.controls = controls;
        this.time = time;
        this.grace = grace;
    }

    /** Proposes a containment to a person, or says why there is none to propose. */
    Optional<String> propose(Containment step, Incident incident) {
        Optional<String> harming = harming(incident);
        if (isOfOneRoute(step) && harming.isEmpty()) {
            return Optional.of(NONE_HARMS);
        }
        String proposal =
                nameOf(step, harming.orElse("")) + WAITS + "responses().approve(\"" + incident.id() + "\", …)";
        desk.note(incident.id(), Kind.CONTAINMENT_PROPOSED, proposal);
        return Optional.empty();
    }

    /**
     * The route that the proposal of a containment names, or no name where it is of no route. Where that route does not
     * answer any more, or the plan has another step by now, the approval is of nothing that could be done.
     *
     * @return the route; empty if the containment is to be proposed anew
     */
    Optional<String> proposed(Containment step, Incident incident, String proposal) {
        return Stream.concat(living(incident).stream(), Stream.of(NO_ROUTE))
                .filter(route ->
                        route.isEmpty() != isOfOneRoute(step) && proposal.startsWith(nameOf(step, route) + WAITS))
                .findFirst();
    }

    /** Applies a containment as it was {@link #proposed}, or says why it cannot be applied. */
    Optional<String> apply(Containment step, Incident incident, String route) {
        return apply(step, incident, Optional.of(route).filter(each -> !each.equals(NO_ROUTE)));
    }

    /** Applies a containment, or says why it cannot be applied: one of a route to that on which harm was seen last. */
    Optional<String> apply(Containment step, Incident incident) {
        return apply(step, incident, harming(incident));
    }

    private Optional<String> apply(Containment step, Incident incident, Optional<String> harming) {
        Optional<GuardInfo> guard = guards.apply(incident.model());
        if (guard.isEmpty()) {
            return Optional.of("the model is not guarded in this runtime");
        }
        if (step instanceof Containment.RollBack) {
            return rollBack(incident, guard.get(), harming);
        } else if (step instanceof Containment.ReviewSegment) {
            return reviewSegment(incident, guard.get());
        } else if (step instanceof Containment.OpenBreaker) {
            return openBreaker(incident, guard.get(), harming);
        } else if (step instanceof Containment.SwapGuardrail swap) {
            return swapGuardrail(incident, swap);
        } else if (step instanceof Containment.ReduceLoad reduce) {
            return contain(
                    incident,
                    "the load of the model was reduced to " + reduce.limit(),
                    livingRoutes(guard.get()).stream()
                            .map(route -> Scope.model(incident.model()).route(route))
                            .toList(),
                    new SwitchState.Limited(reduce.limit()));
        } else if (step instanceof Containment.KillModel) {
            return contain(
                    incident, "the model was killed", List.of(Scope.model(incident.model())), SwitchState.killed());
        }
        throw new IllegalStateException("a containment that nobody applies: " + step);
    }

    private Optional<String> rollBack(Incident incident, GuardInfo guard, Optional<String> harming) {
        List<String> living = livingRoutes(guard);
        if (harming.isEmpty()) {
            return Optional.of(NONE_HARMS);
        }
        int next = living.indexOf(harming.get()) + 1;
        if (next == living.size()) {
            return Optional.of("there is no other version of the model to roll back to");
        }
        return contain(
                incident,
                "rollback from " + harming.get() + " to " + living.get(next),
                List.of(Scope.model(guard.model()).route(harming.get())),
                SwitchState.killed());
    }

    private Optional<String> openBreaker(Incident incident, GuardInfo guard, Optional<String> harming) {
        if (harming.isEmpty()) {
            return Optional.of(NONE_HARMS);
        }
        String route = harming.get();
        boolean opened = controls.apply(guard.model())
                .filter(control -> control.openBreaker(route))
                .isPresent();
        if (!opened) {
            return Optional.of(route + " has no circuit breaker");
        }
        desk.note(incident.id(), Kind.CONTAINMENT, BREAKER + route + " was opened");
        return Optional.empty();
    }

    /** The route on which the harm was seen last, of those that answer still: no other one has done anything. */
    private Optional<String> harming(Incident incident) {
        List<String> living = living(incident);
        return desk.harmed(incident.id()).stream().filter(living::contains).findFirst();
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
        return Cause.by(LIBRARY).because(incident.id() + ": " + what + ". " + incident.finding());
    }

    private Optional<String> reviewSegment(Incident incident, GuardInfo guard) {
        Optional<GuardInfo.Route> instead = livingOf(guard, RouteKind.REVIEW).or(() -> livingOf(guard, RouteKind.RULE));
        if (instead.isEmpty()) {
            return Optional.of(
                    "there is neither a review route nor a rule that could answer instead and is not killed itself");
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
                scopes,
                SwitchState.killed());
    }

    /** Sets the switches; returns why they are not in force, if they are not. */
    private Optional<String> contain(Incident incident, String what, List<Scope> scopes, SwitchState state) {
        if (scopes.isEmpty()) {
            return Optional.of("no version of the model is left that answers");
        }
        Cause cause = causeOf(incident, what);
        List<SwitchResult> results = scopes.stream()
                .map(scope -> switches.contain(scope, state, cause))
                .toList();
        String problems = joined(results.stream().map(SwitchResult::problem).flatMap(Optional::stream));
        if (!problems.isEmpty()) {
            return Optional.of("the switch could not be set: " + problems);
        }
        String notes = joined(results.stream().map(SwitchResult::message));
        if (results.stream().allMatch(each -> each.outcome() == SwitchResult.Outcome.NOTHING_TO_DO)) {
            if (!scopes.stream().allMatch(this::isJustContained)) {
                return Optional.of("it would change nothing: " + notes);
            }
            notes = "a containment has done so just now";
        }
        desk.note(incident.id(), Kind.CONTAINMENT, notes.isEmpty() ? what : what + " (" + notes + ")");
        return Optional.empty();
    }

    /** Whether a containment, such as of another incident, is in its grace there: what it does is not known yet. */
    private boolean isJustContained(Scope scope) {
        Instant graced = time.instant().minus(grace);
        return switches.at(scope).stream()
                .filter(each -> each.since().isAfter(graced))
                .map(Switch::cause)
                .anyMatch(cause ->
                        cause.by().equals(LIBRARY) && desk.open().stream().anyMatch(incident -> isOf(incident, cause)));
    }

    private static boolean isOf(Incident incident, Cause cause) {
        return cause.because().startsWith(incident.id() + ": ");
    }

    private static String joined(Stream<String> sentences) {
        return sentences.filter(each -> !each.isEmpty()).distinct().collect(Collectors.joining("; "));
    }

    /** Whether a switch is set, or rules of a guardrail are in force, by a containment of the incident. */
    boolean isInForce(Incident incident) {
        Predicate<Cause> isOfIncident = cause -> isOf(incident, cause);
        return switches.active().stream().map(Switch::cause).anyMatch(isOfIncident)
                || controls.apply(incident.model())
                        .filter(control -> control.usesRules(isOfIncident))
                        .isPresent();
    }

    /** Whether a containment ends by itself: nobody has lifted it then, it was not enough. */
    static boolean comesBack(TimelineEntry containment) {
        return containment.what().startsWith(BREAKER);
    }

    /** Whether nothing of a route's traffic reaches it. */
    boolean isKilled(String model, String route) {
        Set<Scope> covering = Set.of(
                Scope.everything(), Scope.model(model), Scope.model(model).route(route));
        return switches.inForce().stream()
                .map(SwitchResult.HeldBy::set)
                .filter(each -> each.state() instanceof SwitchState.Killed && !each.spares(route))
                .map(Switch::scope)
                .anyMatch(covering::contains);
    }

    private static List<String> modelRoutes(GuardInfo guard) {
        return guard.routes().stream()
                .filter(route -> route.kind() == RouteKind.MODEL)
                .map(GuardInfo.Route::name)
                .toList();
    }

    private List<String> livingRoutes(GuardInfo guard) {
        return modelRoutes(guard).stream()
                .filter(route -> !isKilled(guard.model(), route))
                .toList();
    }

    private List<String> living(Incident incident) {
        return guards.apply(incident.model()).map(this::livingRoutes).orElse(List.of());
    }

    private Optional<GuardInfo.Route> livingOf(GuardInfo guard, RouteKind kind) {
        return guard.routes().stream()
                .filter(route -> route.kind() == kind && !isKilled(guard.model(), route.name()))
                .findFirst();
    }

    private static boolean isOfOneRoute(Containment step) {
        return step instanceof Containment.RollBack || step instanceof Containment.OpenBreaker;
    }

    private static String nameOf(Containment step, String route) {
        return isOfOneRoute(step) ? nameOf(step) + " on " + route : nameOf(step);
    }

    /** What a containment is called in a timeline. */
    static String nameOf(Containment step) {
        if (step instanceof Containment.RollBack) {
            return "rollback";
        } else if (step instanceof Containment.ReviewSegment) {
            return "review for the affected segment";
        } else if (step instanceof Containment.ReduceLoad) {
            return "reducing the load";
        } else if (step instanceof Containment.SwapGuardrail swap) {
            return "rule set '" + swap.ruleSet() + "' of guardrail '" + swap.guardrail() + "'";
        }
        return step instanceof Containment.OpenBreaker ? "opening the circuit breaker" : "kill";
    }
}
