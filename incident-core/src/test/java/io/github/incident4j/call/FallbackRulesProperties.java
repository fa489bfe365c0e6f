// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.call.ScriptedExecutor.Fate;
import io.github.incident4j.killswitch.KillSwitches;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Against an interpreter of the rules that fits on a page: for any schedule of failures and any rules the answer is the
 * first one that the rules allow, on the caller's thread as well as later, and every permit comes back.
 */
class FallbackRulesProperties {
    private static final int ROUTES = 4;
    private static final Cause CAUSE = Cause.by("test").because("a law");

    /** What a route does at each of its attempts. */
    enum Behaviour {
        ANSWERS("", Fate.RUNS),
        THROWS("model-error", Fate.RUNS),
        THROWS_AN_ERROR("model-error", Fate.RUNS),
        RETURNS_NULL("no-answer", Fate.RUNS),
        IS_LATE("timed-out", Fate.IS_DROPPED),
        IS_NOT_TAKEN("limited", Fate.IS_REJECTED);

        private final String code;
        private final Fate fate;

        Behaviour(String code, Fate fate) {
            this.code = code;
            this.fate = fate;
        }
    }

    /** In what form a caller asks. */
    enum Form {
        DECIDE,
        DECIDE_ASYNC,
        CALL
    }

    private static final Map<String, Class<? extends Failure>> FAILURES = Map.of(
            "model-error", Failure.ModelError.class,
            "no-answer", Failure.NoAnswer.class,
            "timed-out", Failure.TimedOut.class,
            "limited", Failure.Limited.class,
            "killed", Failure.Killed.class);

    /** A rule as a value; target -1 is the next route and -2 is refuse. */
    record RuleDraft(@Nullable String failure, int onRoute, int retries, int target) {
        boolean matches(int route, String code) {
            return (failure == null || failure.equals(code)) && (onRoute < 0 || onRoute == route);
        }

        FallbackRule build() {
            Class<? extends Failure> type =
                    failure == null ? Failure.class : java.util.Objects.requireNonNull(FAILURES.get(failure));
            FallbackRule.When when = FallbackRule.when(type);
            when = onRoute < 0 ? when : when.on("r" + onRoute);
            if (retries > 0) {
                FallbackRule.Retry retry = when.retry(retries, Backoff.none());
                return target == -1
                        ? retry.thenToNext()
                        : target == -2 ? retry.thenRefuse() : retry.thenTo("r" + target);
            }
            return target == -1 ? when.toNext() : target == -2 ? when.refuse() : when.to("r" + target);
        }
    }

    /** Whether a route is killed, and what the kill says of what answers instead. */
    enum Kill {
        NONE,
        BY_RULE,
        REFUSING,
        PREFERRING_R1,
        PREFERRING_R3;

        private int preferred() {
            return this == PREFERRING_R1 ? 1 : this == PREFERRING_R3 ? 3 : -1;
        }

        private SwitchState.Killed state() {
            return switch (this) {
                case REFUSING -> SwitchState.killedRefusing();
                case PREFERRING_R1, PREFERRING_R3 -> SwitchState.killedPreferring("r" + preferred());
                default -> SwitchState.killed();
            };
        }
    }

    private @Nullable LawTrail trail;

    @BeforeProperty
    void open() throws IOException {
        trail = new LawTrail();
    }

    @AfterProperty
    void close() throws IOException {
        trail().close();
    }

    private LawTrail trail() {
        return java.util.Objects.requireNonNull(trail);
    }

    @Provide
    Arbitrary<Kill> kills() {
        return Arbitraries.frequency(
                Tuple.of(6, Kill.NONE),
                Tuple.of(2, Kill.BY_RULE),
                Tuple.of(1, Kill.REFUSING),
                Tuple.of(1, Kill.PREFERRING_R1),
                Tuple.of(1, Kill.PREFERRING_R3));
    }

    @Provide
    Arbitrary<RuleDraft> rules() {
        return Combinators.combine(
                        Arbitraries.of("model-error", "no-answer", "timed-out", "limited", "killed")
                                .injectNull(0.2),
                        Arbitraries.integers().between(-1, ROUTES - 1),
                        Arbitraries.of(0, 0, 1, 2),
                        Arbitraries.integers().between(-2, ROUTES - 1))
                .as(RuleDraft::new)
                .filter(rule -> rule.target() != 0 && (rule.target() != rule.onRoute() || rule.target() < 0));
    }

