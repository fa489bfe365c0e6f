// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.PlanState;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts containments in force: by switches, by a circuit breaker, by other rules of a guardrail. */
final class Containing {
    private static final String LIBRARY = "incident4j";
    private static final String NO_BREAKER = " has no circuit breaker";

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

    /**
     * What became of a containment.
     *
     * @param inForce whether it is in force
     * @param what what was done, or why it was not
     */
    record Outcome(boolean inForce, String what) {
        static Outcome done(String what) {
            return new Outcome(true, what);
        }

        static Outcome not(String why) {
            return new Outcome(false, why);
        }
    }

    /** What is true of an incident's model at the moment of each question. */
    Planner.Facts factsOf(Incident incident) {
        return new Planner.Facts() {
            @Override
            public boolean answers(String version) {
                List<String> living = switches.isClosed() ? List.of() : living(incident.model());
                return version.equals(PlanState.WHOLE_MODEL) ? !living.isEmpty() : living.contains(version);
            }

            @Override
            public boolean isSet(String version) {
                return switches.active().stream()
                        .filter(set -> isOf(incident, set.cause()))
                        .map(set -> set.scope().route())
                        .anyMatch(route -> route.isEmpty() || route.get().equals(version));
            }

            @Override
            public boolean usesRules(Containment.SwapGuardrail swap) {
                return causeOfRules(incident, swap).isPresent();
            }

            @Override
            public Optional<String> obstacle(Containment action, String version) {
                return Containing.this.obstacle(action, incident, version);
            }
        };
    }

    private Optional<String> obstacle(Containment action, Incident incident, String version) {
        Optional<RouteControl> control = controls.apply(incident.model());
        if (action instanceof Containment.RollBack) {
            return absent(behind(version, incident.model()), "there is no other version of the model to roll back to");
        } else if (action instanceof Containment.ReviewSegment) {
            return absent(
                    instead(incident),
                    "there is neither a review route nor a rule that could answer instead and is not killed itself");
        } else if (action instanceof Containment.OpenBreaker) {
            return absent(control.filter(each -> each.hasBreaker(version)), version + NO_BREAKER);
        } else if (action instanceof Containment.SwapGuardrail swap) {
            return control.map(each -> obstacle(swap, incident, each))
                    .orElse(Optional.of("the model is not guarded in this runtime"));
        }
        return living(incident.model()).isEmpty()
                ? Optional.of("no version of the model is left that answers")
                : Optional.empty();
    }

    /**
     * Rules that somebody else has put in force are not exchanged for others: a person has judged, and two incidents
     * would exchange theirs for ever.
     */
    private Optional<String> obstacle(Containment.SwapGuardrail swap, Incident incident, RouteControl control) {
        Optional<RouteControl.RulesInstead> others =
                control.rulesInstead(swap.guardrail()).filter(each -> !isOf(incident, each.cause()));
        if (others.isEmpty()) {
            return control.whyNotRules(swap.guardrail(), swap.ruleSet());
        } else if (isOfAnOpenIncident(others.get().cause())
                && others.get().ruleSet().equals(swap.ruleSet())) {
            return Optional.empty();
        }
        return Optional.of("guardrail '" + swap.guardrail() + "' judges by rule set '"
                + others.get().ruleSet() + "' already, by "
                + others.get().cause().by() + ": "
                + others.get().cause().because());
    }

    /** Why the rules of an exchange are in force, if they are. */
    private Optional<Cause> causeOfRules(Incident incident, Containment.SwapGuardrail swap) {
        return controls.apply(incident.model())
                .flatMap(control -> control.rulesInstead(swap.guardrail()))
                .filter(each -> each.ruleSet().equals(swap.ruleSet()))
                .map(RouteControl.RulesInstead::cause);
    }

    private static Optional<String> absent(Optional<?> what, String why) {
        return what.isPresent() ? Optional.empty() : Optional.of(why);
    }

