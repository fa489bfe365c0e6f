// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.call.internal.Guard;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that end by what nobody expects have their record all the same, and keep nothing that others need. */
class BrokenOffTest extends CallTestBase {
    private static final Limit.Rate OFTEN = new Limit.Rate(1_000_000, Duration.ofSeconds(1));

    /** Which of its own methods throws. */
    enum Broken {
        WHEN_COMPLETE,
        TO_FUTURE
    }

    /** A stage of a host or a library that is wrong. */
    private static final class BrokenStage extends CompletableFuture<String> {
        private final Broken broken;

        BrokenStage(Broken broken) {
            this.broken = broken;
        }

        @Override
        public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
            if (broken == Broken.WHEN_COMPLETE) {
                throw new IllegalStateException("the context is gone");
            }
            return super.whenComplete(action);
        }

        @Override
        public CompletableFuture<String> toCompletableFuture() {
            if (broken == Broken.TO_FUTURE) {
                throw new IllegalStateException("no future here");
            }
            return this;
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void stageThatThrows_isAFailureOfTheRouteAndGivesItsPermitsBack(Broken broken) throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> {
                            BrokenStage stage = new BrokenStage(broken);
                            if (broken == Broken.TO_FUTURE) {
                                stage.completeExceptionally(new IllegalStateException("and it fails"));
                            }
                            return stage;
                        },
                        RouteOptions.<String>options().maxConcurrent(1))
                .fallback("v1", input -> "old")
                .build();
        for (int i = 0; i < 3; i++) {
            Decision<String> now = model.decide("a");
            assertThat(routeOf(now)).isEqualTo("v1");
            assertThat(skippedCodes(now)).containsExactly("model-error");
            Decision<String> later = model.decideAsync("a").get(30, TimeUnit.SECONDS);
            assertThat(routeOf(later)).isEqualTo("v1");
            assertThat(skippedCodes(later)).containsExactly("model-error");
        }
        assertThat(records("decision")).hasSize(6);
    }

    /** A clock that fails once stands for what nobody has thought of, and for errors of the JVM in our own code. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callThatIsBrokenOff_isOnRecordAndGivesItsRoomBack(boolean later, @TempDir Path home) throws Exception {
        ThreadLocal<Boolean> fails = ThreadLocal.withInitial(() -> false);
        TimeSource failing = new TimeSource() {
            @Override
            public Instant instant() {
                return Instant.now();
            }

            @Override
            public long nanoTime() {
                if (fails.get()) {
                    fails.remove();
                    throw new IllegalStateException("the clock stands still");
                }
                return System.nanoTime();
            }
        };
        try (IncidentRuntime small = IncidentRuntime.builder()
                .directory(home)
                .maxWaitingDecisions(1_024)
                .time(failing)
                .build()) {
            GuardedModel<String, String> bad = small.<String, String>guard("bad")
                    .route("v1", input -> {
                        fails.set(true);
                        return input;
                    })
                    .requireAuditTrail()
                    .build();
            GuardedModel<String, String> sound = small.<String, String>guard("sound")
                    .route("v1", input -> input)
                    .requireAuditTrail()
                    .build();
            for (int i = 0; i < 1_200; i++) { // more than may hold a reservation at once
                if (later) {
                    CompletableFuture<Decision<String>> future = bad.decideAsync("a");
                    assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
                            .isInstanceOf(ExecutionException.class)
                            .hasRootCauseMessage("the clock stands still");
                } else {
                    assertThatThrownBy(() -> bad.decide("a")).hasMessage("the clock stands still");
                }
            }
            assertThat(sound.decide("b")).isInstanceOf(Decision.Answered.class);
            assertThat(small.awaitQuiet(LIMIT)).isTrue();
            try (var records = small.trail().query().type("decision").records()) {
                assertThat(records.count()).isEqualTo(1_201);
            }
        }
    }

    /** A clock of which one reading on this thread fails. */
    private static final class FailingClock implements TimeSource {
        private final ThreadLocal<Integer> left =
                ThreadLocal.withInitial(() -> -1); // readings until the one that fails

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            int before = left.get();
            left.set(before - 1);
            if (before == 0) {
                throw new IllegalStateException("the clock stands still");
            }
            return System.nanoTime();
        }

        void failAfter(int readings) {
            left.set(readings);
        }

        /** Whether there was nothing to fail; none does any more. */
        boolean hasNotFailed() {
            boolean not = left.get() >= 0;
            left.remove();
            return not;
        }
    }

    /** Ways to answer, all on this thread, of which one call may run at once. */
    static List<UnaryOperator<GuardBuilder<String, String>>> ways() {
        RouteOptions<String> one =
                RouteOptions.<String>options().maxConcurrent(1).rateLimit(OFTEN);
        RouteOptions<String> limited = one.timeLimit(Duration.ofMinutes(5)).idempotent();
        AsyncModelCall<String, String> async = CompletableFuture::completedFuture;
        return List.of(
                guard -> guard.route("v1", input -> input, one),
                guard -> guard.route("v1", input -> input, limited.interruptible()),
                guard -> guard.route("v1", input -> input, limited.executor(Runnable::run)),
                guard -> guard.route("v1", input -> input, one.executor(Runnable::run)),
                guard -> guard.asyncRoute("v1", async, limited),
                guard -> guard.asyncRoute("v1", async, one));
    }

    /** Whichever reading of the clock fails, wherever in our own code that is. */
    @ParameterizedTest
    @MethodSource("ways")
    void permits_comeBackWhereverACallIsBrokenOff(UnaryOperator<GuardBuilder<String, String>> way, @TempDir Path home)
            throws Exception {
        FailingClock clock = new FailingClock();
        try (IncidentRuntime failing =
                IncidentRuntime.builder().directory(home).time(clock).build()) {
            GuardedModel<String, String> model = way.apply(failing.guard("model"))
                    .segment("tenant")
                    .maxConcurrentPer("tenant", 1)
                    .maxConcurrent(1)
                    .rateLimitPer("tenant", OFTEN)
                    .rateLimit(OFTEN)
                    .deadline(Duration.ofMinutes(10))
                    .withoutBreaker()
                    .build();
            CallContext acme = CallContext.of("tenant", "acme");
            for (boolean later : List.of(false, true)) {
                int reading = 0;
                for (boolean more = true; more; reading++) {
                    clock.failAfter(reading);
                    try {
                        Decision<String> unused = later
                                ? model.decideAsync("a", acme).get(30, TimeUnit.SECONDS)
                                : model.decide("a", acme);
                    } catch (IllegalStateException | ExecutionException e) {
                        assertThat(e).hasStackTraceContaining("the clock stands still");
                    }
                    more = !clock.hasNotFailed();
                    assertThat(skippedCodes(model.decide("b", acme)))
                            .as("after reading %d has failed", reading)
                            .isEmpty();
                }
                assertThat(reading).as("readings").isGreaterThan(3);
            }
        }
    }

    /** A probe that keeps its permit would have its route refused until somebody gives the probes up. */
    @ParameterizedTest
    @MethodSource("ways")
    void probesPermit_comesBackWhereverACallIsBrokenOff(
            UnaryOperator<GuardBuilder<String, String>> way, @TempDir Path home) throws Exception {
        FailingClock clock = new FailingClock();
        try (IncidentRuntime failing =
                IncidentRuntime.builder().directory(home).time(clock).build()) {
            GuardedModel<String, String> model = way.apply(failing.guard("model"))
                    .deadline(Duration.ofMinutes(10))
                    .breaker(CircuitBreakerConfig.custom()
                            .slidingWindowSize(1)
                            .minimumNumberOfCalls(1)
                            .permittedNumberOfCallsInHalfOpenState(1)
                            .waitDurationInOpenState(Duration.ofMillis(1))
                            .build())
                    .build();
            for (boolean later : List.of(false, true)) {
                int reading = 0;
                for (boolean more = true; more; reading++) {
                    assertThat(((Guard<String, String>) model).openBreaker("v1"))
                            .isTrue();
                    long opened = System.nanoTime();
                    Eventually.until(() -> System.nanoTime() - opened > 2_000_000); // and the next call is a probe
                    clock.failAfter(reading);
                    try {
                        Decision<String> unused =
                                later ? model.decideAsync("a").get(30, TimeUnit.SECONDS) : model.decide("a");
                    } catch (IllegalStateException | ExecutionException e) {
                        assertThat(e).hasStackTraceContaining("the clock stands still");
                    }
                    more = !clock.hasNotFailed();
                    comesBack(model, reading);
                }
                assertThat(reading).as("readings").isGreaterThan(3);
            }
        }
    }

    /** At once, or after one more wait where the failure was the probe's; long before the probes are given up. */
    private static void comesBack(GuardedModel<String, String> model, int reading) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!skippedCodes(model.decide("b")).isEmpty()) {
            assertThat(System.nanoTime())
                    .as("after reading %d has failed", reading)
                    .isLessThan(end);
        }
    }

    /** Throws where it is asked for its cause, as our code does, and stands for errors of the JVM there. */
    private static final class Unreadable extends CompletionException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("unreadable", null);
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError("injected");
        }
    }

    /** What is thrown where a future's stages would swallow it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsThrownWhileAnAnswerIsTaken_endsTheDecision(boolean async) throws Exception {
        Queue<CompletableFuture<String>> asked = new ConcurrentLinkedQueue<>();
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        RouteOptions<String> one = RouteOptions.<String>options().maxConcurrent(1);
        GuardBuilder<String, String> builder = async
                ? guard().asyncRoute(
                                "v1",
                                input -> {
                                    CompletableFuture<String> answer = new CompletableFuture<>();
                                    asked.add(answer);
                                    return answer;
                                },
                                one)
                : guard().route(
                                "v1",
                                input -> {
                                    throw new Unreadable();
                                },
                                one.executor(tasks::add));
        GuardedModel<String, String> model = builder.withoutBreaker().build();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Decision<String>> decision = model.decideAsync("a");
            if (async) {
                asked.remove().completeExceptionally(new Unreadable());
            } else {
                tasks.remove().run();
            }
            assertThatThrownBy(() -> decision.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
        }
        assertThat(records("decision")).hasSize(3);
    }

    /** What throws is the guardrail's check, then, and that is a failure of the guardrail. */
    @Test
    void guardrailWithoutAFinding_hasFailed() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .output(value -> Verdict.flag(nothing()), RailOptions.options().severity(Severity.P1))
                .build();
        assertThat(skippedCodes(model.decide("a"))).containsExactly("output-blocked");
        assertThat(records("decision")).hasSize(1);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // a host's mistake
    private static <T> T nothing() {
        return null;
    }

    /** Throws when it is asked, against rule 3.16; on the reader's thread, or where nobody else sees it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void modelThatThrowsWhenItIsAsked_hasFailedAndIsCancelled(boolean onItsOwnThread) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        Flow.Subscription throwing = new Flow.Subscription() {
            @Override
            public void request(long n) {
                throw new IllegalStateException("against rule 3.16");
            }

            @Override
            public void cancel() {
                cancelled.countDown();
            }
        };
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("chat")
                .route("v2", input -> subscriber -> {
                    if (onItsOwnThread) {
                        new Thread(() -> subscriber.onSubscribe(throwing)).start();
                    } else {
                        subscriber.onSubscribe(throwing);
                    }
                })
                .fallback("v1", input -> new Hand() {
                    @Override
                    public void request(long n) {
                        to().onNext("old");
                        to().onComplete();
                    }
                })
                .build();
        StreamingCall<String> call = stream.open("a");
        Reader reader = new Reader(onItsOwnThread ? 10 : 0);
        call.subscribe(reader);
        if (!onItsOwnThread) {
            reader.request(10);
        }
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(routeOf(call.decision().get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