    /** Drops what the builder would call unreachable, by one earlier rule or by one for each route. */
    private static List<RuleDraft> reachable(List<RuleDraft> drafts) {
        List<RuleDraft> kept = new ArrayList<>();
        for (RuleDraft draft : drafts) {
            boolean covered = draft.onRoute() < 0
                    ? IntStream.range(0, ROUTES).allMatch(route -> isCovered(kept, draft, route))
                    : isCovered(kept, draft, draft.onRoute());
            if (!covered) {
                kept.add(draft);
            }
        }
        return kept;
    }

    private static boolean isCovered(List<RuleDraft> kept, RuleDraft draft, int route) {
        return kept.stream()
                .anyMatch(each -> (each.failure() == null || each.failure().equals(draft.failure()))
                        && (each.onRoute() < 0 || each.onRoute() == route));
    }

    /** What must happen: the routes in their order, which of them are asked, and which one answers, or -1. */
    private record Expected(List<String> passed, List<String> asked, int answer) {}

    private static Expected interpret(
            List<List<Behaviour>> schedule,
            List<Kill> kills,
            List<RuleDraft> rules,
            boolean idempotent,
            IntPredicate begins) {
        List<String> passed = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        int[] attempts = new int[ROUTES];
        int[] retried = new int[rules.size()];
        Set<Integer> tried = new HashSet<>();
        int route = 0;
        while (route >= 0) {
            passed.add("r" + route);
            tried.add(route);
            Kill kill = kills.get(route);
            Behaviour behaviour = null;
            if (kill == Kill.NONE) {
                asked.add("r" + route);
                behaviour = behaviour(schedule, route, attempts[route]++);
                if (behaviour == Behaviour.ANSWERS) {
                    return new Expected(passed, asked, route);
                }
            } else if (kill == Kill.REFUSING) {
                return new Expected(passed, asked, -1);
            } else if (kill.preferred() >= 0 && !tried.contains(kill.preferred())) {
                route = kill.preferred();
                continue;
            }
            String code = behaviour == null ? "killed" : behaviour.code;
            int untried = nextUntried(route, tried);
            int next = behaviour == Behaviour.IS_LATE && !idempotent && begins.test(route) ? -1 : untried;
            for (int r = 0; r < rules.size(); r++) {
                RuleDraft rule = rules.get(r);
                if (rule.matches(route, code)) {
                    if (retried[r] < rule.retries()) {
                        retried[r]++;
                        next = route;
                    } else if (rule.target() >= 0) {
                        next = tried.contains(rule.target()) ? -1 : rule.target();
                    } else {
                        next = rule.target() == -1 ? untried : -1;
                    }
                    break;
                }
            }
            route = next;
        }
        return new Expected(passed, asked, -1);
    }

    private static int nextUntried(int route, Set<Integer> tried) {
        for (int next = route + 1; next < ROUTES; next++) {
            if (!tried.contains(next)) {
                return next;
            }
        }
        return -1;
    }

    private static Behaviour behaviour(List<List<Behaviour>> schedule, int route, int attempt) {
        List<Behaviour> ofRoute = schedule.get(route);
        return ofRoute.get(Math.min(attempt, ofRoute.size() - 1));
    }

