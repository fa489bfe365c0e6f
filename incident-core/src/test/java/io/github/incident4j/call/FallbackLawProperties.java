// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.call.ScriptedExecutor.Fate;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Whatever the routes do, the answer is that of the first one that can, and the call leaves one record. */
class FallbackLawProperties {
    private static final Cause CAUSE = Cause.by("test").because("a law");
    private static final Finding FINDING = new Finding("rule", "category", "message");
    private static final int PROBES = 10;
    private static final int AT_ONCE = 3;

    /** What a route does when its turn comes. */
    enum Behaviour {
        ANSWERS(null),
        ANSWERS_WHEN_ASKED_AGAIN(null),
        THROWS("model-error"),
        THROWS_AN_ERROR("model-error"),
        RETURNS_NULL("no-answer"),
        IS_BLOCKED("output-blocked"),
        IS_KILLED("killed"),
        IS_LATE("timed-out"),
        IS_NOT_TAKEN("limited"),
        BREAKER_IS_OPEN("breaker-open");

        private final @Nullable String failure;

        Behaviour(@Nullable String failure) {
            this.failure = failure;
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

    private IncidentRuntime runtime() {
        return trail().runtime();
    }

    @Property(tries = 150)
    void answer_isThatOfTheFirstRouteThatCan(
            @ForAll @Size(min = 1, max = 5) List<Behaviour> schedule, @ForAll boolean later) throws Exception {
        String name = trail().nextName();
        GuardBuilder<String, String> builder = runtime().guard(name);
        List<String> called = new ArrayList<>();
        boolean[] warmingUp = {true};
        for (int i = 0; i < schedule.size(); i++) {
            String route = "r" + i;
            Behaviour behaviour = schedule.get(i);
            int[] times = {0};
            ModelCall<String, String> function = input -> {
                if (warmingUp[0]) {
                    throw new IllegalStateException("so that the breaker opens");
                }
                called.add(route);
                return switch (behaviour) {
                    case THROWS -> throw new IOException("broken");
                    case THROWS_AN_ERROR -> throw new AssertionError("broken");
                    case RETURNS_NULL -> missing();
                    case IS_BLOCKED -> "bad";
                    case ANSWERS_WHEN_ASKED_AGAIN -> times[0]++ == 0 ? "again" : route;
                    default -> route;
                };
            };
            RouteOptions<String> options = RouteOptions.options();
            if (behaviour == Behaviour.IS_LATE || behaviour == Behaviour.IS_NOT_TAKEN) {
                Fate fate = behaviour == Behaviour.IS_LATE ? Fate.IS_DROPPED : Fate.IS_REJECTED;
                options = options.timeLimit(Duration.ofMillis(1)).idempotent().executor(new ScriptedExecutor(() -> {
                    if (!warmingUp[0]) {
                        called.add(route);
                    }
                    return warmingUp[0] ? Fate.RUNS : fate;
                }));
            }
            if (i == 0) {
                builder.route(route, function, options);
            } else {
                builder.fallback(route, function, options);
            }
        }
        boolean broken = schedule.contains(Behaviour.BREAKER_IS_OPEN);
        GuardedModel<String, String> model = builder.output(value -> value.equals("bad")
                        ? Verdict.block(FINDING)
                        : value.equals("again") ? Verdict.retry(FINDING) : Verdict.pass())
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .build())
                .build();
        if (broken) {
            openBreakers(model, name, schedule);
        }
        warmingUp[0] = false;
        for (int i = 0; i < schedule.size(); i++) {
            if (schedule.get(i) == Behaviour.IS_KILLED) {
                runtime().switches().kill(Scope.model(name).route("r" + i), CAUSE);
            }
        }

        trail().begun();
        Decision<String> decision =
                later ? model.decideAsync("input").get(30, TimeUnit.SECONDS) : model.decide("input");

        int first = 0;
        List<String> failures = new ArrayList<>();
        List<String> expectedCalls = new ArrayList<>();
        for (; first < schedule.size(); first++) {
            Behaviour behaviour = schedule.get(first);
            String route = "r" + first;
            if (behaviour != Behaviour.IS_KILLED && behaviour != Behaviour.BREAKER_IS_OPEN) {
                expectedCalls.add(route);
            }
            if (behaviour == Behaviour.ANSWERS_WHEN_ASKED_AGAIN) {
                expectedCalls.add(route);
            }
            String failure = behaviour.failure;
            if (failure == null) {
                break;
            }
            failures.add(failure);
        }
        assertThat(called).isEqualTo(expectedCalls);
        assertThat(decision.skipped())
                .extracting((Skipped skip) -> skip.failure().code())
                .isEqualTo(failures);
        if (first < schedule.size()) {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Answered.class,
                            answered -> assertThat(answered.output()).isEqualTo(answered.route()));
            assertThat(((Decision.Answered<String>) decision).route()).isEqualTo("r" + first);
        } else {
            assertThat(((Decision.Refused<String>) decision).failure().code()).isEqualTo(failures.get(0));
        }
    }

