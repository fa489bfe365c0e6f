// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.call.internal.SegmentSource;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.RouteKind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds all that is wrong with a guard's configuration. */
final class GuardCheck<I, O> {
    private static final Set<State> BREAKER_BEGINS = EnumSet.of(State.CLOSED, State.OPEN);
    private static final int MAX_ROUTES = 32;
    private static final int MAX_RETRIES = 100;
    private static final long LEAST_BUDGET = 1_000; // decisions

    private final GuardBuilder<I, O> guard;
    private final List<String> found;

    GuardCheck(GuardBuilder<I, O> guard) {
        this.guard = guard;
        this.found = new ArrayList<>(guard.faults);
    }

    List<String> faults() {
        checkName();
        Set<String> names = checkRoutes();
        checkRules(names);
        checkShadow(names);
        Set<String> attributes = checkSegments();
        guard.inputRails.forEach(rail -> found.addAll(rail.faults("input")));
        guard.outputRails.forEach(rail -> found.addAll(rail.faults("output")));
        guard.elementRails.forEach(rail -> found.addAll(rail.faults("element")));
        guard.streamRails.forEach(rail -> found.addAll(rail.faults()));
        checkSlots();
        checkDetections(attributes);
        found.addAll(guard.limits.faults(attributes));
        found.addAll(guard.audit.faults());
        if (!guard.audit.isNone() && !guard.recorded) {
            found.add("audit(…) says what to record of a guard that goes without the audit trail; leave one of them"
                    + " out");
        }
        if ((guard.trailRequired || guard.durability.waits()) && !guard.recorded) {
            found.add("a guard either requires the audit trail or goes without it; leave one of them out");
        }
        return found;
    }

    private void checkName() {
        Names.faultOf("model name", guard.name).ifPresent(found::add);
        if (guard.name != null && guard.services.taken().test(guard.name)) {
            found.add("this runtime already guards a model of that name; guard each model once and share it");
        }
    }

    private Set<String> checkRoutes() {
        List<RouteDraft<I, O>> routes = guard.routes;
        long primaries = routes.stream().filter(RouteDraft::primary).count();
        if (primaries == 0) {
            found.add("there is no route; name the model call with route(\"v1\", model::call)");
        } else if (primaries > 1) {
            found.add("there are " + primaries + " primary routes; keep one route(…) and make the others fallbacks");
        } else if (!routes.get(0).primary()) {
            found.add("a fallback stands before the primary route; call route(…) first");
        }
        if (routes.size() > MAX_ROUTES) {
            found.add("there are " + routes.size() + " routes; keep " + MAX_ROUTES + " at most");
        }
        Set<String> names = new HashSet<>();
        for (RouteDraft<I, O> route : routes) {
            unique(names, "route", route.name());
            found.addAll(route.faults());
            checkBreaker(route);
        }
        return names;
    }

    private void checkBreaker(RouteDraft<I, O> route) {
        CircuitBreakerConfig breaker = route.options() == null ? null : route.breakerOr(guard.breaker);
        if (breaker != null && !BREAKER_BEGINS.contains(breaker.getInitialState())) {
            found.add("route '" + route.name() + "': its circuit breaker begins as " + breaker.getInitialState()
                    + "; use CLOSED or OPEN, and a kill switch for a route that is to stay off");
        }
    }

    private void checkRules(Set<String> names) {
        List<FallbackRule> rules = guard.rules;
        Optional<String> primary = guard.routes.stream().findFirst().map(RouteDraft::name);
        for (int i = 0; i < rules.size(); i++) {
            FallbackRule rule = rules.get(i);
            if (rule == null) {
                found.add("rule " + (i + 1) + " is null");
                continue;
            }
            List<String> nulls = rule.condition().nulls();
            if (!nulls.isEmpty()) {
                String of = "rule " + (i + 1) + ": ";
                nulls.forEach(what -> found.add(of + what + " was given null; give it a value, or leave it out"));
                continue;
            }
            String who = "rule " + (i + 1) + " (" + rule + "): ";
            Stream.of(rule.target(), rule.condition().route())
                    .flatMap(Optional::stream)
                    .filter(route -> !names.contains(route))
                    .forEach(route -> found.add(who + "there is no route of the name '" + route + "'"));
            if (rule.target().isPresent()
                    && rule.target().equals(rule.condition().route())) {
                found.add(who + "a route cannot be its own fallback; use retry(…)");
            } else if (rule.target().isPresent() && rule.target().equals(primary)) {
                found.add(who + "the primary route is tried first in every call, and each route once; use retry(…)");
            }
            if (rule.retries() < 0 || rule.retries() > MAX_RETRIES) {
                found.add(who + rule.retries() + " retries are out of range; use 1 to " + MAX_RETRIES);
            }
            rule.condition()
                    .whyNever()
                    .ifPresent(why -> found.add(who + "it never runs, since " + why
                            + "; leave it out, and answer for such a call where it is made"));
            whyNeverHere(rule.condition())
                    .ifPresent(
                            why -> found.add(who + "it never runs, since " + why + "; leave it out, or configure one"));
            checkReached(who, rule, rules.subList(0, i), names);
        }
    }

