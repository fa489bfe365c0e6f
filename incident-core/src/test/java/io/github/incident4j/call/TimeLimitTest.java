// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static io.github.incident4j.call.FallbackRule.when;
import static io.github.incident4j.call.FallbackRule.whenThrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.ForkedJvm;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeLimitTest extends CallTestBase {
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Of a route that also answers in the same test, which a busy machine must not take for late. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private static RouteOptions<String> options() {
        return RouteOptions.options();
    }

    private String hang(String input) throws InterruptedException {
        never.await();
        return input;
    }

    @Test
    void interruptibleRoute_isStoppedOnTheCallersThreadAndLeavesNoInterrupt() {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        this::hang,
                        options().timeLimit(SHORT).interruptible().idempotent())
                .fallback(
                        "v1", input -> "interrupted: " + Thread.currentThread().isInterrupted())
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("interrupted: false");
        assertThat(decision.skipped())
                .singleElement()
                .satisfies(skip -> assertThat(skip.failure()).isEqualTo(new Failure.TimedOut(SHORT, true)));
        assertThat(decision.latency()).isGreaterThanOrEqualTo(SHORT);
        assertThat(records("decision")).hasSize(1);
    }

    @Test
    void routeOnAnExecutor_isStoppedThere() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            try {
                                return hang(input);
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                        },
                        options().timeLimit(SHORT).executor(executor).idempotent())
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(interrupted.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void routeThatIsNotIdempotent_fallsBackOnlyIfARuleSaysSo() {
        GuardedModel<String, String> cautious = guard().route(
                        "v2", this::hang, options().timeLimit(SHORT).executor(executor))
                .fallback("v1", input -> "old")
                .build();
        assertThat(failureOf(cautious.decide("a"))).isInstanceOf(Failure.TimedOut.class);
        GuardedModel<String, String> told = runtime.<String, String>guard("told")
                .route("v2", this::hang, options().timeLimit(SHORT).executor(executor))
                .fallback("v1", input -> "old")
                .rule(when(Failure.TimedOut.class).to("v1"))
                .build();
        assertThat(told.call("a")).isEqualTo("old");
    }

    @Test
    void deadline_isSharedByAllAttempts() {
        AtomicInteger attempts = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    attempts.incrementAndGet();
                    throw new IOException("busy");
                })
                .fallback("v1", this::hang, options().interruptible().idempotent())
                .constantFallback("last", "never reached")
                .rule(whenThrown(IOException.class)
                        .retry(100, Backoff.fixed(Duration.ofMillis(10)))
                        .thenToNext())
                .deadline(Duration.ofMillis(100))
                .withoutBreaker()
                .build();
        long start = System.nanoTime();
        Decision<String> decision = model.decide("a");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(attempts.get()).isBetween(2, 20);
        assertThat(skippedCodes(decision)).endsWith("timed-out");
        assertThat(decision).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void timeOut_countsForTheBreaker() {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        this::hang,
                        options()
                                .timeLimit(SHORT)
                                .interruptible()
                                .idempotent()
                                .breaker(CircuitBreakerConfig.custom()
                                        .slidingWindowSize(2)
                                        .minimumNumberOfCalls(2)
                                        .build()))
                .fallback("v1", input -> "old")
                .build();
        model.call("a");
        model.call("a");
        assertThat(skippedCodes(model.decide("a"))).containsExactly("breaker-open");
        assertThat(records("breaker.changed"))
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("route", "v2")
                        .containsEntry("from", "closed")
                        .containsEntry("to", "open"));
    }

    /** A rule or a review that hangs can be stopped, too. */
    @Test
    void deadline_alsoHoldsForRulesAndReviews() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewFallback(
                        "person",
                        this::hang,
                        options().timeLimit(SHORT).interruptible().idempotent())
                .ruleFallback("rule", this::hang, options().executor(executor))
                .deadline(Duration.ofMillis(300))
                .build();
        Decision<String> decision = model.decide("a");
        assertThat(failureOf(decision)).isInstanceOf(Failure.ModelError.class);
        assertThat(skippedCodes(decision)).containsExactly("model-error", "timed-out", "timed-out");
        GuardBuilder<String, String> faulty = runtime.<String, String>guard("faulty")
                .route("v2", input -> "x")
                .ruleFallback("rule", input -> "x", options().breaker(CircuitBreakerConfig.ofDefaults()))
                .reviewFallback("person", input -> "x", options().timeLimit(SHORT));
        assertThatThrownBy(faulty::build)
                .hasMessageContaining("route 'rule': only versions of the model have a circuit breaker")
                .hasMessageContaining("route 'person': a time limit needs a way to stop the call");
    }

    /** Of what cannot be stopped. */
    @Test
    void answerAfterTheDeadline_isATimeOut() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T21:41:00Z"));
        runtime.close();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(() -> java.util.Objects.requireNonNull(now.get())))
                .build();
        Duration deadline = Duration.ofMinutes(5);
        AtomicReference<Duration> takes = new AtomicReference<>(deadline);
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new IOException("broken");
                })
                .reviewFallback("person", input -> {
                    now.updateAndGet(before -> before.plus(takes.get()));
                    return "sent";
                })
                .constantFallback("constant", "none")
                .withoutBreaker()
                .rule(FallbackRule.when(Failure.TimedOut.class).toNext())
                .deadline(deadline)
                .build();
        assertThat(model.call("a")).as("in time").isEqualTo("sent");
        takes.set(deadline.plusMillis(1));
        Decision<String> late = model.decide("a");
        assertThat(skippedCodes(late)).containsExactly("model-error", "timed-out", "timed-out");
        assertThat(late.skipped().get(1).failure()).isEqualTo(new Failure.TimedOut(deadline, true));
        assertThat(late.skipped().get(2).failure())
                .as("nothing more begins")
                .isEqualTo(new Failure.TimedOut(deadline, false));
        assertThat(skippedCodes(model.decideAsync("a").get(30, TimeUnit.SECONDS)))
                .isEqualTo(skippedCodes(late));
    }

    /**
     * What nobody can stop: an asynchronous route that takes its time before it returns, an executor on this thread.
     */
    static List<BiFunction<GuardBuilder<String, String>, ModelCall<String, String>, GuardBuilder<String, String>>>
            waysThatHoldTheCallerUp() {
        RouteOptions<String> limited = options().timeLimit(Duration.ofMinutes(5));
        return List.of(
                (guard, slow) ->
                        guard.asyncRoute("v2", input -> CompletableFuture.completedFuture(slow.call(input)), limited),
                (guard, slow) -> guard.asyncRoute(
                        "v2",
                        input -> {
                            String answer = slow.call(input);
                            return answer.equals("in time")
                                    ? CompletableFuture.completedFuture(answer)
                                    : new CompletableFuture<>(); // and nobody waits five more minutes
                        },
                        limited),
                (guard, slow) -> guard.route("v2", slow, limited.executor(Runnable::run)),
                (guard, slow) -> guard.route("v2", slow, limited.interruptible()));
    }

    @ParameterizedTest
    @MethodSource("waysThatHoldTheCallerUp")
    void answerAfterTheLimitOfItsRoute_isATimeOut(
            BiFunction<GuardBuilder<String, String>, ModelCall<String, String>, GuardBuilder<String, String>> way)
            throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T21:41:00Z"));
        runtime.close();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(() -> java.util.Objects.requireNonNull(now.get())))
                .build();
        Duration limit = Duration.ofMinutes(5);
        AtomicReference<Duration> takes = new AtomicReference<>(limit);
        GuardedModel<String, String> model = way.apply(guard(), input -> {
                    Duration time = java.util.Objects.requireNonNull(takes.get());
                    now.updateAndGet(before -> before.plus(time));
                    return time.compareTo(limit) > 0 ? "late" : "in time";
                })
                .fallback("v1", input -> "old")
                .input(Guardrail.require( // whose time is not the model's
                        "slow",
                        value -> {
                            now.updateAndGet(before -> before.plus(limit));
                            return true;
                        },
                        "never"))
                .rule(when(Failure.TimedOut.class).toNext())
                .build();
        assertThat(model.call("a")).isEqualTo("in time");
        assertThat(((Decision.Answered<String>) model.decideAsync("a").get(30, TimeUnit.SECONDS)).output())
                .isEqualTo("in time");
        takes.set(limit.plusMillis(1));
        for (Decision<String> decision :
                List.of(model.decide("a"), model.decideAsync("a").get(30, TimeUnit.SECONDS))) {
            assertThat(routeOf(decision)).isEqualTo("v1");
            assertThat(decision.skipped())
                    .singleElement()
                    .satisfies(skip -> assertThat(skip.failure()).isEqualTo(new Failure.TimedOut(limit, true)));
        }
    }

    /** Two probes decide: one that kept its permit would leave the breaker half-open, and the route alone. */
    @Test
    void probeThatTimesOut_givesItsPermitBack() {
        List<RouteOptions<String>> ways =
                List.of(options().interruptible(), options().executor(executor));
        for (int way = 0; way < ways.size(); way++) {
            AtomicBoolean fails = new AtomicBoolean(true);
            AtomicBoolean hangs = new AtomicBoolean();
            GuardedModel<String, String> model = runtime.<String, String>guard("model-" + way)
                    .route(
                            "v2",
                            input -> {
                                if (fails.get()) {
                                    throw new IOException("open the breaker");
                                }
                                return hangs.compareAndSet(true, false) ? hang(input) : "new";
                            },
                            ways.get(way)
                                    .timeLimit(LONG_ENOUGH)
                                    .idempotent()
                                    .breaker(CircuitBreakerConfig.custom()
                                            .slidingWindowSize(2)
                                            .minimumNumberOfCalls(2)
                                            .failureRateThreshold(100)
                                            .permittedNumberOfCallsInHalfOpenState(2)
                                            .waitDurationInOpenState(Duration.ofMillis(1))
                                            .build()))
                    .fallback("v1", input -> "old")
                    .build();
            assertThat(model.call("a")).isEqualTo("old");
            assertThat(model.call("a")).isEqualTo("old");
            fails.set(false);
            hangs.set(true);
            Eventually.until(() -> skippedCodes(model.decide("a")).contains("timed-out"));
            for (int i = 0; i < 10; i++) {
                assertThat(model.call("a")).as("call %d after the probe", i).isEqualTo("new");
            }
        }
    }

    @Test
    void timeOut_givesThePermitsOfALimitOfCallsAtOnceBack() {
        List<RouteOptions<String>> ways =
                List.of(options().interruptible(), options().executor(executor));
        for (int way = 0; way < ways.size(); way++) {
            AtomicInteger asked = new AtomicInteger();
            GuardedModel<String, String> model = runtime.<String, String>guard("model-" + way)
                    .route(
                            "v2",
                            input -> asked.getAndIncrement() == 0 ? hang(input) : "new",
                            ways.get(way)
                                    .timeLimit(LONG_ENOUGH)
                                    .maxConcurrent(1)
                                    .idempotent())
                    .ruleFallback("rule", input -> "rule")
                    .maxConcurrent(1)
                    .segment("tenant")
                    .maxConcurrentPer("tenant", 1)
                    .build();
            CallContext acme = CallContext.of("tenant", "acme");
            assertThat(skippedCodes(model.decide("a", acme))).containsExactly("timed-out");
            Eventually.until(
                    () -> skippedCodes(model.decide("a", acme)).isEmpty()); // the model call itself has to end first
            for (int i = 0; i < 10; i++) {
                assertThat(routeOf(model.decide("a", acme))).isEqualTo("v2");
            }
        }
    }

    @Test
    void executorThatIsFull_isALimit() {
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", options().executor(task -> {
                            throw new RejectedExecutionException("full");
                        }))
                .fallback("v1", input -> "old")
                .build();
        assertThat(skippedCodes(model.decide("a"))).containsExactly("limited");
        assertThat(model.call("a")).isEqualTo("old");
    }

    /** Also where resilience4j would do both by a thread of its own, which would outlive every class loader. */
    @Test
    void openBreaker_probesAndGivesUpAsConfiguredWithoutAThreadOfResilience4j() throws Exception {
        CountDownLatch probed = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (input.equals("probe")) {
                        probed.countDown();
                        stuck.await();
                        return "fine";
                    }
                    throw new IllegalStateException("open the breaker");
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .enableAutomaticTransitionFromOpenToHalfOpen()
                        .maxWaitDurationInHalfOpenState(Duration.ofMillis(50))
                        .transitionToStateAfterWaitDuration(CircuitBreaker.State.CLOSED)
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        Thread probe =
                new Thread(() -> Eventually.until(() -> model.call("probe").equals("fine")));
        probe.start();
        probed.await();
        Eventually.until(() -> records("breaker.changed").size() == 3);
        assertThat(records("breaker.changed"))
                .extracting(each -> String.valueOf(each.members().get("to")))
                .containsExactly("open", "half_open", "closed");
        assertThat(records("breaker.changed"))
                .extracting(each -> String.valueOf(each.members().get("reason")))
                .containsExactly("results", "waited", "probes_missing");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("CircuitBreaker"));
        stuck.countDown();
        probe.join();
    }

    @Test
    void callerThatIsInterrupted_stopsTheCallOnTheExecutorAndTriesNoOtherRoute() throws Exception {
        AtomicBoolean fallback = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            started.countDown();
                            try {
                                return hang(input);
                            } finally {
                                stopped.countDown();
                            }
                        },
                        options().executor(executor))
                .fallback("v1", input -> {
                    fallback.set(true);
                    return "old";
                })
                .build();
        AtomicBoolean flag = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        started.await();
        caller.interrupt();
        caller.join();
        stopped.await();
        assertThat(flag).isTrue();
        assertThat(fallback).isFalse();
    }

    @Test
    void hostsContext_reachesTheExecutorAndLeavesIt() {
        ThreadLocal<String> trace = new ThreadLocal<>();
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> String.valueOf(trace.get()), options().executor(executor))
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
        try {
            assertThat(model.call("a")).isEqualTo("trace-1");
        } finally {
            trace.remove();
        }
        assertThat(model.call("a")).as("nothing is left behind").isEqualTo("null");
    }

    /** In a JVM of its own, as the logging library of these tests keeps no MDC. */
    @Test
    void mdc_reachesTheExecutorAndLeavesIt() throws Exception {
        Process child = ForkedJvm.start(
                MdcChild.class,
                List.of("-Dslf4j.provider=" + MdcChild.class.getName() + "$Provider"),
                directory.toString());
        String said = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor()).isZero();
        assertThat(said.lines().toList()).endsWith("alice", "null");
    }

    @Test
    void limitWithoutAWayToStopTheCall_isAFaultOfTheConfiguration() {
        GuardBuilder<String, String> builder = guard().route(
                        "v2", this::hang, options().timeLimit(SHORT))
                .fallback("v1", this::hang, options().timeLimit(Duration.ZERO).interruptible())
                .deadline(Duration.ofDays(2));
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("route 'v2': a time limit needs a way to stop the call")
                .hasMessageContaining("route 'v1': a time limit of 0 s is out of range")
                .hasMessageContaining("a deadline of 2 days is out of range");
    }

    /** Found by name, since the code is compiled for Java 17. */
    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** More calls at once than there are carrier threads: all wait, none holds a carrier, and all are stopped. */
    @Test
    @EnabledIf(value = "hasVirtualThreads", disabledReason = "needs Java 21 or later")
    void virtualThreads_areNeitherPinnedNorLeftBehind() throws Exception {
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        int many = 50 * Runtime.getRuntime().availableProcessors();
        CountDownLatch waiting = new CountDownLatch(many);
        AtomicInteger interrupted = new AtomicInteger();
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            waiting.countDown();
                            try {
                                return hang(input);
                            } catch (InterruptedException e) {
                                interrupted.incrementAndGet();
                                throw e;
                            }
                        },
                        options()
                                .timeLimit(Duration.ofSeconds(2))
                                .executor(virtual)
                                .idempotent())
                .fallback("v1", input -> "old", options().executor(virtual))
                .build();
        List<CompletableFuture<Decision<String>>> decisions =
                Stream.generate(() -> model.decideAsync("a")).limit(many).toList();
        assertThat(waiting.await(30, TimeUnit.SECONDS)).as("all run at once").isTrue();
        for (CompletableFuture<Decision<String>> decision : decisions) {
            assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        }
        virtual.shutdown();
        assertThat(virtual.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).hasValue(many);
        assertThat(records("decision")).hasSize(many);
    }

    /** Callers on virtual threads, as a servlet container on Java 21 has them. */
    @Test
    @EnabledIf(value = "hasVirtualThreads", disabledReason = "needs Java 21 or later")
    void callersOnVirtualThreads_areStoppedByAnInterrupt() throws Exception {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        this::hang,
                        options().timeLimit(SHORT).interruptible().idempotent())
                .fallback(
                        "v1", input -> "interrupted: " + Thread.currentThread().isInterrupted())
                .build();
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<String>> answers = virtual.invokeAll(Stream.generate(() -> (Callable<String>) () -> model.call("a"))
                .limit(100)
                .toList());
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo("interrupted: false");
        }
        virtual.shutdown();
    }

    /** The context is the host's; without it the call is as it was. */
    @Test
    void contextThatCannotBeCarried_costsTheContextAndNothingElse() throws Exception {
        List<UnaryOperator<Runnable>> hooks = List.of(
                task -> {
                    throw new IllegalStateException("nothing to capture");
                },
                task -> {
                    throw new StackOverflowError("too deep");
                },
                task -> null,
                task -> () -> {
                    throw new IllegalStateException("before the task");
                },
                task -> () -> {
                    task.run();
                    throw new IllegalStateException("after the task");
                },
                task -> () -> {},
                task -> () -> {
                    task.run();
                    task.run();
                });
        int called = 0;
        for (UnaryOperator<Runnable> hook : hooks) {
            AtomicInteger asked = new AtomicInteger();
            GuardedModel<String, String> model = runtime.<String, String>guard("model-" + ++called)
                    .route(
                            "v2",
                            input -> "new " + asked.incrementAndGet(),
                            options().executor(executor).maxConcurrent(1))
                    .context(hook)
                    .build();
            assertThat(model.call("a")).isEqualTo("new 1");
            assertThat(((Decision.Answered<String>) model.decideAsync("a").get(30, TimeUnit.SECONDS)).output())
                    .isEqualTo("new 2");
            assertThat(model.call("a")).as("no permit was lost").isEqualTo("new 3");
        }
        assertThat(records("decision")).hasSize(3 * hooks.size());
    }

    @Test
    void executorThatRunsOutOfMemory_selectsNoOtherRoute() {
        OutOfMemoryError own = new OutOfMemoryError("unable to create native thread");
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", options().maxConcurrent(1).executor(task -> {
                            throw own;
                        }))
                .fallback("v1", input -> "old")
                .build();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> model.call("a")).isSameAs(own);
        }
        assertThat(model.decideAsync("a"))
                .failsWithin(LIMIT)
                .withThrowableThat()
                .withCause(own);
        assertThat(records("decision")).hasSize(3);
    }

    @Test
    void cancelsThatHang_takeNoOtherModelsTimeLimitAndNoOtherModelsCancel() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        GuardedModel<String, String> bad = runtime.<String, String>guard("bad")
                .asyncRoute(
                        "v2",
                        input -> {
                            CompletableFuture<String> future = new CompletableFuture<>();
                            var unused = future.whenComplete((output, thrown) -> {
                                try {
                                    goOn.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
                            return future;
                        },
                        options().timeLimit(SHORT))
                .withoutBreaker()
                .build();
        GuardedModel<String, String> good = guard().route(
                        "v2", this::hang, options().timeLimit(SHORT).interruptible())
                .build();
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        GuardedModel<String, String> later = runtime.<String, String>guard("later")
                .asyncRoute("v2", input -> cancelled, options().timeLimit(SHORT))
                .build();
        try {
            for (int i = 0; i < 100; i++) {
                var unused = bad.decideAsync("a");
            }
            assertThat(bad.decideAsync("a").get(30, TimeUnit.SECONDS)).isInstanceOf(Decision.Refused.class);
            Decision<String> decision = executor.submit(() -> good.decide("a")).get(30, TimeUnit.SECONDS);
            assertThat(failureOf(decision)).isEqualTo(new Failure.TimedOut(SHORT, true));
            later.decideAsync("a").get(30, TimeUnit.SECONDS);
            Eventually.until(cancelled::isCancelled);
        } finally {
            goOn.countDown();
        }
    }

    /** Nobody has interrupted the caller; and what an executor throws away never comes. */
    @Test
    void executorThatIsShutDown_isALimitOfItsRouteAndLeavesTheCallerAlone() throws Exception {
        ThreadPoolExecutor two =
                new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new java.util.concurrent.LinkedBlockingQueue<>());
        CountDownLatch started = new CountDownLatch(2);
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            started.countDown();
                            return hang(input);
                        },
                        options().executor(two))
                .fallback(
                        "v1", input -> "interrupted: " + Thread.currentThread().isInterrupted())
                .build();
        Callable<Decision<String>> call = () -> {
            Decision<String> decision = model.decide("a");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return decision;
        };
        List<Future<Decision<String>>> decisions =
                new ArrayList<>(List.of(executor.submit(call), model.decideAsync("a")));
        started.await();
        decisions.addAll(List.of(executor.submit(call), model.decideAsync("a")));
        Eventually.until(() -> two.getQueue().size() == 2);
        assertThat(two.shutdownNow()).hasSize(2);
        for (Future<Decision<String>> each : decisions) {
            Decision<String> decision = each.get(30, TimeUnit.SECONDS);
            assertThat(((Decision.Answered<String>) decision).output()).isEqualTo("interrupted: false");
            assertThat(skippedCodes(decision)).containsExactly("limited");
        }
    }

    /** On the caller's own thread an interrupt is the caller's. */
    @Test
    void executorOnTheCallersThread_passesTheCallersInterruptOn() {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            Thread.currentThread().interrupt();
                            return hang(input);
                        },
                        options().executor(Runnable::run))
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** What never began has done nothing: neither a rule nor the breaker needs to mind. */
    @Test
    void callThatWaitsForItsExecutor_wasNeverBegun() throws Exception {
        ScriptedExecutor full = new ScriptedExecutor(() -> ScriptedExecutor.Fate.IS_DROPPED);
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", options().executor(full).timeLimit(SHORT))
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .minimumNumberOfCalls(1)
                        .slidingWindowSize(1)
                        .build())
                .build();
        for (Decision<String> decision :
                List.of(model.decide("a"), model.decideAsync("a").get(30, TimeUnit.SECONDS), model.decide("a"))) {
            assertThat(routeOf(decision)).isEqualTo("v1");
            assertThat(decision.skipped())
                    .singleElement()
                    .satisfies(skipped -> assertThat(skipped.failure()).isEqualTo(new Failure.TimedOut(SHORT, false)));
        }
    }

    /** Closing lets calls finish; one that cannot finish any more must be told so all the same. */
    @Test
    void callThatItsExecutorLoses_endsAlsoAfterTheRuntimeWasClosed() throws Exception {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new java.util.concurrent.LinkedBlockingQueue<>());
        CountDownLatch busy = new CountDownLatch(1);
        var occupant = one.submit(() -> {
            busy.countDown();
            never.await();
            return "occupied";
        });
        busy.await();
        GuardedModel<String, String> model =
                guard().route("v2", input -> "new", options().executor(one)).build();
        CompletableFuture<Decision<String>> later = model.decideAsync("a");
        Eventually.until(() -> one.getQueue().size() == 1);
        runtime.close();
        one.shutdownNow();
        assertThat(failureOf(later.get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Limited.class);
        assertThat(occupant).isDone();
    }

    /** Whoever interrupted it wants no answer any more, and no other route's either. */
    @Test
    void interruptFromBeforeTheTimeWasUp_staysTheHosts() {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            Thread.currentThread().interrupt(); // in the host's name
                            long end =
                                    System.nanoTime() + Duration.ofMillis(200).toNanos();
                            while (System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                            if (input.equals("throws")) {
                                throw new java.io.IOException("broke off");
                            }
                            return "late";
                        },
                        options().timeLimit(SHORT).interruptible().idempotent())
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.decide("throws")).hasMessage("broke off");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> model.decide("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(records("decision"))
                .extracting(each -> each.members().get("failure"))
                .containsExactly("cancelled", "cancelled");
    }

    /** Streams and pipes tell of an interrupt by an exception of their own, and clear the flag. */
    @Test
    void interruptedStream_keepsTheInterrupt() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new java.io.InterruptedIOException();
                })
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.decide("a")).isInstanceOf(java.io.InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** HTTP clients tell of their own deadlines by the same class. */
    @Test
    void clientsOwnTimeOut_interruptsNobody() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw new java.io.InterruptedIOException("deadline reached");
                })
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