    @Property(tries = 400)
    void answer_isTheFirstThatTheRulesAllow(
            @ForAll @Size(ROUTES) List<@Size(min = 1, max = 3) List<Behaviour>> schedule,
            @ForAll @Size(ROUTES) List<@From("kills") Kill> kills,
            @ForAll @Size(max = 4) List<@From("rules") RuleDraft> drafts,
            @ForAll boolean asynchronous,
            @ForAll boolean idempotent)
            throws Exception {
        // A call that is late counts among those at once until it has ended, which is a moment after the next one
        // began.
        boolean overlapping = asynchronous
                && IntStream.range(0, ROUTES)
                        .anyMatch(i ->
                                answersLater(schedule, i) && schedule.get(i).contains(Behaviour.IS_LATE));
        int atOnce = overlapping ? 1_000 : 1;
        List<RuleDraft> rules = reachable(drafts);
        List<String> asked = new ArrayList<>();
        int[] attempts = new int[ROUTES];
        String name = trail().nextName();
        KillSwitches switches = trail().runtime().switches();
        GuardBuilder<String, String> builder = trail().runtime().guard(name);
        for (int i = 0; i < ROUTES; i++) {
            int route = i;
            Behaviour[] next = {Behaviour.ANSWERS};
            Runnable begin = () -> {
                asked.add("r" + route);
                next[0] = behaviour(schedule, route, attempts[route]++);
            };
            ModelCall<String, String> answering = input -> switch (next[0]) {
                case THROWS -> throw new IOException("scheduled");
                case THROWS_AN_ERROR -> throw new AssertionError("scheduled");
                case RETURNS_NULL -> missing();
                default -> "from r" + route;
            };
            ModelCall<String, String> model = input -> {
                begin.run();
                return answering.call(input);
            };
            RouteOptions<String> one = RouteOptions.<String>options().maxConcurrent(atOnce);
            one = idempotent ? one.idempotent() : one;
            if (asynchronous && answersLater(schedule, i)) {
                AsyncModelCall<String, String> later = input -> {
                    begin.run();
                    return next[0] == Behaviour.IS_LATE
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(answering.call(input));
                };
                one = one.timeLimit(Duration.ofMillis(1));
                builder = i == 0 ? builder.asyncRoute("r0", later, one) : builder.asyncFallback("r" + i, later, one);
            } else if (schedule.get(i).stream().anyMatch(each -> each.fate != Fate.RUNS)) {
                one = one.timeLimit(Duration.ofMillis(1)).executor(new ScriptedExecutor(() -> {
                    begin.run();
                    return next[0].fate;
                }));
                builder = i == 0 ? builder.route("r0", answering, one) : builder.fallback("r" + i, answering, one);
            } else {
                builder = i == 0 ? builder.route("r0", model, one) : builder.fallback("r" + i, model, one);
            }
        }
        for (RuleDraft rule : rules) {
            builder = builder.rule(rule.build());
        }
        if (rules.stream().anyMatch(rule -> "timed-out".equals(rule.failure()))) {
            builder = builder.deadline(Duration.ofHours(1)); // or a rule could be about what none of the routes can
        }
        GuardedModel<String, String> model = builder.maxConcurrent(atOnce)
                .breaker(CircuitBreakerConfig.custom().slidingWindowSize(1_000).build())
                .build();
        for (int i = 0; i < ROUTES; i++) {
            if (kills.get(i) != Kill.NONE) {
                switches.kill(Scope.model(name).route("r" + i), kills.get(i).state(), CAUSE);
            }
        }
        Expected expected =
                interpret(schedule, kills, rules, idempotent, route -> asynchronous && answersLater(schedule, route));
        for (Form form : List.of(Form.DECIDE, Form.DECIDE_ASYNC, Form.CALL, Form.DECIDE)) { // lost permits show later
            asked.clear();
            java.util.Arrays.fill(attempts, 0);
            trail().begun();
            if (form == Form.CALL) {
                assertThat(outputOf(model)).isEqualTo(expected.answer() < 0 ? "none" : "from r" + expected.answer());
                assertThat(asked).isEqualTo(expected.asked());
                continue;
            }
            Decision<String> decision = form == Form.DECIDE
                    ? model.decide("a")
                    : model.decideAsync("a").get(30, TimeUnit.SECONDS);
            assertThat(asked).as("by %s", form).isEqualTo(expected.asked());
            if (expected.answer() < 0) {
                assertThat(decision).isInstanceOf(Decision.Refused.class);
            } else {
                assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("from r" + expected.answer());
            }
            assertThat(decision.skipped())
                    .extracting(Skipped::route)
                    .isEqualTo(
                            expected.answer() < 0
                                    ? expected.passed()
                                    : expected.passed()
                                            .subList(0, expected.passed().size() - 1));
        }
        for (Switch set : switches.active()) {
            switches.restore(set.scope(), CAUSE);
        }
    }

    /** Such a route begins and is late then; one whose executor has dropped the call was never begun. */
    private static boolean answersLater(List<List<Behaviour>> schedule, int route) {
        return route % 2 == 0 && !schedule.get(route).contains(Behaviour.IS_NOT_TAKEN);
    }

    private static String outputOf(GuardedModel<String, String> model) {
        try {
            return model.call("a");
        } catch (Exception | AssertionError none) {
            return "none";
        }
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is part of the law
    private static String missing() {
        return null;
    }
}