    /** Why none of the routes that a rule is about can come to its failure; empty if one can. */
    private Optional<String> whyNeverHere(FallbackRule.When condition) {
        List<RouteDraft<I, O>> about = guard.routes.stream()
                .filter(route -> route.options() != null)
                .filter(route ->
                        condition.route().isEmpty() || condition.route().get().equals(route.name()))
                .toList();
        if (about.isEmpty()) {
            return Optional.empty(); // which is said elsewhere
        }
        if (condition.isAbout(Failure.BreakerOpen.class)
                && about.stream().noneMatch(route -> route.breakerOr(guard.breaker) != null)) {
            return Optional.of("no route that it is about has a circuit breaker");
        }
        if (condition.isAbout(Failure.TimedOut.class)
                && guard.deadline == null
                && !guard.limitsFirst
                && about.stream().allMatch(route -> route.options().timeLimit().isEmpty())) {
            return Optional.of("no route that it is about has a time limit, nor the guard a deadline");
        }
        if (condition.isAbout(Failure.OutOfScope.class)
                && about.stream().allMatch(route -> route.options().accepts() == null)) {
            return Optional.of("no route that it is about says what it accepts");
        }
        if (condition.isAbout(Failure.OutputBlocked.class) && !guard.checksAnswers()) {
            return Optional.of("the guard has no output guardrail");
        }
        if (condition.isAbout(Failure.ModelError.class)
                && about.stream().allMatch(route -> route.kind() == RouteKind.CACHE)) {
            return Optional.of("a cache throws nothing, and no other route is one that it is about");
        }
        return Optional.empty();
    }

    private void checkReached(String who, FallbackRule rule, List<FallbackRule> earlier, Set<String> names) {
        for (int k = 0; k < earlier.size(); k++) {
            if (covers(earlier.get(k), rule.condition())) {
                found.add(who + "it is never reached, since rule " + (k + 1) + " (" + earlier.get(k)
                        + ") decides all that it would");
                return;
            }
        }
        boolean ofEach = rule.condition().route().isEmpty()
                && !names.isEmpty()
                && names.stream()
                        .allMatch(name -> earlier.stream()
                                .anyMatch(each -> covers(each, rule.condition().on(name))));
        if (ofEach) {
            found.add(who + "it is never reached, since the rules before it decide all that it would, route by route");
        }
    }

    private static boolean covers(@Nullable FallbackRule earlier, FallbackRule.When condition) {
        return earlier != null
                && earlier.condition().nulls().isEmpty()
                && earlier.condition().covers(condition);
    }

    private void checkShadow(Set<String> names) {
        if (guard.shadowName != null) {
            Names.faultOf("shadow name", guard.shadowName).ifPresent(found::add);
            unique(names, "shadow and route", guard.shadowName);
        }
    }

    private Set<String> checkSegments() {
        Set<String> attributes = new HashSet<>();
        for (SegmentSource<I> segment : guard.segments) {
            Names.faultOf("segment attribute", segment.attribute()).ifPresent(found::add);
            unique(attributes, "segment attribute", segment.attribute());
        }
        return attributes;
    }

    /** Containments find them by their names. */
    private void checkSlots() {
        Set<String> names = new HashSet<>();
        guard.slots().forEach(slot -> unique(names, "guardrail of exchangeable rules", slot.name()));
    }

    private void checkDetections(Set<String> attributes) {
        Set<String> names = new HashSet<>();
        for (Detection<? super I, ? super O> detection : guard.detections) {
            if (detection == null) {
                found.add("a detection is null");
                continue;
            }
            found.addAll(detection.faults());
            unique(names, "detector", detection.name());
            detection
                    .attribute()
                    .filter(attribute -> !attributes.contains(attribute))
                    .ifPresent(attribute -> found.add("detector '" + detection.name() + "' compares groups by '"
                            + attribute + "', which is not declared; add segment(\"" + attribute + "\", …)"));
        }
        if (guard.audit.usage() == null
                && guard.detections.stream().anyMatch(each -> each != null && each.kind() == Detection.Kind.TOKENS)) {
            found.add("a detector watches tokens, but nobody tells how many a call took; add usage(…) to the options of"
                    + " audit(…), or leave the detector out");
        }
        if (guard.falseAlarmBudget < LEAST_BUDGET) {
            found.add("a false alarm budget of one in " + guard.falseAlarmBudget + " decisions is too small; use "
                    + LEAST_BUDGET + " or more");
        }
        if (!guard.recorded && !guard.detections.isEmpty()) {
            found.add("detectors read the audit trail; leave out withoutAuditTrail() or the detectors");
        }
    }

    private void unique(Set<String> seen, String what, String value) {
        if (!seen.add(value)) {
            found.add("two of the name '" + value + "' (" + what + "); names must be unique within the guard");
        }
    }
}
