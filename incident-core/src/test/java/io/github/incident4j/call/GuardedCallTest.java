// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.RefusedException;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.runtime.IncidentRuntime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedCallTest {
    private static final Cause CAUSE = Cause.by("test").because("a test");
    private static final Finding FINDING = new Finding("rule", "category", "message");

    @TempDir
    Path directory;

    private IncidentRuntime runtime;

    @BeforeEach
    void open() {
        runtime = IncidentRuntime.builder().directory(directory).build();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private GuardBuilder<String, String> guard() {
        return runtime.guard("model");
    }

    private List<TrailRecord> decisions() {
        assertThat(runtime.awaitQuiet(Duration.ofSeconds(30))).isTrue();
        try (Stream<TrailRecord> records = runtime.trail().records()) {
            return records.filter(each -> each.type().equals("decision")).toList();
        }
    }

    @Test
    void soundPrimary_answersAndIsRecorded() {
        GuardedModel<String, String> model = guard().route("v2", input -> input + "!")
                .fallback("v1", input -> "old")
                .build();
        Decision<String> decision = model.decide("a");
        Decision.Answered<String> answered = (Decision.Answered<String>) decision;
        assertThat(answered.route()).isEqualTo("v2");
        assertThat(answered.output()).isEqualTo("a!");
        assertThat(answered.skipped()).isEmpty();
        assertThat(decisions())
                .singleElement()
                .satisfies(each -> assertThat(each.members())
                        .containsEntry("id", decision.id().toString())
                        .containsEntry("outcome", "answered")
                        .containsEntry("route", "v2"));
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("broken"),
                new IOException("checked"),
                new SocketTimeoutException("slow"),
                new AssertionError("an error"),
                new NoClassDefFoundError("missing"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failingPrimary_isReplacedByTheFallback(Throwable failure) {
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw thrown(failure);
                })
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(model.decide("a").skipped()).containsExactly(new Skipped("v2", new Failure.ModelError(failure)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void nobodyAnswers_hostsOwnExceptionSurfacesUnchanged(Throwable failure) {
        IllegalArgumentException second = new IllegalArgumentException("second");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw thrown(failure);
                })
                .fallback("v1", input -> {
                    throw second;
                })
                .build();
        assertThatThrownBy(() -> model.call("a")).isSameAs(failure).hasSuppressedException(second);
    }

    @Test
    void oneSharedException_doesNotGrowWithoutBound() {
        RuntimeException shared = new RuntimeException("shared");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw shared;
                })
                .fallback("v1", input -> {
                    throw new RuntimeException("fresh");
                })
                .withoutBreaker()
                .build();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> model.call("a")).isSameAs(shared);
        }
        assertThat(shared.getSuppressed()).hasSizeLessThanOrEqualTo(2);
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
        AtomicInteger calls = new AtomicInteger();
        Script script = new Script();
        script.failure = new IllegalStateException("open the breaker");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    calls.incrementAndGet();
                    Throwable failure = script.failure;
                    if (failure != null) {
                        throw thrown(failure);
                    }
                    return "fine";
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        awaitProbe(model, calls);
        script.failure = interruption;
        boolean interrupted = false;
        while (calls.get() < 3) { // until the breaker lets the probe through
            try {
                assertThat(model.call("a")).isEqualTo("old");
            } catch (Throwable thrown) {
                assertThat(thrown).isSameAs(interruption);
                interrupted = true;
            }
        }
        assertThat(interrupted).as("the interruption reached the caller").isTrue();
        assertThat(Thread.interrupted()).isEqualTo(interruption instanceof InterruptedException);
        script.failure = null;
        int before = calls.get();
        while (calls.get() == before) { // would never end if the permit were lost
            model.call("a");
        }
        assertThat(model.call("a")).isEqualTo("fine");
    }

    /** Lets the breaker open again, so that what follows is a probe in the half-open state. */
    private static void awaitProbe(GuardedModel<String, String> model, AtomicInteger calls) {
        while (calls.get() < 2) {
            model.call("a");
        }
    }

    @Test
    void virtualMachineError_isPassedOnAtOnceAndRecorded() {
        OutOfMemoryError error = new OutOfMemoryError("simulated");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    throw error;
                })
                .fallback("v1", input -> "old")
                .build();
        assertThatThrownBy(() -> model.call("a")).isSameAs(error);
        assertThat(decisions())
                .singleElement()
                .satisfies(each -> assertThat(each.members()).containsEntry("outcome", "refused"));
    }

    @Test
    void nullAnswer_isAFailure() {
        GuardedModel<String, String> model = guard().route("v2", input -> missing())
                .fallback("v1", input -> "old")
                .build();
        assertThat(model.decide("a").skipped())
                .containsExactly(new Skipped("v2", new Failure.NoAnswer("the model call returned null")));
    }

    @SuppressWarnings("NullAway") // that a model breaks its contract is what is tested
    private static String missing() {
        return null;
    }

    @Test
    void kills_ofEveryScopeAreObeyed() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .segment("size", input -> input.length() > 3 ? "long" : "short")
                .segment("tenant")
                .build();
        Scope route = Scope.model("model").route("v2");
        runtime.switches().kill(route, CAUSE);
        assertThat(model.call("a")).isEqualTo("old");
        runtime.switches().restore(route, CAUSE);
        assertThat(model.call("a")).isEqualTo("new");

        Scope segment = route.segment("size", "long");
        runtime.switches().kill(segment, CAUSE);
        assertThat(model.call("long input")).isEqualTo("old");
        assertThat(model.call("a")).isEqualTo("new");

        runtime.switches().kill(Scope.model("model").segment("tenant", "acme"), CAUSE);
        assertThat(model.decide("a", CallContext.of("tenant", "acme"))).isInstanceOf(Decision.Refused.class);
        assertThat(model.decide("a", CallContext.of("tenant", "other"))).isInstanceOf(Decision.Answered.class);

        runtime.switches().kill(Scope.everything(), CAUSE);
        assertThatThrownBy(() -> model.call("a")).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.failure()).isInstanceOf(Failure.Killed.class);
            assertThat(refused.getStackTrace()).isEmpty();
            assertThat(refused).hasMessageContaining("killed by test because: a test");
        });
    }

    @Test
    void killDuringTheCall_stopsTheNextRoute() {
        AtomicInteger called = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    runtime.switches().kill(Scope.model("model").route("v1"), CAUSE);
                    throw new IllegalStateException("broken");
                })
                .fallback("v1", input -> "old " + called.incrementAndGet())
                .build();
        assertThatThrownBy(() -> model.call("a")).hasMessage("broken");
        assertThat(called).hasValue(0);
    }

    @Test
    void inputGuardrails_blockRewriteAndFlag() {
        GuardedModel<String, String> model = guard().route("v2", input -> input)
                .input(rail(value -> value.equals("bad") ? Verdict.block(FINDING) : Verdict.pass()))
                .input(rail(value -> value.equals("raw") ? Verdict.rewrite("cooked", FINDING) : Verdict.pass()))
                .input(rail(value -> value.equals("odd") ? Verdict.flag(FINDING) : Verdict.pass()))
                .build();
        assertThat(((Decision.Refused<String>) model.decide("bad")).failure()).isInstanceOf(Failure.InputBlocked.class);
        assertThat(model.call("raw")).isEqualTo("cooked");
        assertThat(model.decide("odd").judgements()).hasSize(1);
        assertThat(model.decide("fine").judgements()).isEmpty();
    }

    @Test
    void outputGuardrails_blockToTheNextRouteAndRetryOnce() {
        AtomicInteger answers = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "answer " + answers.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> value.equals("answer 1") ? Verdict.retry(FINDING) : Verdict.pass()))
                .output(rail(value -> value.equals("answer 3") ? Verdict.block(FINDING) : Verdict.pass()))
                .build();
        assertThat(model.call("a")).isEqualTo("answer 2");
        assertThat(model.call("a")).isEqualTo("old");

        answers.set(0);
        GuardedModel<String, String> insisting = runtime.<String, String>guard("insisting")
                .route("v2", input -> "answer " + answers.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> value.startsWith("answer") ? Verdict.retry(FINDING) : Verdict.pass()))
                .build();
        assertThat(insisting.call("a")).isEqualTo("old");
        assertThat(answers).as("asked once more, and no more often").hasValue(2);
    }

    @Test
    void brokenGuardrail_hasBlocked() {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .output(rail(value -> {
                    if (value.equals("new")) {
                        throw new IllegalStateException("a broken guardrail");
                    }
                    return Verdict.pass();
                }))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
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

    /** resilience4j's own default is to wait for ever. */
    @Test
    void probeThatNeverComesBack_doesNotLeaveTheBreakerHalfOpen() throws Exception {
        java.util.concurrent.CountDownLatch stuck = new java.util.concurrent.CountDownLatch(1);
        Script script = new Script();
        script.failure = new IllegalStateException("open the breaker");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (input.equals("probe")) {
                        stuck.await();
                    }
                    Throwable failure = script.failure;
                    if (failure != null) {
                        throw thrown(failure);
                    }
                    return "fine";
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .maxWaitDurationInHalfOpenState(Duration.ofMillis(50))
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        Thread probe = new Thread(() -> {
            while (model.call("probe").equals("old") && stuck.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        probe.setDaemon(true);
        probe.start();
        script.failure = null;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!model.call("a").equals("fine")) {
            assertThat(System.nanoTime()).as("half-open for ever").isLessThan(end);
        }
        stuck.countDown();
        probe.join();
    }

    /** One stack overflow in a probe left resilience4j's decorated calls half-open for ever. */
    @Test
    void stackOverflowInAProbe_givesThePermitBack() {
        Script script = new Script();
        script.failure = new IllegalStateException("open the breaker");
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    Throwable failure = script.failure;
                    if (failure != null) {
                        throw thrown(failure);
                    }
                    return "fine";
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(1))
                        .build())
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        script.failure = new StackOverflowError();
        boolean overflowed = false;
        while (!overflowed) {
            try {
                model.call("a");
            } catch (StackOverflowError e) {
                overflowed = true;
            }
        }
        script.failure = null;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!model.call("a").equals("fine")) {
            assertThat(System.nanoTime()).as("half-open for ever").isLessThan(end);
        }
    }

    /** A model that fails when a guardrail has it asked again must not hang the call. */
    @Test
    void failureOfTheSecondAnswer_goesToTheNextRoute() {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> {
                    if (asked.getAndIncrement() > 0) {
                        throw new IOException("the provider is down");
                    }
                    return "unfit";
                })
                .fallback("v1", input -> "old")
                .output(rail(value -> value.equals("unfit") ? Verdict.retry(FINDING) : Verdict.pass()))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(asked).hasValue(2);
    }

    @Test
    void killBetweenAnswerAndSecondAnswer_isObeyed() {
        AtomicInteger asked = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "answer " + asked.incrementAndGet())
                .fallback("v1", input -> "old")
                .output(rail(value -> {
                    if (value.equals("old")) {
                        return Verdict.pass();
                    }
                    runtime.switches().kill(Scope.model("model").route("v2"), CAUSE);
                    return Verdict.retry(FINDING);
                }))
                .build();
        assertThat(model.call("a")).isEqualTo("old");
        assertThat(asked).hasValue(1);
    }

    @Test
    void guardrails_runInTheOrderInWhichTheyWereAdded() {
        List<String> order = new java.util.ArrayList<>();
        GuardBuilder<String, String> builder = guard().route("v2", input -> input);
        for (String name : List.of("a", "b", "c")) {
            builder.input(rail(value -> {
                        order.add("in " + name);
                        return Verdict.pass();
                    }))
                    .output(rail(value -> {
                        order.add("out " + name);
                        return Verdict.pass();
                    }));
        }
        builder.build().call("x");
        assertThat(order).containsExactly("in a", "in b", "in c", "out a", "out b", "out c");
    }

    @Test
    void interruptedGuardrail_triesNoOtherRoute() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old " + calls.incrementAndGet())
                .output(rail(value -> {
                    throw thrown(new InterruptedException("stop"));
                }))
                .build();
        assertThatThrownBy(() -> model.call("a")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(0);
        assertThat(decisions()).hasSize(1);
    }

    @Test
    void switchesOfOthers_leaveAModelAloneUntilOneIsItsOwn() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> bare = runtime.<String, String>guard("bare")
                .route("v2", input -> "new " + calls.incrementAndGet())
                .withoutAuditTrail()
                .withoutBreaker()
                .build();
        runtime.switches().kill(Scope.model("other"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 1");
        assertThat(bare.call("a")).isEqualTo("new 2");
        runtime.switches().kill(Scope.model("bare").route("v2"), CAUSE);
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        runtime.switches().restore(Scope.model("bare").route("v2"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 3");
        runtime.switches().kill(Scope.everything().feature("chat"), CAUSE);
        assertThat(bare.call("a")).isEqualTo("new 4");
        runtime.switches().kill(Scope.everything(), CAUSE);
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        assertThat(calls).hasValue(4);
    }

    @Test
    void closedRuntime_letsNothingThrough() {
        AtomicInteger calls = new AtomicInteger();
        GuardedModel<String, String> model =
                guard().route("v2", input -> "new " + calls.incrementAndGet()).build();
        GuardedModel<String, String> bare = runtime.<String, String>guard("bare")
                .route("v2", input -> "new " + calls.incrementAndGet())
                .withoutAuditTrail()
                .withoutBreaker()
                .build();
        runtime.close();
        assertThat(((Decision.Refused<String>) model.decide("a")).failure()).isEqualTo(new Failure.Closed());
        assertThatThrownBy(() -> bare.call("a")).isInstanceOf(RefusedException.class);
        assertThat(calls).hasValue(0);
    }

    /** What the model does next. */
    private static final class Script {
        private @Nullable Throwable failure;
    }

    private static Guardrail<String> rail(Guardrail<String> rail) {
        return rail;
    }

    private static <X extends Throwable> RuntimeException thrown(Throwable failure) throws X {
        @SuppressWarnings("unchecked") // thrown as it is, whatever it is
        X unchecked = (X) failure;
        throw unchecked;
    }
}
