// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RouteKindsTest extends CallTestBase {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T21:41:00Z"));

    /** A clock that the test turns. */
    private void useTestClock() {
        useTime(TimeSource.following(() -> java.util.Objects.requireNonNull(now.get())));
    }

    private void useTime(TimeSource time) {
        runtime.close();
        runtime = IncidentRuntime.builder().directory(directory).time(time).build();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static boolean[] sound() {
        return new boolean[] {true};
    }

    @Test
    void cachedAnswer_isMarkedAsStaleAndEnds() {
        useTestClock();
        boolean[] sound = sound();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (!sound[0]) {
                        throw new IOException("broken");
                    }
                    return "answer to " + input;
                })
                .cachedFallback("cache", input -> input, Duration.ofMinutes(10), 100)
                .constantFallback("default", "no idea")
                .withoutBreaker()
                .build();
        Decision.Answered<String> fresh = (Decision.Answered<String>) model.decide("a");
        assertThat(fresh.staleFor()).isEmpty();
        sound[0] = false;
        pass(Duration.ofMinutes(9));
        Decision.Answered<String> cached = (Decision.Answered<String>) model.decide("a");
        assertThat(cached.output()).isEqualTo("answer to a");
        assertThat(cached.route()).isEqualTo("cache");
        assertThat(cached.staleFor()).contains(Duration.ofMinutes(9));
        assertThat(model.call("b")).as("never asked").isEqualTo("no idea");
        pass(Duration.ofMinutes(2));
        assertThat(model.call("a")).as("too old").isEqualTo("no idea");
        assertThat(records("decision").get(1).members())
                .containsEntry("route_kind", "cache")
                .containsKey("stale_for_ns");
    }

    @Test
    void reviewQueue_answersMeanwhileAndTakesTheVerdictLater() {
        useTestClock();
        ReviewQueue<String, String> queue = ReviewQueue.holding(2, Duration.ofHours(4), input -> "pending");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .constantFallback("default", "denied")
                .withoutBreaker()
                .build();
        Decision<String> first = model.decide("a");
        Decision<String> second = model.decide("b");
        assertThat(routeOf(first)).isEqualTo("person");
        assertThat(routeOf(model.decide("c"))).as("the queue is full").isEqualTo("default");
        assertThat(queue.waiting()).extracting(ReviewQueue.Case::input).containsExactly("a", "b");
        assertThat(queue.decide(first.id(), "approved", CAUSE)).contains("approved");
        assertThat(queue.decide(first.id(), "approved", CAUSE)).as("once").isEmpty();
        pass(Duration.ofHours(5));
        assertThat(queue.waiting()).isEmpty();
        assertThat(queue.decide(second.id(), "approved", CAUSE)).as("overdue").isEmpty();
        assertThat(records("review.decided"))
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("decision", first.id().toString())
                        .containsEntry("by", "test")
                        .containsEntry("same_as_meanwhile", false));
        assertThat(records("review.overdue")).hasSize(1);
        GuardBuilder<String, String> other =
                runtime.<String, String>guard("other").route("v2", input -> "x").reviewQueue("person", queue);
        assertThatThrownBy(other::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("belongs to another");
    }

    @Test
    void verdict_isToldAsFeedback() {
        useTestClock();
        List<String> told = new ArrayList<>();
        ReviewQueue<String, String> queue = ReviewQueue.<String, String>holding(
                        3, Duration.ofHours(4), input -> "pending")
                .onVerdict((decided, verdict) -> {
                    throw new IllegalStateException("a listener that is broken");
                })
                .onVerdict((decided, verdict) ->
                        told.add(decided.input() + ": " + decided.meanwhile() + ", then " + verdict));
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .build();
        DecisionId first = model.decide("a").id();
        DecisionId second = model.decide("b").id();
        assertThat(queue.decide(first, "approved", CAUSE)).contains("approved");
        assertThat(queue.decide(first, "denied", CAUSE)).as("once").isEmpty();
        pass(Duration.ofHours(5));
        assertThat(queue.decide(second, "approved", CAUSE)).as("overdue").isEmpty();
        assertThat(told).containsExactly("a: pending, then approved");
        assertThatThrownBy(() -> queue.onVerdict(nothing())).hasMessageContaining("listener is null");
    }

    /** A verdict is on record, or it is none. */
    @Test
    void verdictThatTheTrailTakesNoMore_isNotTaken() {
        ReviewQueue<String, String> queue = ReviewQueue.holding(3, Duration.ofHours(4), input -> "pending");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .build();
        DecisionId first = model.decide("a").id();
        DecisionId second = model.decide("b").id();
        runtime.close();
        assertThat(queue.decide(first, "approved", CAUSE)).isEmpty();
        assertThat(queue.waiting()).extracting(ReviewQueue.Case::decision).containsExactly(first, second);
    }

    @Test
    void shadow_isComparedAndNeverHeard() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(4);
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .shadow(
                        "v3",
                        input -> {
                            began.countDown();
                            release.await();
                            done.countDown();
                            return switch (input) {
                                case "throws" -> throw new IOException("a broken shadow");
                                case "differs" -> "something else";
                                default -> input;
                            };
                        },
                        executor,
                        Object::equals)
                .build();
        for (String input : List.of("same", "differs", "throws")) {
            assertThat(model.call(input))
                    .as("the shadow hangs, and nobody notices")
                    .isEqualTo(input);
        }
        began.await(); // the others wait behind it, until after the restore
        runtime.switches().kill(Scope.model("model").route("v3"), CAUSE);
        assertThat(model.call("killed shadow")).isEqualTo("killed shadow");
        runtime.switches().restore(Scope.model("model").route("v3"), CAUSE);
        model.call("same again");
        release.countDown();
        done.await();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(records("shadow"))
                .extracting(each -> String.valueOf(each.members().get("outcome")))
                .containsExactly("agrees", "differs", "model-error: java.io.IOException", "agrees");
        assertThat(model.call("after"))
                .as("an executor that is gone harms nobody")
                .isEqualTo("after");
    }

    @Test
    void inputsThatARouteIsNotMadeFor_goToTheNext() {
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", RouteOptions.<String>options().accepting(input -> {
                            if (input.isEmpty()) {
                                throw new IllegalStateException("a broken predicate");
                            }
                            return input.length() < 5;
                        }))
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.call("short")).isEqualTo("old");
        assertThat(model.call("abc")).isEqualTo("new");
        assertThat(skippedCodes(model.decide(""))).containsExactly("out-of-scope");
    }

    @Test
    void rates_ofModelRouteAndSegment() {
        useTestClock();
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> "new",
                        RouteOptions.<String>options().rateLimit(new Limit.Rate(3, Duration.ofSeconds(1))))
                .fallback("v1", input -> "old")
                .ruleFallback("rule", input -> "rule")
                .segment("tenant")
                .rateLimit(new Limit.Rate(5, Duration.ofSeconds(1)))
                .rateLimitPer("tenant", new Limit.Rate(4, Duration.ofSeconds(1)))
                .build();
        List<String> acme = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            acme.add(routeOf(model.decide("a", CallContext.of("tenant", "acme"))));
        }
        assertThat(acme).containsExactly("v2", "v2", "v2", "v1", "rule", "rule");
        pass(Duration.ofSeconds(2));
        assertThat(routeOf(model.decide("a", CallContext.of("tenant", "other"))))
                .isEqualTo("v2");
        GuardBuilder<String, String> faulty = runtime.<String, String>guard("faulty")
                .route("v1", input -> "x")
                .rateLimitPer("tenant", new Limit.Rate(4, Duration.ofSeconds(1)))
                .maxConcurrent(0);
        assertThatThrownBy(faulty::build)
                .hasMessageContaining("a limit for each 'tenant' needs the attribute")
                .hasMessageContaining("0 calls at once");
    }

    @Test
    void callsAtOnce_areLimitedAndPermitsComeBackWhateverHappens() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            if (input.equals("slow")) {
                                started.countDown();
                                finish.await();
                            } else if (input.equals("bad")) {
                                throw new IOException("broken");
                            }
                            return "new";
                        },
                        RouteOptions.<String>options().maxConcurrent(1))
                .ruleFallback("rule", input -> "rule")
                .maxConcurrent(2)
                .withoutBreaker()
                .build();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        var slow = caller.submit(() -> model.call("slow"));
        started.await();
        assertThat(skippedCodes(model.decide("a"))).containsExactly("limited");
        finish.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("new");
        caller.shutdown();
        for (int i = 0; i < 10; i++) {
            assertThat(model.call("bad")).isEqualTo("rule");
        }
        assertThat(model.call("a")).isEqualTo("new");
    }

    @Test
    void oneTenant_cannotTakeAllOfTheModel() throws Exception {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (input.equals("slow")) {
                        started.countDown();
                        finish.await();
                    }
                    return "new";
                })
                .ruleFallback("rule", input -> "rule")
                .segment("tenant")
                .maxConcurrentPer("tenant", 2)
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        CallContext acme = CallContext.of("tenant", "acme");
        List<java.util.concurrent.Future<Decision<String>>> slow = List.of(
                callers.submit(() -> model.decide("slow", acme)), callers.submit(() -> model.decide("slow", acme)));
        started.await();
        assertThat(skippedCodes(model.decide("a", acme))).containsExactly("limited");
        assertThat(routeOf(model.decide("a", CallContext.of("tenant", "other"))))
                .isEqualTo("v2");
        assertThat(routeOf(model.decide("a"))).as("a call of nobody").isEqualTo("v2");
        finish.countDown();
        for (var each : slow) {
            assertThat(routeOf(each.get(30, TimeUnit.SECONDS))).isEqualTo("v2");
        }
        callers.shutdown();
        for (int i = 0; i < 5; i++) {
            assertThat(routeOf(model.decide("a", acme)))
                    .as("the permits came back")
                    .isEqualTo("v2");
        }
    }

    @Test
    void decisionThatCannotBeRecorded_isRefusedWhereTheTrailIsRequired() {
        runtime.close();
        CountDownLatch full = new CountDownLatch(1);
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .maxWaitingDecisions(64)
                .maxWaitForTrail(Duration.ZERO)
                .build();
        GuardedModel<String, String> model =
                guard().route("v2", input -> "new").requireAuditTrail().build();
        long refused = 0;
        for (int i = 0; i < 200_000 && refused == 0; i++) {
            if (model.decide("a") instanceof Decision.Refused<String> each) {
                assertThat(each.failure()).isEqualTo(new Failure.TrailRefused());
                refused++;
            }
        }
        assertThat(full.getCount()).isOne();
        assertThat(refused).as("a queue of 64 was full at some time").isPositive();
    }

    @Test
    void featureAndShare_areCoveredBySwitches() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .feature("chat")
                .trafficKey(input -> input)
                .build();
        Scope chat = Scope.everything().feature("chat");
        runtime.switches().kill(chat, CAUSE);
        assertThat(model.decide("a")).isInstanceOf(Decision.Refused.class);
        assertThat(routeOf(model.decide("a", CallContext.empty().feature("loan"))))
                .isEqualTo("v2");
        runtime.switches().restore(chat, CAUSE);
        runtime.switches().limit(Scope.model("model").route("v2"), Limit.toShare(0.3), CAUSE);
        int passed = 0;
        for (int i = 0; i < 1_000; i++) {
            String route = routeOf(model.decide("user-" + i));
            assertThat(routeOf(model.decide("user-" + i)))
                    .as("the same side again")
                    .isEqualTo(route);
            passed += route.equals("v2") ? 1 : 0;
        }
        assertThat(passed).isBetween(230, 370);
    }

    /** Or the harm for which a version was killed would go on. */
    @Test
    void cachedAnswerOfAKilledRoute_isNotGivenAgain() {
        GuardedModel<String, String> model = guard().route("v2", input -> "of v2")
                .fallback("v1", input -> {
                    if (input.equals("b")) {
                        throw new IOException("broken");
                    }
                    return "of v1";
                })
                .cachedFallback("cache", input -> input, Duration.ofHours(1), 10)
                .constantFallback("default", "none")
                .withoutBreaker()
                .build();
        Scope v2 = Scope.model("model").route("v2");
        assertThat(model.call("b")).isEqualTo("of v2");
        runtime.switches().kill(v2.segment("tenant", "acme"), CAUSE);
        Decision<String> refused = model.decide("b", CallContext.of("tenant", "acme"));
        assertThat(routeOf(refused)).isEqualTo("default");
        assertThat(skippedCodes(refused)).containsExactly("killed", "model-error", "killed");
        assertThat(refused.skipped().get(2).route()).isEqualTo("cache");
        assertThat(refused.skipped().get(2).failure().message()).contains(v2.toString());
        runtime.switches().kill(Scope.model("model").route("v1"), CAUSE);
        runtime.switches().limit(v2, Limit.toShare(0), CAUSE);
        Decision<String> other = model.decide("b", CallContext.of("tenant", "other"));
        assertThat(routeOf(other))
                .as("the version that gave it is killed for nobody here")
                .isEqualTo("cache");
    }

    /** What a guardrail redacts still tells one user from another. */
    @Test
    void shareAndCache_knowTheInputAsItWasBeforeGuardrails() {
        boolean[] sound = sound();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (!sound[0]) {
                        throw new IOException("broken");
                    }
                    return "hello " + input;
                })
                .cachedFallback("cache", input -> input, Duration.ofHours(1), 10)
                .constantFallback("default", "none")
                .trafficKey(input -> input)
                .input(value -> Verdict.rewrite("[USER]", new Finding("redact", "pii", "a user")))
                .withoutBreaker()
                .build();
        assertThat(model.call("alice")).isEqualTo("hello [USER]");
        sound[0] = false;
        assertThat(model.call("bob")).as("nobody gets the answer of another").isEqualTo("none");
        assertThat(model.call("alice")).isEqualTo("hello [USER]");
        sound[0] = true;
        runtime.switches().limit(Scope.model("model").route("v2"), Limit.toShare(0.5), CAUSE);
        int passed = 0;
        for (int i = 0; i < 1_000; i++) {
            passed += routeOf(model.decide("user-" + i)).equals("v2") ? 1 : 0;
        }
        assertThat(passed).isBetween(420, 580);
    }

    @Test
    void questionThatCannotBeHashed_costsTheCacheAndNotTheCall() {
        Object unhashable = new Object() {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }

            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("no equality");
            }
        };
        AtomicBoolean fails = new AtomicBoolean();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (fails.get()) {
                        throw new IOException("broken");
                    }
                    return "new";
                })
                .cachedFallback("cache", input -> unhashable, Duration.ofHours(1), 10)
                .constantFallback("default", "none")
                .build();
        assertThat(model.call("a")).isEqualTo("new");
        fails.set(true);
        assertThat(skippedCodes(model.decide("a"))).containsExactly("model-error", "no-answer");
    }

    @Test
    void verdictWithoutAnAnswerOrAPerson_leavesTheCaseWhereItIs() {
        ReviewQueue<Object, Object> queue = ReviewQueue.holding(2, Duration.ofHours(4), input -> "pending");
        GuardedModel<Object, Object> model = runtime.guard("model")
                .route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .build();
        DecisionId id = model.decide("a").id();
        assertThatThrownBy(() -> queue.decide(id, nothing(), CAUSE)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.decide(id, "approved", nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.decide(nothing(), "approved", CAUSE)).isInstanceOf(NullPointerException.class);
        assertThat(queue.waiting()).hasSize(1);
        Object unequal = new Object() {
            @Override
            public int hashCode() {
                return 1;
            }

            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("no equality");
            }
        };
        assertThat(queue.decide(id, unequal, CAUSE)).containsSame(unequal);
        assertThat(records("review.decided"))
                .singleElement()
                .satisfies(each -> assertThat(each.members()).doesNotContainKey("same_as_meanwhile"));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what callers without a null checker do
    private static <T> T nothing() {
        return null;
    }

    /** It would slow the call. */
    @Test
    void shadowThatWouldRunOnTheCallersOwnThread_isLeftOut() {
        AtomicBoolean own = new AtomicBoolean(true);
        AtomicInteger ran = new AtomicInteger();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            GuardedModel<String, String> model = guard().route("v2", input -> input)
                    .shadow(
                            "v3",
                            input -> {
                                ran.incrementAndGet();
                                return input;
                            },
                            task -> (own.get() ? (Executor) Runnable::run : executor).execute(task),
                            Object::equals)
                    .build();
            assertThat(model.call("a")).isEqualTo("a");
            assertThat(ran).hasValue(0);
            own.set(false);
            assertThat(model.call("a")).isEqualTo("a");
            Eventually.until(() -> records("shadow").size() == 2);
            assertThat(records("shadow").get(0).members())
                    .containsEntry("outcome", "left-out")
                    .containsEntry("skipped", 1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void shadow_seesTheCallersContext() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        ThreadLocal<String> trace = new ThreadLocal<>();
        try {
            GuardedModel<String, String> model = guard().route("v2", input -> "trace-1")
                    .shadow("v3", input -> String.valueOf(trace.get()), executor, Object::equals)
                    .context(task -> {
                        String captured = trace.get();
                        return () -> {
                            trace.set(captured);
                            try {
                                task.run();
                            } finally {
                                trace.remove();
                            }
                        };
                    })
                    .build();
            trace.set("trace-1");
            model.call("a");
            trace.remove();
            model.call("a");
            Eventually.until(() -> records("shadow").size() == 2);
            assertThat(records("shadow"))
                    .extracting(each -> String.valueOf(each.members().get("outcome")))
                    .containsExactly("agrees", "differs");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void overdueCase_isOnRecordAlthoughNobodyAsks() {
        useTestClock();
        ReviewQueue<String, String> queue = ReviewQueue.holding(2, Duration.ofHours(4), input -> "pending");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .build();
        DecisionId first = model.decide("a").id();
        pass(Duration.ofHours(3));
        DecisionId second = model.decide("b").id();
        pass(Duration.ofHours(2));
        Eventually.until(() -> !records("review.overdue").isEmpty());
        pass(Duration.ofHours(3));
        Eventually.until(() -> records("review.overdue").size() == 2);
        assertThat(records("review.overdue"))
                .extracting(each -> String.valueOf(each.members().get("decision")))
                .containsExactly(first.toString(), second.toString());
        assertThat(queue.waiting()).isEmpty();
        assertThat(records("review.overdue")).as("once each").hasSize(2);
    }

    @Test
    void clockThatIsSetBack_movesNoDeadline() {
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
        AtomicLong nanos = new AtomicLong();
        useTime(new TimeSource() {
            @Override
            public long nanoTime() {
                return nanos.get();
            }

            @Override
            public Instant instant() {
                return java.util.Objects.requireNonNull(wall.get());
            }
        });
        ReviewQueue<String, String> queue = ReviewQueue.holding(3, Duration.ofHours(4), input -> "pending");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .build();
        DecisionId first = model.decide("a").id();
        wall.set(Instant.parse("2026-01-01T02:00:00Z"));
        nanos.set(Duration.ofHours(3).toNanos());
        DecisionId second = model.decide("b").id();
        nanos.set(Duration.ofHours(4).toNanos());
        assertThat(queue.waiting()).extracting(ReviewQueue.Case::decision).containsExactly(second);
        assertThat(queue.decide(first, "approved", CAUSE)).isEmpty();
        nanos.set(Duration.ofHours(7).toNanos());
        assertThat(queue.waiting()).isEmpty();
    }

    /** A person must not decide about an answer that nobody was given, and it must take nobody's place. */
    @Test
    void caseOfWhichTheAnswerWasNotGiven_isNotInTheQueue() throws Exception {
        ReviewQueue<String, String> queue = ReviewQueue.holding(1, Duration.ofHours(4), input -> "pending " + input);
        Finding finding = new Finding("rule", "category", "message");
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewQueue("person", queue)
                .constantFallback("default", "denied")
                .output(answer -> switch (answer) {
                    case "pending blocked" -> Verdict.block(finding);
                    case "pending again" -> Verdict.retry(finding);
                    case "pending once more" -> asked.getAndIncrement() == 0 ? Verdict.retry(finding) : Verdict.pass();
                    case "pending rewritten" -> Verdict.rewrite("pending", finding);
                    default -> Verdict.pass();
                })
                .build();
        for (String input : List.of("blocked", "again")) {
            assertThat(routeOf(model.decide(input))).isEqualTo("default");
            assertThat(queue.waiting()).as(input).isEmpty();
            assertThat(routeOf(model.decideAsync(input).get(30, TimeUnit.SECONDS)))
                    .isEqualTo("default");
            assertThat(queue.waiting()).as(input).isEmpty();
        }
        Decision<String> oncemore = model.decide("once more");
        assertThat(routeOf(oncemore)).as("a call does not take two places").isEqualTo("person");
        assertThat(routeOf(model.decide("other"))).as("now it is full").isEqualTo("default");
        assertThat(queue.decide(oncemore.id(), "approved", CAUSE)).contains("approved");
        Decision<String> rewritten = model.decide("rewritten");
        assertThat(queue.waiting()).singleElement().satisfies(each -> {
            assertThat(each.decision()).isEqualTo(rewritten.id());
            assertThat(each.meanwhile()).as("as it was given").isEqualTo("pending");
        });
    }

    /** A switch on its name stops it, also where it waits for its executor; so does a close. */
    @Test
    void shadowThatAKillOrACloseFindsInItsExecutorsQueue_isLeftOut() {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .shadow(
                        "v3",
                        input -> {
                            ran.incrementAndGet();
                            return input;
                        },
                        queue::add,
                        Object::equals)
                .trafficKey(input -> input)
                .build();
        model.call("a");
        model.call("b");
        runtime.switches().kill(Scope.model("model").route("v3"), CAUSE);
        queue.remove(0).run();
        assertThat(ran).hasValue(0);
        assertThat(records("shadow"))
                .singleElement()
                .satisfies(record -> assertThat(record.members())
                        .containsEntry("outcome", "left-out")
                        .containsEntry("skipped", 1));
        runtime.switches().restore(Scope.model("model").route("v3"), CAUSE);
        queue.remove(0).run();
        assertThat(ran).hasValue(1);
        model.call("c");
        runtime.close();
        queue.remove(0).run();
        assertThat(ran).hasValue(1);
    }

    /** An executor may throw away what it took; its places come back, and what was left out is on record. */
    @Test
    void comparisonsThatNeverRun_giveTheirPlacesBack() {
        useTestClock();
        AtomicBoolean dropping = new AtomicBoolean(true);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            GuardedModel<String, String> model = guard().route("v2", input -> "new")
                    .shadow(
                            "v3",
                            input -> "new",
                            task -> {
                                if (!dropping.get()) {
                                    executor.execute(task);
                                }
                            },
                            Object::equals)
                    .build();
            for (int i = 0; i < 70; i++) {
                model.call("a");
            }
            assertThat(records("shadow"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.members())
                            .containsEntry("outcome", "left-out")
                            .containsEntry("skipped", 1));
            dropping.set(false);
            pass(Duration.ofMinutes(2));
            model.call("a");
            Eventually.until(() -> records("shadow").stream()
                    .anyMatch(record -> "agrees".equals(record.members().get("outcome"))));
            assertThat(records("shadow").stream()
                            .mapToInt(record -> (int) record.members().getOrDefault("skipped", 0))
                            .sum())
                    .isEqualTo(70);
        } finally {
            executor.shutdown();
        }
    }
}