    /** Opens the breakers of some routes by letting them fail while the switches keep the others from it. */
    private void openBreakers(GuardedModel<String, String> model, String name, List<Behaviour> schedule) {
        List<Scope> others = new ArrayList<>();
        for (int i = 0; i < schedule.size(); i++) {
            if (schedule.get(i) != Behaviour.BREAKER_IS_OPEN) {
                others.add(Scope.model(name).route("r" + i));
            }
        }
        others.forEach(scope -> runtime().switches().kill(scope, CAUSE));
        trail().begun();
        assertThat(model.decide("input")).isInstanceOf(Decision.Refused.class);
        others.forEach(scope -> runtime().switches().restore(scope, CAUSE));
    }

    /** What an attempt may come to, with the way in which it reaches the caller. */
    enum Attempt {
        ANSWERS,
        THROWS,
        THROWS_AN_ERROR,
        OVERFLOWS,
        IS_CANCELLED,
        RETURNS_NULL,
        IS_BLOCKED,
        IS_LATE,
        IS_NOT_TAKEN,
        IS_KILLED_BEFORE,
        IS_KILLED_MEANWHILE,
        IS_KILLED_WHILE_IT_WAITS
    }

    private static final Set<Attempt> NEED_AN_EXECUTOR =
            EnumSet.of(Attempt.IS_LATE, Attempt.IS_NOT_TAKEN, Attempt.IS_KILLED_WHILE_IT_WAITS);

    /** In what form a caller asks. */
    enum Form {
        CALL,
        DECIDE,
        DECIDE_ASYNC
    }

