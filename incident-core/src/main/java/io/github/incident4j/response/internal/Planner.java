// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.PlanState;
import io.github.incident4j.incident.internal.PlanState.Standing;
import io.github.incident4j.incident.internal.PlanState.Step;
import io.github.incident4j.response.Containment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a response plan does about harm on a version of the model: a function of where the plan stands and of what is
 * true now, and of nothing else. Each version has its own way through the plan; a step of the whole model is one on the
 * way of each.
 */
final class Planner {
    private Planner() {}

    /** What is true of a model now. */
    interface Facts {
        /** Whether a version answers calls, or, for {@link PlanState#WHOLE_MODEL}, whether any does. */
        boolean answers(String version);

        /** Whether a switch is set by the incident's containments on a version, or on the whole model. */
        boolean isSet(String version);

        /** Whether the rules of an exchange are in force, whoever has exchanged them. */
        boolean usesRules(Containment.SwapGuardrail swap);

        /** Why a containment cannot be put in force on a version. */
        Optional<String> obstacle(Containment action, String version);
    }

    /**
     * What is to be done next.
     *
     * @param kind a containment, a proposal, or only what is to be told
     * @param step which step it is about
     * @param why why it cannot be taken, if it is skipped
     * @param after where the plan stands then
     */
    record Move(Kind kind, Step step, String why, PlanState after) {}

    /**
     * What follows harm on a version of the model; to be asked again until it is empty, or something has been put in
     * force.
     *
     * @return empty where nothing is to be done: the version does not answer any more, so that whatever is done would
     *     hit what is well; the plan waits for a person, watches, or is at its end
     */
    static Optional<Move> next(PlanState state, List<Containment> plan, Facts facts, String version, Instant now) {
        if (!facts.answers(version)) {
            return Optional.empty();
        }
        Predicate<Step> holds = step -> isContainment(step) && holds(step, plan, facts, version);
        Predicate<Step> counts = step -> step.standing() == Standing.TAKEN || step.covers(version);
        Optional<Step> lifted = state.steps().stream()
                .filter(step -> isContainment(step) && counts.test(step) && !holds.test(step))
                .reduce((one, later) -> later);
        if (lifted.isPresent()) {
            Predicate<Step> stands = step -> waits(step) || (holds.test(step) && !isBreaker(step, plan));
            PlanState anew =
                    state.inVain(step -> step.equals(lifted.get()) || (step.covers(version) && !stands.test(step)));
            return Optional.of(new Move(Kind.CONTAINMENT_LIFTED, lifted.get(), "", anew));
        }
        return state.last(Standing.TAKEN)
                .map(step -> new Move(Kind.CONTAINMENT_INEFFECTIVE, step, "", state.inVain(none -> false)))
                .or(() -> untried(state, plan, version).map(step -> tried(state, step, plan, facts, now)));
    }

    private static boolean isContainment(Step step) {
        return step.standing() == Standing.TAKEN || step.standing() == Standing.IN_VAIN;
    }

    /**
     * The first step that was not tried for a version yet; empty where the plan waits for a person, or only watches.
     */
    static Optional<Step> untried(PlanState state, List<Containment> plan, String version) {
        for (int i = 0; i < plan.size(); i++) {
            Containment step = plan.get(i);
            Optional<Step> known = state.find(i, step.toString(), version);
            if (step instanceof Containment.Monitor
                    || known.filter(Planner::waits).isPresent()) {
                return Optional.empty();
            } else if (known.isEmpty()) {
                return Optional.of(new Step(i, step.toString(), routeOf(actionOf(step), version), Standing.TAKEN, 0));
            }
        }
        Step end = new Step(plan.size(), "", version, Standing.LEFT_TO_PERSON, 0);
        return Optional.of(end).filter(told -> !state.steps().contains(told));
    }

    /** Whether what is in force of a containment may be so by a step that is known already. */
    static boolean isOfAnEarlierStep(Containment action, String route, PlanState state, List<Containment> plan) {
        return state.last(Standing.TAKEN).isPresent() // which is judged before another one is taken
                || state.steps().stream()
                        .filter(step -> isContainment(step) && step.route().equals(route))
                        .anyMatch(step -> containmentOf(step, plan).equals(Optional.of(action)));
    }

    private static boolean waits(Step step) {
        return step.standing() == Standing.PROPOSED;
    }

    private static String routeOf(Containment action, String version) {
        boolean isOfOneRoute = action instanceof Containment.RollBack || action instanceof Containment.OpenBreaker;
        return isOfOneRoute ? version : PlanState.WHOLE_MODEL;
    }

    private static Move tried(PlanState state, Step step, List<Containment> plan, Facts facts, Instant now) {
        Optional<Containment> action = containmentOf(step, plan);
        if (action.isEmpty()) {
            return new Move(Kind.PLAN_EXHAUSTED, step, "", state.with(step));
        }
        Optional<String> obstacle = facts.obstacle(action.get(), step.route());
        if (obstacle.isPresent()) {
            return skipped(state, step, obstacle.get());
        }
        if (asks(step, plan)) {
            Step asked = step.asProposed(state.proposals() + 1);
            return new Move(Kind.CONTAINMENT_PROPOSED, asked, "", state.with(asked));
        }
        return new Move(Kind.CONTAINMENT, step, "", state.containedBy(step, now));
    }

    /** Whether a step of the plan is proposed to a person. */
    static boolean asks(Step step, List<Containment> plan) {
        return plan.get(step.index()) instanceof Containment.AskFirst;
    }

    /** A step that could not be taken. */
    static Move skipped(PlanState state, Step step, String why) {
        Step skipped = step.as(Standing.SKIPPED);
        return new Move(Kind.CONTAINMENT_SKIPPED, skipped, why, state.with(skipped));
    }

    /** The containment that a step stands for; empty where it is none of the plan, or of a plan that was changed. */
    static Optional<Containment> containmentOf(Step step, List<Containment> plan) {
        return plan.stream()
                .skip(Math.max(0, step.index()))
                .findFirst()
                .filter(each -> step.index() >= 0 && each.toString().equals(step.containment()))
                .map(Planner::actionOf);
    }

    private static Containment actionOf(Containment step) {
        return step instanceof Containment.AskFirst ask ? ask.step() : step;
    }

    /** Whether what was put in force still is, where there is harm on a version. */
    private static boolean holds(Step step, List<Containment> plan, Facts facts, String version) {
        String route = step.covers(version) ? version : step.route();
        Optional<Containment> action = containmentOf(step, plan);
        if (action.isEmpty()) {
            return facts.isSet(route);
        } else if (action.get() instanceof Containment.OpenBreaker) {
            return !step.covers(version) || isFollowed(step, plan); // it comes back: that was not enough
        } else if (action.get() instanceof Containment.SwapGuardrail swap) {
            return facts.usesRules(swap);
        }
        boolean kills = action.get() instanceof Containment.RollBack || action.get() instanceof Containment.KillModel;
        return facts.isSet(route) && !(kills && facts.answers(route));
    }

    private static boolean isBreaker(Step step, List<Containment> plan) {
        return containmentOf(step, plan)
                .filter(Containment.OpenBreaker.class::isInstance)
                .isPresent();
    }

    private static boolean isFollowed(Step step, List<Containment> plan) {
        return step.index() + 1 < plan.size() && !(plan.get(step.index() + 1) instanceof Containment.Monitor);
    }
}
