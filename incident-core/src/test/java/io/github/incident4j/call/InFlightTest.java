// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Scope;
import io.github.incident4j.runtime.IncidentRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls that run when their route is killed. */
class InFlightTest extends CallTestBase {
    private static final Scope ROUTE = Scope.model("model").route("v2");

    private static final RouteOptions<String> IDEMPOTENT =
            RouteOptions.<String>options().idempotent();

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);

    private String slow(String input) throws InterruptedException {
        started.countDown();
        finish.await();
        return "new";
    }

    private Decision<String> decideWhileKilled(GuardedModel<String, String> model, boolean letFinish) throws Exception {
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            var decision = caller.submit(() -> model.decide("a"));
            started.await();
            runtime.switches().kill(ROUTE, CAUSE);
            if (letFinish) {
                finish.countDown();
            }
            return decision.get(30, TimeUnit.SECONDS);
        } finally {
            caller.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void choice_decides(InFlight choice) throws Exception {
        GuardedModel<String, String> model = guard().route("v2", this::slow, IDEMPOTENT)
                .fallback("v1", input -> "old " + Thread.currentThread().isInterrupted())
                .inFlight(choice)
                .build();
        Decision<String> decision = decideWhileKilled(model, choice != InFlight.CANCEL);
        assertThat(((Decision.Answered<String>) decision).output())
                .isEqualTo(choice == InFlight.FINISH ? "new" : "old false");
        assertThat(skippedCodes(decision)).isEqualTo(choice == InFlight.FINISH ? List.of() : List.of("killed"));
        assertThat(records("decision")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void choice_alsoHoldsWhileGuardrailsJudge(InFlight choice) throws Exception {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .rule(FallbackRule.when(Failure.Killed.class).to("v1"))
                .inFlight(choice)
                .output(value -> {
                    if (value.equals("new")) {
                        runtime.switches().kill(ROUTE, CAUSE);
                    }
                    return Verdict.pass();
                })
                .build();
        String expected = choice == InFlight.FINISH ? "v2" : "v1";
        Decision<String> decision = model.decide("a");
        assertThat(routeOf(decision)).isEqualTo(expected);
        assertThat(skippedCodes(decision)).isEqualTo(choice == InFlight.FINISH ? List.of() : List.of("killed"));
        runtime.switches().restore(ROUTE, CAUSE);
        assertThat(routeOf(model.decideAsync("a").get(30, TimeUnit.SECONDS))).isEqualTo(expected);
    }

    /** As for calls that begin later: what the switch prefers, or that nothing answers. */
    @Test
    void killOfARunningCall_saysWhatAnswersInstead() {
        assertThat(failureOf(killedWhileItRuns("refuse", SwitchState.killedRefusing())))
                .isInstanceOf(Failure.Killed.class);
        assertThat(routeOf(killedWhileItRuns("prefer", SwitchState.killedPreferring("person"))))
                .isEqualTo("person");
        assertThat(routeOf(killedWhileItRuns("by-rule", SwitchState.killed()))).isEqualTo("v1");
    }

    private Decision<String> killedWhileItRuns(String model, SwitchState.Killed kill) {
        return runtime.<String, String>guard(model)
                .route("v2", input -> {
                    runtime.switches().kill(Scope.model(model).route("v2"), kill, CAUSE);
                    return "new";
                })
                .fallback("v1", input -> "old")
                .ruleFallback("person", input -> "person")
                .inFlight(InFlight.DISCARD)
                .build()
                .decide("a");
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void choice_alsoHoldsWhileAnElementIsJudged(InFlight choice) throws Exception {
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("model")
                .callbackRoute("v2", (input, sink) -> {
                    sink.next("new");
                    sink.complete();
                })
                .callbackFallback("v1", (input, sink) -> {
                    sink.next("old");
                    sink.complete();
                })
                .rule(FallbackRule.when(Failure.Killed.class).to("v1"))
                .inFlight(choice)
                .element(value -> {
                    if (value.equals("new")) {
                        runtime.switches().kill(ROUTE, CAUSE);
                    }
                    return Verdict.pass();
                })
                .build();
        Reader reader = new Reader(10);
        stream.open("a").subscribe(reader);
        assertThat(reader.end()).isEqualTo("complete");
        assertThat(reader.got).containsExactly(choice == InFlight.FINISH ? "new" : "old");
    }

    /** As after a time-out: nobody knows how far the stopped call came. */
    @Test
    void cancelledRouteThatIsNotIdempotent_fallsBackOnlyIfARuleSaysSo() throws Exception {
        GuardedModel<String, String> cautious = guard().route("v2", this::slow)
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        assertThat(failureOf(decideWhileKilled(cautious, false))).isInstanceOf(Failure.Killed.class);
        assertThat(routeOf(cautious.decide("a")))
                .as("what has not begun does no harm elsewhere")
                .isEqualTo("v1");
        runtime.switches().restore(ROUTE, CAUSE);
        CompletableFuture<String> running = new CompletableFuture<>();
        GuardedModel<String, String> told = runtime.<String, String>guard("told")
                .asyncRoute("v2", input -> running, RouteOptions.options())
                .fallback("v1", input -> "old")
                .rule(FallbackRule.when(Failure.Killed.class).to("v1"))
                .inFlight(InFlight.CANCEL)
                .build();
        CompletableFuture<Decision<String>> decision = told.decideAsync("a");
        runtime.switches().kill(Scope.model("told").route("v2"), CAUSE);
        assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
    }

    /** Who kills does not know what has half happened. */
    @Test
    void cancelledRouteThatIsNotIdempotent_isNotFollowedByWhatTheKillPrefers() throws Exception {
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2", input -> new CompletableFuture<>(), RouteOptions.options())
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        CompletableFuture<Decision<String>> running = model.decideAsync("a");
        runtime.switches().kill(ROUTE, SwitchState.killedPreferring("v1"), CAUSE);
        assertThat(failureOf(running.get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Killed.class);
        assertThat(routeOf(model.decide("a"))).as("what has not begun").isEqualTo("v1");
    }

    /** What is cancelled is the host's own future: calls that share one give each a copy. */
    @Test
    void cancelOfACopy_leavesTheOthersOfASharedFuture() throws Exception {
        CompletableFuture<String> shared = new CompletableFuture<>();
        GuardedModel<String, String> model = guard().asyncRoute("v2", input -> shared.copy(), IDEMPOTENT)
                .fallback("v1", input -> "old")
                .segment("tenant")
                .inFlight(InFlight.CANCEL)
                .build();
        CompletableFuture<Decision<String>> stopped = model.decideAsync("a", CallContext.of("tenant", "acme"));
        CompletableFuture<Decision<String>> other = model.decideAsync("a", CallContext.of("tenant", "other"));
        runtime.switches().kill(ROUTE.segment("tenant", "acme"), CAUSE);
        assertThat(routeOf(stopped.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        shared.complete("new");
        assertThat(routeOf(other.get(30, TimeUnit.SECONDS))).isEqualTo("v2");
    }

    @Test
    void cancel_reachesExecutorsAndFutures() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            GuardedModel<String, String> model = guard().route("v2", this::slow, IDEMPOTENT.executor(executor))
                    .fallback("v1", input -> "old")
                    .inFlight(InFlight.CANCEL)
                    .build();
            assertThat(routeOf(decideWhileKilled(model, false))).isEqualTo("v1");
        } finally {
            executor.shutdownNow();
        }
        CompletableFuture<String> running = new CompletableFuture<>();
        GuardedModel<String, String> later = runtime.<String, String>guard("later")
                .asyncRoute("v2", input -> running, IDEMPOTENT)
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        CompletableFuture<Decision<String>> decision = later.decideAsync("a");
        runtime.switches().kill(Scope.model("later").route("v2"), CAUSE);
        assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        Eventually.until(running::isCancelled);
    }

    /** A host whose future throws when it is cancelled, and one of which the cancel does not come back. */
    @Test
    void cancelThatThrowsOrHangs_neitherBreaksNorHoldsUpTheKill() throws Exception {
        CountDownLatch cancelling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> throwing = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                throw new IllegalStateException("the client is closed");
            }
        };
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<String> hanging = new CompletableFuture<>();
        var unused = hanging.whenComplete((output, thrown) -> {
            cancelling.countDown();
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                over.set(true);
            }
        });
        CompletableFuture<String> sound = new CompletableFuture<>();
        Map<String, CompletableFuture<String>> futures =
                Map.of("throwing", throwing, "hanging", hanging, "sound", sound);
        GuardedModel<String, String> model = guard().asyncRoute(
                        "v2", input -> java.util.Objects.requireNonNull(futures.get(input)), IDEMPOTENT)
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        List<CompletableFuture<Decision<String>>> decisions =
                List.of(model.decideAsync("throwing"), model.decideAsync("hanging"), model.decideAsync("sound"));

        assertThat(runtime.switches().kill(ROUTE, CAUSE).durable()).isTrue();
        assertThat(over).as("the kill is back, the cancel is not").isFalse();
        for (CompletableFuture<Decision<String>> decision : decisions) {
            assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        }
        Eventually.until(sound::isCancelled);
        assertThat(cancelling.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(directory.resolve("switches.json"))).contains("\"route\" : \"v2\"");
        assertThat(records("switch.killed")).hasSize(1);
        goOn.countDown();
    }

    /** The kill itself waits for its disk; the calls that it stops do not. */
    @Test
    void storeThatHangs_doesNotHoldUpTheCancel() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SwitchStore store = new SwitchStore() {
            private final SwitchStore inMemory = SwitchSources.inMemory("hanging");

            @Override
            public String name() {
                return "hanging";
            }

            @Override
            public SwitchSnapshot read() throws IOException {
                return inMemory.read();
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) throws IOException {
                if (!next.switches().isEmpty()) {
                    storing.countDown();
                    try {
                        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return inMemory.replace(expected, next);
            }

            @Override
            public String setAside() throws IOException {
                return inMemory.setAside();
            }
        };
        ExecutorService threads = Executors.newCachedThreadPool();
        try (IncidentRuntime hanging =
                IncidentRuntime.builder().ephemeral().switchStore(store).build()) {
            GuardedModel<String, String> model = hanging.<String, String>guard("model")
                    .route("v2", this::slow, IDEMPOTENT)
                    .fallback("v1", input -> "old")
                    .inFlight(InFlight.CANCEL)
                    .build();
            var decision = threads.submit(() -> model.decide("a"));
            started.await();
            var kill = threads.submit(() -> hanging.switches().kill(ROUTE, CAUSE));
            assertThat(storing.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
            assertThat(kill).isNotDone();
            goOn.countDown();
            assertThat(kill.get(30, TimeUnit.SECONDS).durable()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void killOfAnotherSegment_stopsNobodyElse() throws Exception {
        GuardedModel<String, String> model = guard().route("v2", this::slow)
                .fallback("v1", input -> "old")
                .segment("tenant")
                .inFlight(InFlight.CANCEL)
                .build();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            var decision = caller.submit(() -> model.decide("a", CallContext.of("tenant", "acme")));
            started.await();
            runtime.switches().kill(ROUTE.segment("tenant", "other"), CAUSE);
            finish.countDown();
            assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v2");
        } finally {
            caller.shutdownNow();
        }
    }

    /**
     * Threads call while another kills and restores: when a kill has returned, no call that begins afterwards reaches
     * the route, and every call leaves one record.
     */
    @ParameterizedTest
    @EnumSource(InFlight.class)
    void killAgainstCalls_noCallThatBeginsAfterwardsReachesTheRoute(InFlight choice) throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        AtomicInteger violations = new AtomicInteger();
        AtomicIntegerArray calls = new AtomicIntegerArray(3);
        AtomicBoolean end = new AtomicBoolean();
        ThreadLocal<Boolean> begunUnderAKill = ThreadLocal.withInitial(() -> false);
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> {
                            if (begunUnderAKill.get()) {
                                violations.incrementAndGet();
                            }
                            return "new";
                        },
                        IDEMPOTENT)
                .fallback("v1", input -> "old")
                .inFlight(choice)
                .build();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < calls.length(); t++) {
            int mine = t;
            Thread thread = new Thread(() -> {
                while (!end.get()) {
                    begunUnderAKill.set(killed.get());
                    model.decide("a");
                    calls.incrementAndGet(mine);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (int i = 0; i < 100; i++) {
            runtime.switches().kill(ROUTE, CAUSE);
            killed.set(true);
            awaitFromEach(calls, 7);
            killed.set(false);
            awaitFromEach(calls, 2); // by then those that began under the kill are done, on every thread
            runtime.switches().restore(ROUTE, CAUSE);
        }
        end.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(violations).hasValue(0);
        long lost = records("trail.gap").stream()
                .mapToLong(each -> ((Number)
                                java.util.Objects.requireNonNull(each.members().get("lost")))
                        .longValue())
                .sum();
        assertThat(records("decision").size() + lost)
                .as("one record for each call, or one that the trail admits to have lost")
                .isEqualTo(IntStream.range(0, calls.length()).map(calls::get).sum());
    }

    /** Waits until each thread has ended so many more calls: the second of them began after the wait did. */
    private static void awaitFromEach(AtomicIntegerArray calls, int more) {
        int[] before = IntStream.range(0, calls.length()).map(calls::get).toArray();
        Eventually.until(
                () -> IntStream.range(0, before.length).allMatch(each -> calls.get(each) >= before[each] + more));
    }

    /** What waits for its executor has done nothing, so that another route may answer. */
    @Test
    void cancelledCallThatNeverBegan_fallsBack() throws Exception {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", RouteOptions.<String>options().executor(queue::add))
                .fallback("v1", input -> "old")
                .inFlight(InFlight.CANCEL)
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        assertThat(queue).hasSize(1);
        runtime.switches().kill(ROUTE, CAUSE);
        assertThat(routeOf(decision.get(30, TimeUnit.SECONDS))).isEqualTo("v1");
        queue.get(0).run();
        assertThat(records("decision")).hasSize(1);
    }

    /** As if it had been killed before: for those who wait here and those who do not, whatever the choice. */
    @ParameterizedTest
    @EnumSource(InFlight.class)
    void callThatAKillFindsInAnExecutorsQueue_neverBegins(InFlight choice) throws Exception {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        AtomicInteger began = new AtomicInteger();
        GuardedModel<String, String> model = guard().route(
                        "v2",
                        input -> "new " + began.incrementAndGet(),
                        RouteOptions.<String>options().executor(queue::add).maxConcurrent(3))
                .fallback("v1", input -> "old")
                .fallback("v0", input -> "oldest")
                .trafficKey(input -> input)
                .inFlight(choice)
                .build();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            var here = caller.submit(() -> model.decide("a"));
            Eventually.until(() -> queue.size() == 1);
            CompletableFuture<Decision<String>> later = model.decideAsync("a");
            CompletableFuture<Decision<String>> other = model.decideAsync("other");
            runtime.switches().kill(ROUTE.segment("tenant", "acme"), CAUSE);
            runtime.switches().kill(Scope.model("model").route("v9"), CAUSE);
            queue.remove(2).run();
            assertThat(routeOf(other.get(30, TimeUnit.SECONDS)))
                    .as("the kill of somebody else")
                    .isEqualTo("v2");
            runtime.switches().kill(ROUTE, SwitchState.killedPreferring("v0"), CAUSE);
            queue.forEach(Runnable::run);
            for (Decision<String> decision : List.of(here.get(30, TimeUnit.SECONDS), later.get(30, TimeUnit.SECONDS))) {
                assertThat(routeOf(decision)).isEqualTo("v0");
                assertThat(skippedCodes(decision)).containsExactly("killed");
            }
            assertThat(began).hasValue(1);
            assertThat(records("decision")).hasSize(3);
            runtime.switches().restore(ROUTE, CAUSE);
            queue.clear();
            List<CompletableFuture<Decision<String>>> all =
                    List.of(model.decideAsync("a"), model.decideAsync("a"), model.decideAsync("a"));
            assertThat(queue).as("every permit is back").hasSize(3);
            queue.forEach(Runnable::run);
            for (CompletableFuture<Decision<String>> each : all) {
                assertThat(routeOf(each.get(30, TimeUnit.SECONDS))).isEqualTo("v2");
            }
        } finally {
            caller.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(InFlight.class)
    void callThatACloseFindsInAnExecutorsQueue_isRefusedAsClosed(InFlight choice) throws Exception {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        GuardedModel<String, String> model = guard().route(
                        "v2", input -> "new", RouteOptions.<String>options().executor(queue::add))
                .fallback("v1", input -> "old")
                .inFlight(choice)
                .build();
        CompletableFuture<Decision<String>> decision = model.decideAsync("a");
        runtime.close();
        queue.forEach(Runnable::run);
        assertThat(failureOf(decision.get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Closed.class);
    }

    /** The answer is not given before its record is on the disk; a kill until then is a kill during the call. */
    @ParameterizedTest
    @EnumSource(InFlight.class)
    void choice_alsoHoldsWhileTheAnswerWaitsForTheDisk(InFlight choice) throws Exception {
        GuardedModel<String, String> model = guard().route("v2", input -> "new")
                .inFlight(choice)
                .durability(Durability.DURABLE)
                .audit(AuditOptions.<String, String>options().usage(output -> {
                    runtime.switches().kill(ROUTE, CAUSE); // when the guardrails are through and the record is made
                    return null;
                }))
                .build();
        Decision<String> decision = model.decide("a");
        if (choice == InFlight.FINISH) {
            assertThat(routeOf(decision)).isEqualTo("v2");
            assertThat(records("decision.withdrawn")).isEmpty();
        } else {
            assertThat(failureOf(decision)).isInstanceOf(Failure.Killed.class);
            assertThat(records("decision.withdrawn"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.members())
                            .containsEntry("id", decision.id().toString())
                            .containsEntry("failure", "killed"));
        }
        assertThat(records("decision")).hasSize(1);
    }

    /** A wait before a retry is a part of the call: neither a kill nor the end of the runtime waits for it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitForARetry_endsWithTheKill(boolean later) throws Exception {
        GuardedModel<String, String> model =
                waitingLong().inFlight(InFlight.CANCEL).build();
        CompletableFuture<Decision<String>> decision = begun(model, later);
        runtime.switches().kill(ROUTE, CAUSE);
        assertThat(skippedCodes(decision.get(30, TimeUnit.SECONDS))).containsExactly("model-error", "killed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitForARetry_endsWithTheRuntime(boolean later) throws Exception {
        CompletableFuture<Decision<String>> decision = begun(waitingLong().build(), later);
        runtime.close();
        assertThat(skippedCodes(decision.get(30, TimeUnit.SECONDS))).containsExactly("model-error", "closed");
    }

    private GuardBuilder<String, String> waitingLong() {
        return guard().route("v2", input -> {
                    started.countDown();
                    throw new IOException("busy");
                })
                .rule(FallbackRule.whenThrown(IOException.class)
                        .retry(1, Backoff.fixed(Duration.ofMinutes(5)))
                        .thenRefuse());
    }

    private CompletableFuture<Decision<String>> begun(GuardedModel<String, String> model, boolean later)
            throws InterruptedException {
        CompletableFuture<Decision<String>> decision = new CompletableFuture<>();
        if (later) {
            decision = model.decideAsync("a");
        } else {
            CompletableFuture<Decision<String>> here = decision;
            Thread caller = new Thread(() -> here.complete(model.decide("a")));
            caller.start();
            started.await();
            Eventually.until(() -> caller.getState() == Thread.State.TIMED_WAITING);
        }
        started.await();
        return decision;
    }

    /** That nobody waits is known before the model is asked, as where its key is read for a switch. */
    @ParameterizedTest
    @EnumSource(
            value = InFlight.class,
            names = {"DISCARD", "CANCEL"})
    void keyThatTellsOfACancellation_endsAStreamThatHasTakenNothing(InFlight choice) throws Exception {
        AtomicInteger opened = new AtomicInteger();
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("model")
                .callbackRoute("v2", (input, sink) -> {
                    opened.incrementAndGet();
                    sink.complete();
                })
                .trafficKey(input -> {
                    if (input.equals("bad")) {
                        throw new CancellationException("nobody waits");
                    }
                    return input;
                })
                .inFlight(choice)
                .maxConcurrent(1)
                .build();
        Reader reader = new Reader(10);
        StreamingCall<String> call = stream.open("bad");
        call.subscribe(reader);
        assertThat(reader.end()).contains("nobody waits");
        assertThat(failureOf(call.decision().get(30, TimeUnit.SECONDS))).isInstanceOf(Failure.Cancelled.class);
        assertThat(opened).hasValue(0);
        StreamingCall<String> next = stream.open("good");
        next.subscribe(new Reader(10));
        assertThat(routeOf(next.decision().get(30, TimeUnit.SECONDS))).isEqualTo("v2");
        assertThat(records("decision")).hasSize(2);
    }

    /** By the thread and in the context of who subscribes, so that a kill midway finds the caller's share. */
    @ParameterizedTest
    @EnumSource(
            value = InFlight.class,
            names = {"DISCARD", "CANCEL"})
    void keyOfAStream_isReadWhereItBegins(InFlight choice) throws Exception {
        Hand hand = new Hand();
        List<Thread> readers = new CopyOnWriteArrayList<>();
        GuardedStream<String, String> stream = runtime.<String, String>guardStream("model")
                .route("v2", input -> hand)
                .trafficKey(input -> {
                    readers.add(Thread.currentThread());
                    return input;
                })
                .inFlight(choice)
                .build();
        Reader reader = new Reader(10);
        stream.open("a").subscribe(reader);
        runtime.switches().kill(Scope.model("model").share(1), CAUSE);
        Thread model = new Thread(() -> hand.to().onNext("one"));
        model.start();
        model.join();
        assertThat(reader.end()).contains("killed");
        assertThat(readers).containsExactly(Thread.currentThread());
    }
}