    /** Applies a containment, one of a version to that version. */
    Outcome apply(Containment action, Incident incident, String version) {
        Optional<String> obstacle = obstacle(action, incident, version);
        if (obstacle.isPresent()) {
            return Outcome.not(obstacle.get());
        } else if (action instanceof Containment.OpenBreaker) {
            boolean opened = controls.apply(incident.model())
                    .filter(control -> control.openBreaker(version))
                    .isPresent();
            return opened
                    ? Outcome.done("the circuit breaker of " + version + " was opened")
                    : Outcome.not(version + NO_BREAKER);
        } else if (action instanceof Containment.SwapGuardrail swap) {
            return swapGuardrail(incident, swap);
        }
        return contain(
                incident, whatIsDone(action, incident, version), scopesOf(action, incident, version), stateOf(action));
    }

    /** Whether the incident has put a containment in force already, as where a crash has kept that from the trail. */
    boolean isInForce(Containment action, Incident incident, String version) {
        if (action instanceof Containment.OpenBreaker) {
            return false;
        } else if (action instanceof Containment.SwapGuardrail swap) {
            return causeOfRules(incident, swap)
                    .filter(cause -> isOf(incident, cause))
                    .isPresent();
        }
        List<Scope> set = switches.active().stream()
                .filter(each -> isOf(incident, each.cause()) && each.state().equals(stateOf(action)))
                .map(Switch::scope)
                .toList();
        List<Scope> wanted = scopesOf(action, incident, version);
        return !wanted.isEmpty() && set.containsAll(wanted);
    }

    /** Which switches a containment sets. */
    private List<Scope> scopesOf(Containment action, Incident incident, String version) {
        Scope model = Scope.model(incident.model());
        if (action instanceof Containment.RollBack) {
            return List.of(model.route(version));
        } else if (action instanceof Containment.ReviewSegment) {
            return routes(incident.model(), RouteKind.MODEL).stream()
                    .map(model::route)
                    .map(route -> incident.segment()
                            .map(part -> route.segment(part.attribute(), part.value()))
                            .orElse(route))
                    .toList();
        } else if (action instanceof Containment.ReduceLoad) {
            return living(incident.model()).stream().map(model::route).toList();
        } else if (action instanceof Containment.KillModel) {
            return List.of(model);
        }
        throw new IllegalStateException("a containment that nobody applies: " + action);
    }

    private static SwitchState stateOf(Containment action) {
        return action instanceof Containment.ReduceLoad reduce
                ? new SwitchState.Limited(reduce.limit())
                : SwitchState.killed();
    }

    private String whatIsDone(Containment action, Incident incident, String version) {
        if (action instanceof Containment.RollBack) {
            return "rollback from " + version + " to "
                    + behind(version, incident.model()).orElse("what answers next");
        } else if (action instanceof Containment.ReviewSegment) {
            return "route '" + instead(incident).orElse("") + "' for " + affected(incident);
        }
        return action instanceof Containment.ReduceLoad reduce
                ? "the load of the model was reduced to " + reduce.limit()
                : "the model was killed";
    }

    /** The next version in the guard's order that answers, if there is one. */
    private Optional<String> behind(String version, String model) {
        List<String> living = living(model);
        return routes(model, RouteKind.MODEL).stream()
                .dropWhile(each -> !each.equals(version))
                .skip(1)
                .filter(living::contains)
                .findFirst();
    }

    private Outcome swapGuardrail(Incident incident, Containment.SwapGuardrail swap) {
        String what = "guardrail '" + swap.guardrail() + "' judges by rule set '" + swap.ruleSet() + "'";
        if (causeOfRules(incident, swap).isPresent()) {
            return Outcome.done(what + " (the containment of another incident has done so)");
        }
        return controls.apply(incident.model())
                .flatMap(control -> control.useRules(swap.guardrail(), swap.ruleSet(), causeOf(incident, what)))
                .map(Outcome::not)
                .orElse(Outcome.done(what));
    }

    private static Cause causeOf(Incident incident, String what) {
        return Cause.by(LIBRARY).because(incident.id() + ": " + what + ". " + incident.finding());
    }

