// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.TransitionCheckResult;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the circuit breaker of a route counts, and that its permits come back whatever a probe does. */
class BreakerTest extends CallTestBase {
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    /** Does what the test says. */
    private String scripted(String input) throws Exception {
        calls.incrementAndGet();
        if (input.equals("hang")) {
            begun.countDown();
            stuck.await();
        }
        Throwable next = failure;
        if (next != null) {
            throw thrown(next);
        }
        return "fine";
    }

    private static <X extends Throwable> RuntimeException thrown(Throwable failure) throws X {
        @SuppressWarnings("unchecked") // thrown as it is, whatever it is
        X unchecked = (X) failure;
        throw unchecked;
    }

    /** Opens at the first failure and lets one probe through a millisecond later. */
    private static CircuitBreakerConfig.Builder nervous() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(1)
                .minimumNumberOfCalls(1)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofMillis(1));
    }

    private GuardedModel<String, String> opened(CircuitBreakerConfig config) {
        GuardedModel<String, String> model = guard().route("v2", this::scripted)
                .fallback("v1", input -> "old")
                .breaker(config)
                .build();
        failure = new IllegalStateException("open the breaker");
        assertThat(model.call("a")).isEqualTo("old");
        return model;
    }

    private static void awaitFine(GuardedModel<String, String> model) {
        Eventually.until(() -> model.call("a").equals("fine")); // would never be if a permit were lost
    }

    @Test
    void openBreaker_isPassedOver() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("broken");
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .build())
                .build();
        for (int i = 0; i < 10; i++) {
            assertThat(model.call("a")).isEqualTo("old");
        }
        assertThat(calls).hasValue(2);
        assertThat(model.decide("a").skipped()).containsExactly(new Skipped("v2", new Failure.BreakerOpen()));
    }

    /** There is nothing to fall back to, and still the model is left alone. */
    @Test
    void breakerOfAGuardWithOneRoute_opensToo() {
        failure = new IOException("broken");
        GuardedModel<String, String> model = guard().route("v2", this::scripted)
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .build())
                .build();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> model.call("a")).isSameAs(failure);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(failureOf(model.decide("a"))).isEqualTo(new Failure.BreakerOpen());
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void throwingPredicatesOfTheBreaker_loseNeitherAnswerNorException() {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (input.equals("bad")) {
                        throw new IOException("the model's own");
                    }
                    return "fine";
                })
                .breaker(CircuitBreakerConfig.custom()
                        .recordException(thrown -> {
                            throw new IllegalStateException("a broken predicate");
                        })
                        .ignoreException(thrown -> {
                            throw new IllegalStateException("a broken predicate");
                        })
                        .recordResult(result -> {
                            throw new IllegalStateException("a broken predicate");
                        })
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("fine");
        assertThat(model.call("a")).isEqualTo("fine");
        assertThatThrownBy(() -> model.call("bad")).hasMessage("the model's own");
        assertThatThrownBy(() -> model.call("bad")).as("both failures counted").isInstanceOf(RefusedException.class);
    }

    @Test
    void waitOfTheBreakerThatThrows_isAMinuteAndHarmsNoCall() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        GuardedModel<String, String> model = opened(CircuitBreakerConfig.custom()
                .slidingWindowSize(1)
                .minimumNumberOfCalls(1)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitIntervalFunctionInOpenState(attempts -> {
                    throw new ArrayIndexOutOfBoundsException("a broken table of waits");
                })
                .clock(clock(now))
                .build());
        failure = null;
        now.set(Instant.EPOCH.plusSeconds(59));
        assertThat(model.call("a")).isEqualTo("old");
        now.set(Instant.EPOCH.plusMillis(60_001));
        assertThat(model.call("a")).isEqualTo("fine");
    }

    @Test
    void transitionOnResultThatThrows_losesNeitherAnswerNorException() {
        GuardedModel<String, String> model = guard().route("v2", this::scripted)
                .breaker(CircuitBreakerConfig.custom()
                        .minimumNumberOfCalls(2)
                        .slidingWindowSize(2)
                        .transitionOnResult(result -> {
                            throw new IllegalStateException("a broken function");
                        })
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("fine");
        failure = new IOException("the model's own");
        assertThatThrownBy(() -> model.call("a")).isSameAs(failure);
        assertThat(model.decide("a").skipped())
                .as("what was counted counts")
                .containsExactly(new Skipped("v2", new Failure.BreakerOpen()));
    }

    /** resilience4j says by it to open, knows not for how long, and is then closed for ever and lets nobody through. */
    @Test
    void transitionToOpenWithoutAWait_opensForTheConfiguredOne() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        GuardedModel<String, String> model = guard().route("v2", this::scripted)
                .fallback("v1", input -> "old", RouteOptions.<String>options().withoutBreaker())
                .breaker(CircuitBreakerConfig.custom()
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .transitionOnResult(result -> calls.get() == 1
                                ? TransitionCheckResult.transitionToOpen()
                                : TransitionCheckResult.noTransition())
                        .clock(clock(now))
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("fine");
        assertThat(model.call("a")).isEqualTo("old");
        now.set(Instant.EPOCH.plusMillis(5_001));
        assertThat(model.call("a")).isEqualTo("fine");
    }

    @Test
    void breakerThatBeginsOpen_hasNoRecordOfHavingBeenClosed() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        GuardedModel<String, String> model = guard().route("v2", this::scripted)
                .fallback("v1", input -> "old", RouteOptions.<String>options().withoutBreaker())
                .breaker(nervous().initialState(State.OPEN).clock(clock(now)).build())
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(records("breaker.changed")).isEmpty();
        now.set(Instant.EPOCH.plusSeconds(1));
        assertThat(model.call("a")).isEqualTo("fine");
        assertThat(records("breaker.changed"))
                .extracting(
                        each -> each.members().get("from"),
                        each -> each.members().get("to"))
                .containsExactly(tuple("open", "half_open"), tuple("half_open", "closed"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FORCED_OPEN", "DISABLED", "METRICS_ONLY", "HALF_OPEN"})
    void breakerThatBeginsInAStateOfManualUse_isAFault(State initial) {
        GuardBuilder<String, String> guard = guard().route("v2", this::scripted)
                .breaker(nervous().initialState(initial).build());
        assertThatThrownBy(guard::build)
                .hasMessageContaining("route 'v2': its circuit breaker begins as " + initial)
                .hasMessageContaining("kill switch");
    }

    private static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Objects.requireNonNull(now.get());
            }
        };
    }

    static Stream<Throwable> interruptions() {
        return Stream.of(
                new InterruptedException("stop"),
                new CancellationException("stop"),
                new java.nio.channels.ClosedByInterruptException());
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void interruption_selectsNoOtherRouteAndReleasesTheProbe(Throwable interruption) {
        GuardedModel<String, String> model = opened(nervous().build());
        failure = interruption;
        boolean interrupted = false;
        while (!interrupted) { // until the breaker lets the probe through
            try {
                assertThat(model.call("a")).isEqualTo("old");
            } catch (Throwable thrown) {
                assertThat(thrown).isSameAs(interruption);
                interrupted = true;
            }
        }
        assertThat(Thread.interrupted()).isEqualTo(!(interruption instanceof CancellationException));
        failure = null;
        awaitFine(model);
    }

    /** resilience4j's own default is to wait for ever. */
    @Test
    void probeThatNeverComesBack_doesNotLeaveTheBreakerHalfOpen() throws Exception {
        GuardedModel<String, String> model = opened(
                nervous().maxWaitDurationInHalfOpenState(Duration.ofMillis(50)).build());
        Thread probe = new Thread(() -> {
            while (model.call("hang").equals("old") && stuck.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        probe.setDaemon(true);
        probe.start();
        failure = null;
        awaitFine(model);
        stuck.countDown();
        probe.join();
    }

    /** What a probe brings while its breaker gives it up is too late, and says nothing of what comes after. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void probeThatComesBackWhileItIsGivenUp_changesNothing(boolean isBeingCounted) throws Exception {
        CountDownLatch counted = new CountDownLatch(1);
        CountDownLatch givingUp = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        AtomicInteger opening = new AtomicInteger();
        GuardedModel<String, String> model = opened(CircuitBreakerConfig.custom()
                .slidingWindowSize(1)
                .minimumNumberOfCalls(1)
                .permittedNumberOfCallsInHalfOpenState(1)
                .maxWaitDurationInHalfOpenState(Duration.ofMillis(50))
                .waitIntervalFunctionInOpenState(attempt -> {
                    if (opening.getAndIncrement() == 0) {
                        return 1L;
                    }
                    givingUp.countDown(); // which has decided to open it, and is about to
                    awaitHere(back);
                    return Duration.ofHours(1).toMillis();
                })
                .recordResult(result -> {
                    if (result.equals("fine")) { // by the probe
                        counted.countDown();
                        awaitHere(isBeingCounted ? givingUp : counted);
                    }
                    return false;
                })
                .build());
        failure = null;
        Thread probe = new Thread(() -> {
            while (model.call("hang").equals("old")) {
                Thread.onSpinWait();
            }
            back.countDown();
        });
        probe.start();
        awaitHere(isBeingCounted ? begun : givingUp);
        stuck.countDown();
        probe.join();
        assertThat(counted.getCount()).isEqualTo(isBeingCounted ? 0 : 1);
        Eventually.until(() -> records("breaker.changed").size() >= 3);
        assertThat(model.call("a")).as("it is open, and stays so").isEqualTo("old");
        assertThat(records("breaker.changed"))
                .extracting(
                        each -> each.members().get("to") + " " + each.members().get("reason"))
                .containsExactly("open results", "half_open waited", "open probes_missing");
    }

    private static void awaitHere(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One stack overflow in a probe left resilience4j's decorated calls half-open for ever. */
    @Test
    void stackOverflowInAProbe_givesThePermitBack() {
        GuardedModel<String, String> model = opened(nervous().build());
        failure = new StackOverflowError();
        boolean overflowed = false;
        while (!overflowed) {
            try {
                model.call("a");
            } catch (StackOverflowError e) {
                overflowed = true;
            }
        }
        failure = null;
        awaitFine(model);
    }

    /** Calls that succeed, but slowly, open it too, and it is in the trail; the clock is the test's. */
    @Test
    void slowCalls_openIt() {
        runtime.close();
        AtomicLong now = new AtomicLong();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(() -> Instant.EPOCH.plusNanos(now.get())))
                .build();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    now.addAndGet(
                            Duration.ofMillis(input.equals("slow") ? 300 : 3).toNanos());
                    return "new";
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(4)
                        .minimumNumberOfCalls(4)
                        .slowCallDurationThreshold(Duration.ofMillis(200))
                        .slowCallRateThreshold(75)
                        .build())
                .build();
        List<String> first =
                Stream.of("fast", "slow", "slow", "fast").map(model::call).toList();
        assertThat(first).as("two of four are slow").containsOnly("new");
        assertThat(model.call("slow")).as("now three of the last four are").isEqualTo("new");
        assertThat(model.decide("a").skipped()).containsExactly(new Skipped("v2", new Failure.BreakerOpen()));
        assertThat(records("breaker.changed"))
                .extracting(TrailRecord::members)
                .singleElement()
                .satisfies(members -> assertThat(members)
                        .containsEntry("route", "v2")
                        .containsEntry("from", "closed")
                        .containsEntry("to", "open"));
    }

    /** Calls that hang are in nobody's statistics until they end; a time limit ends them. */
    @Test
    void callsThatNeverComeBack_openItByTheirTimeLimit() {
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        this::scripted,
                        RouteOptions.<String>options()
                                .timeLimit(Duration.ofMillis(20))
                                .interruptible()
                                .idempotent())
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(3)
                        .minimumNumberOfCalls(3)
                        .build())
                .build();
        for (int i = 0; i < 5; i++) {
            assertThat(model.call("hang")).isEqualTo("old");
        }
        assertThat(calls).as("the breaker has opened after three").hasValue(3);
    }

    /** resilience4j's reset() lifts a forced-open breaker; a kill does not live there. */
    @Test
    void breakerThatRecovers_liftsNoKill() {
        GuardedModel<String, String> model = opened(nervous().build());
        runtime.switches().kill(Scope.model("model").route("v2"), CAUSE);
        failure = null;
        int before = calls.get();
        long end = System.nanoTime() + Duration.ofMillis(50).toNanos(); // the breaker's wait is a millisecond
        while (System.nanoTime() < end) {
            assertThat(model.call("a")).isEqualTo("old");
        }
        assertThat(calls).hasValue(before);
        runtime.switches().restore(Scope.model("model").route("v2"), CAUSE);
        awaitFine(model);
        runtime.switches().kill(Scope.model("model").route("v2"), CAUSE);
        assertThat(model.call("a")).as("also while the breaker is closed").isEqualTo("old");
    }

    /** What the host's own guardrails take is not the model's time. */
    @Test
    void slowGuardrails_doNotOpenIt() {
        runtime.close();
        AtomicLong now = new AtomicLong();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .time(TimeSource.following(() -> Instant.EPOCH.plusNanos(now.get())))
                .build();
        Guardrail<String> slow = value -> {
            now.addAndGet(Duration.ofMillis(300).toNanos());
            return value.equals("bad") ? Verdict.block(new Finding("rule", "category", "message")) : Verdict.pass();
        };
        CircuitBreakerConfig sensitive = CircuitBreakerConfig.custom()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .slowCallDurationThreshold(Duration.ofMillis(200))
                .build();
        GuardedModel<String, String> model = guard().route("v2", input -> "bad")
                .fallback("v1", input -> "old")
                .input(slow)
                .output(slow)
                .breaker(sensitive)
                .build();
        for (int i = 0; i < 5; i++) {
            assertThat(skippedCodes(model.decide("a"))).containsExactly("output-blocked");
        }
        assertThat(records("breaker.changed")).isEmpty();
    }

    /** A list of the host's own exceptions says nothing of a time-out, which is ours. */
    @Test
    void timeOut_countsWhateverExceptionsTheHostLists() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> new CompletableFuture<>(),
                        RouteOptions.<String>options().timeLimit(Duration.ofMillis(5)))
                .breaker(nervous()
                        .recordException(IOException.class::isInstance)
                        .ignoreException(Throwable.class::isInstance)
                        .build())
                .build();
        assertThat(failureOf(model.decide("a"))).isInstanceOf(Failure.TimedOut.class);
        Eventually.until(
                () -> failureOf(model.decide("a")) instanceof Failure.TimedOut); // a probe, which fails as well
        assertThat(records("breaker.changed"))
                .extracting(each -> each.members().get("to"))
                .startsWith("open", "half_open", "open")
                .doesNotContain("closed");
    }

    /** What began before the outage tells of the outage, and takes or gives no probe's place. */
    @Test
    void callsFromBeforeTheOutage_sayNothingOfTheRecovery() {
        List<CompletableFuture<String>> running = new CopyOnWriteArrayList<>();
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2",
                        input -> {
                            CompletableFuture<String> answer = new CompletableFuture<>();
                            running.add(answer);
                            return answer;
                        },
                        RouteOptions.options())
                .fallback("v1", input -> "old")
                .breaker(nervous().build())
                .build();
        List<CompletableFuture<Decision<String>>> old =
                Stream.generate(() -> model.decideAsync("a")).limit(4).toList();
        running.get(3).completeExceptionally(new IOException("the outage"));
        Eventually.until(() -> {
            var unused = model.decideAsync("probe");
            return running.size() == 5;
        });
        running.get(0).complete("late");
        running.get(1).completeExceptionally(new IOException("late"));
        old.get(2).cancel(true);
        assertThat(old.subList(0, 3)).allMatch(CompletableFuture::isDone);
        for (int i = 0; i < 3; i++) {
            assertThat(skippedCodes(model.decide("a"))).containsExactly("breaker-open");
        }
        assertThat(running).as("one probe, as configured").hasSize(5);
        running.get(4).complete("well");
        var next = model.decideAsync("a");
        assertThat(running).as("closed again").hasSize(6);
        assertThat(next).isNotDone();
    }

    /** Who counts what the model does not answer by itself must know. */
    @Test
    void breakerThatAContainmentHasOpened_saysSo() {
        GuardedModel<String, String> model = guard().route("v2", input -> "fine")
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.ofDefaults())
                .build();
        ((RouteControl) model).openBreaker("v2");
        assertThat(skippedCodes(model.decide("a"))).containsExactly("breaker-opened");
    }

    /** Whoever sees a change of state late must not bring the old one back, or the probe's permit is nobody's. */
    @Test
    void manyCallersOfAModelThatRecovers_loseNoProbe() throws Exception {
        GuardedModel<String, String> model = guard().route("v2", input -> "fine")
                .fallback("v1", input -> "old")
                .breaker(nervous().build())
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try {
            for (int round = 0; round < 100; round++) {
                ((RouteControl) model).openBreaker("v2");
                List<Callable<Object>> tasks = java.util.Collections.nCopies(16, () -> {
                    awaitFine(model); // a lost probe would be missed for half a minute
                    return "fine";
                });
                long start = System.nanoTime();
                for (Future<Object> each : callers.invokeAll(tasks)) {
                    assertThat(each.get()).isEqualTo("fine");
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            }
        } finally {
            callers.shutdown();
        }
        assertThat(records("breaker.changed"))
                .as("nothing has failed")
                .noneMatch(each -> "open".equals(each.members().get("to"))
                        && "results".equals(each.members().get("reason")));
    }
}