    /** The same by a future; an error of it comes of the future itself, against all expectation. */
    private static CompletableFuture<String> stageOf(ModelCall<String, String> function, String input) {
        try {
            return CompletableFuture.completedFuture(function.call(input));
        } catch (AssertionError e) {
            return new CompletableFuture<>() {
                @Override
                public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                    throw e;
                }
            };
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * A breaker that is half-open has so many permits and no more: after any attempts, however they end, the rest of
     * them lets so many calls through as there were results missing, and then it is closed. And so many calls at once
     * as before are let through by the limits.
     */
    @Property(tries = 150)
    void permits_areAllBack(
            @ForAll @Size(max = 8) List<Attempt> schedule,
            @ForAll Form form,
            @ForAll boolean onAnExecutor,
            @ForAll boolean byAStage,
            @ForAll InFlight inFlight)
            throws Exception {
        String name = trail().nextName();
        Scope route = Scope.model(name).route("r0");
        Runnable kill = () -> runtime().switches().kill(route, CAUSE);
        Attempt[] next = {Attempt.THROWS};
        int[] deeper = {0};
        int[] reached = {0};
        List<GuardedModel<String, String>> self = new ArrayList<>();
        ModelCall<String, String> function = input -> {
            reached[0]++;
            if (deeper[0] > 0) { // the calls at once are nested ones, so that they need no threads
                deeper[0]--;
                trail().begun();
                self.get(0).decide("input");
            }
            return switch (next[0]) {
                case THROWS -> throw new IOException("broken");
                case THROWS_AN_ERROR -> throw new AssertionError("broken");
                case OVERFLOWS -> throw new StackOverflowError("broken");
                case IS_CANCELLED -> throw new CancellationException("cancelled");
                case RETURNS_NULL -> missing();
                case IS_BLOCKED -> "bad";
                case IS_KILLED_MEANWHILE -> {
                    kill.run();
                    yield "fine";
                }
                default -> "fine";
            };
        };
        RouteOptions<String> options = RouteOptions.<String>options().maxConcurrent(AT_ONCE);
        if (onAnExecutor || schedule.stream().anyMatch(NEED_AN_EXECUTOR::contains)) {
            options = options.timeLimit(Duration.ofMillis(1)).executor(new ScriptedExecutor(() -> switch (next[0]) {
                case IS_LATE -> Fate.IS_DROPPED;
                case IS_NOT_TAKEN -> Fate.IS_REJECTED;
                case IS_KILLED_WHILE_IT_WAITS -> {
                    kill.run();
                    yield Fate.IS_DROPPED;
                }
                default -> Fate.RUNS;
            }));
        }
        boolean onThisThread = !onAnExecutor && schedule.stream().noneMatch(NEED_AN_EXECUTOR::contains);
        GuardBuilder<String, String> guard = runtime().guard(name);
        GuardedModel<String, String> model = (byAStage && onThisThread
                        ? guard.asyncRoute("r0", input -> stageOf(function, input), options)
                        : guard.route("r0", function, options))
                .inFlight(inFlight)
                .maxConcurrent(AT_ONCE)
                .output(value -> value.equals("bad") ? Verdict.block(FINDING) : Verdict.pass())
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(PROBES)
                        .minimumNumberOfCalls(PROBES)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .build())
                .build();
        self.add(model);
        for (int i = 0; i < PROBES; i++) {
            ask(model, Form.DECIDE); // until the breaker opens
        }
        Instant open = Instant.now();
        while (Instant.now().isBefore(open.plusMillis(2))) { // the breaker's own clock, which is the system's
            Thread.onSpinWait();
        }

        for (Attempt each : schedule) {
            next[0] = each;
            if (each == Attempt.IS_KILLED_BEFORE) {
                kill.run();
            }
            ask(model, form);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("after %s", each)
                    .isFalse();
            runtime().switches().restore(route, CAUSE);
        }
        next[0] = Attempt.ANSWERS;
        for (int i = 0; i < PROBES; i++) {
            assertThat(ask(model, form)).as("call %d after %s", i, schedule).isEqualTo("fine");
        }
        reached[0] = 0;
        deeper[0] = AT_ONCE;
        ask(model, Form.DECIDE);
        assertThat(reached[0])
                .as("calls at once, and one more that is one too many")
                .isEqualTo(AT_ONCE);
    }

    private String ask(GuardedModel<String, String> model, Form form) {
        trail().begun();
        try {
            return switch (form) {
                case CALL -> model.call("input");
                case DECIDE -> outcomeOf(model.decide("input"));
                case DECIDE_ASYNC -> outcomeOf(model.decideAsync("input").get(30, TimeUnit.SECONDS));
            };
        } catch (Exception | AssertionError | StackOverflowError thrown) {
            return thrown.toString();
        }
    }

    private static String outcomeOf(Decision<String> decision) {
        return decision instanceof Decision.Answered<String> answered
                ? answered.output()
                : ((Decision.Refused<String>) decision).failure().code();
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is part of the law
    private static String missing() {
        return null;
    }
}