    private static String affected(Incident incident) {
        return incident.segment().map(Object::toString).orElse("all calls");
    }

    /** Sets the switches, or says why they are not in force. */
    private Outcome contain(Incident incident, String what, List<Scope> scopes, SwitchState state) {
        Cause cause = causeOf(incident, what);
        List<SwitchResult> results = scopes.stream()
                .map(scope -> switches.contain(scope, state, cause))
                .toList();
        String problems = joined(results.stream().map(SwitchResult::problem).flatMap(Optional::stream));
        if (!problems.isEmpty()) {
            return Outcome.not("the switch could not be set: " + problems);
        }
        String notes = joined(results.stream().map(SwitchResult::message));
        if (results.stream().allMatch(each -> each.outcome() == SwitchResult.Outcome.NOTHING_TO_DO)) {
            if (!scopes.stream().allMatch(this::isJustContained)) {
                return Outcome.not("it would change nothing: " + notes);
            }
            notes = "a containment has done so just now";
        }
        return Outcome.done(notes.isEmpty() ? what : what + " (" + notes + ")");
    }

    /** Whether a containment, such as of another incident, is in its grace there: what it does is not known yet. */
    private boolean isJustContained(Scope scope) {
        Instant graced = time.instant().minus(grace);
        return switches.at(scope).stream()
                .filter(each -> each.since().isAfter(graced))
                .map(Switch::cause)
                .anyMatch(this::isOfAnOpenIncident);
    }

    private boolean isOfAnOpenIncident(Cause cause) {
        return cause.by().equals(LIBRARY) && desk.open().stream().anyMatch(incident -> isOf(incident, cause));
    }

    private static boolean isOf(Incident incident, Cause cause) {
        return cause.by().equals(LIBRARY) && cause.because().startsWith(incident.id() + ": ");
    }

    private static String joined(Stream<String> sentences) {
        return sentences.filter(each -> !each.isEmpty()).distinct().collect(Collectors.joining("; "));
    }

    /** Whether nothing of a route's traffic reaches it. */
    private boolean isKilled(String model, String route) {
        Set<Scope> covering = Set.of(
                Scope.everything(), Scope.model(model), Scope.model(model).route(route));
        return switches.inForce().stream()
                .map(SwitchResult.HeldBy::set)
                .filter(each -> each.state() instanceof SwitchState.Killed && !each.spares(route))
                .map(Switch::scope)
                .anyMatch(covering::contains);
    }

    private List<String> routes(String model, RouteKind kind) {
        return guards.apply(model).stream()
                .flatMap(guard -> guard.routes().stream())
                .filter(route -> route.kind() == kind)
                .map(GuardInfo.Route::name)
                .toList();
    }

    private Stream<String> living(String model, RouteKind kind) {
        return routes(model, kind).stream().filter(route -> !isKilled(model, route));
    }

    /** The versions of a model that answer, in the guard's order; none while nobody guards it. */
    private List<String> living(String model) {
        return living(model, RouteKind.MODEL).toList();
    }

    /** Who answers where the versions of the model do not. */
    private Optional<String> instead(Incident incident) {
        return Stream.of(RouteKind.REVIEW, RouteKind.RULE)
                .flatMap(kind -> living(incident.model(), kind))
                .findFirst();
    }

    /** What a containment would do, in words. */
    static String nameOf(Containment action, Incident incident, String version) {
        if (action instanceof Containment.RollBack) {
            return "rollback on " + version;
        } else if (action instanceof Containment.ReviewSegment) {
            return "review for " + affected(incident);
        } else if (action instanceof Containment.ReduceLoad reduce) {
            return "reducing the load to " + reduce.limit();
        } else if (action instanceof Containment.SwapGuardrail swap) {
            return "rule set '" + swap.ruleSet() + "' of guardrail '" + swap.guardrail() + "'";
        }
        return action instanceof Containment.OpenBreaker
                ? "opening the circuit breaker of " + version
                : "killing the model";
    }
}
