// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static io.github.incident4j.killswitch.SourcePolicy.Stale.KILL_EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.LogOutput;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.call.RouteOptions;
import io.github.incident4j.call.StreamSummary;
import io.github.incident4j.call.StreamingCall;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.killswitch.SourcePolicy;
import io.github.incident4j.killswitch.SwitchSnapshot;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchStore;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {
    @RegisterExtension
    final LogOutput log = new LogOutput();

    private static final Cause CAUSE = Cause.by("test").because("a test");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private IncidentRuntime open() {
        return IncidentRuntime.builder().directory(directory).build();
    }

    private static GuardedModel<String, String> guard(IncidentRuntime runtime, String name) {
        return runtime.<String, String>guard(name)
                .route("v2", input -> input + "!")
                .fallback("v1", input -> input)
                .build();
    }

    @Test
    void ephemeralRuntime_saysAtTheStartWhatItDoesNotKeep() {
        IncidentRuntime.builder().ephemeral().build().close();
        assertThat(log.text()).contains("ephemeral", "no audit trail", "forgets kills and incidents");
    }

    @Test
    void ephemeralRuntime_guardsAndKeepsNothing() {
        try (IncidentRuntime runtime = IncidentRuntime.builder().ephemeral().build()) {
            GuardedModel<String, String> model = guard(runtime, "model");
            assertThat(model.call("a")).isEqualTo("a!");
            assertThat(runtime.switches()
                            .kill(Scope.model("model").route("v2"), CAUSE)
                            .inForce())
                    .isTrue();
            assertThat(model.call("a")).isEqualTo("a");
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            assertThatThrownBy(runtime::trail).hasMessageContaining("ephemeral()");
        }
        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> IncidentRuntime.builder().build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ephemeral()");
        assertThatThrownBy(() -> IncidentRuntime.builder()
                        .directory(directory)
                        .ephemeral()
                        .build())
                .hasMessageContaining("leave one of them out");
    }

    /** One never acts, the other one would always. */
    @Test
    @SuppressWarnings("NullAway") // what happens to a host that breaks the contract is what is tested
    void sourcePolicies_thatCannotWorkAreFaults() {
        assertThatThrownBy(() -> IncidentRuntime.builder()
                        .ephemeral()
                        .switchSource(
                                SwitchSources.inMemory("never"), new SourcePolicy(Optional.empty(), KILL_EVERYTHING))
                        .switchSource(SwitchSources.inMemory("always"), SourcePolicy.killedAfter(Duration.ZERO))
                        .switchSource(SwitchSources.inMemory("half"), new SourcePolicy(null, KILL_EVERYTHING))
                        .switchSource(SwitchSources.inMemory("fine"), SourcePolicy.killedAfter(Duration.ofSeconds(1)))
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refused -> assertThat(refused.faults())
                                .containsExactly(
                                        "switch source 'never': it never grows too old without a limit; use killedAfter(…) or"
                                                + " lastKnownGood()",
                                        "switch source 'always': a limit of 0 s for its age is out of range; use 1 s or more,"
                                                + " as it is read four times a second",
                                        "switch source 'half': a part of its policy is null; use"
                                                + " SourcePolicy.lastKnownGood() or killedAfter(limit)"));
    }

    @Test
    void guardInsideAGuard_makesTwoDecisions() {
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> inner = guard(runtime, "inner");
            GuardedModel<String, String> outer = runtime.<String, String>guard("outer")
                    .route("v1", input -> "(" + inner.call(input) + ")")
                    .fallback("v0", input -> "without")
                    .build();
            assertThat(outer.call("a")).isEqualTo("(a!)");
            runtime.switches().kill(Scope.model("inner"), CAUSE);
            assertThat(outer.call("a"))
                    .as("the inner refusal is the outer route's failure")
                    .isEqualTo("without");
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            try (var records = runtime.trail().records()) {
                assertThat(records.filter(each -> each.type().equals("decision"))
                                .count())
                        .isEqualTo(4);
            }
        }
    }

    @Test
    void twoRuntimesInOneProcess_knowNothingOfEachOther() {
        IncidentRuntime one = IncidentRuntime.builder().ephemeral().build();
        try (IncidentRuntime other = IncidentRuntime.builder().ephemeral().build()) {
            GuardedModel<String, String> ofOne = one.<String, String>guard("model")
                    .route("v1", input -> "one")
                    .build();
            GuardedModel<String, String> ofOther = other.<String, String>guard("model")
                    .route("v1", input -> "other")
                    .build();
            one.switches().kill(Scope.everything(), Cause.by("on-call").because("stop"));
            assertThat(ofOne.decide("a")).isInstanceOf(Decision.Refused.class);
            assertThat(ofOther.call("a")).isEqualTo("other");
            one.close();
            assertThat(ofOther.call("a")).as("the other one is open still").isEqualTo("other");
            assertThat(other.awaitQuiet(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void twoRuntimesOnOneDirectory_areRefusedByName() {
        try (IncidentRuntime runtime = open()) {
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            assertThatThrownBy(this::open)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("another runtime uses it: process "
                            + ProcessHandle.current().pid() + " on ")
                    .hasMessageContaining(", started ");
        }
        open().close();
    }

    /** Such as a thread that cannot be started; here the host's store has no words for what is wrong with it. */
    @Test
    void openingThatFailsByAnError_leavesNeitherLockNorThreads() {
        SwitchStore broken = new SwitchStore() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public SwitchSnapshot read() throws IOException {
                throw new IOException("away");
            }

            @Override
            public boolean replace(long expected, SwitchSnapshot next) {
                return false;
            }

            @Override
            public String setAside() {
                return "nowhere";
            }

            @Override
            public String toString() {
                throw new NoClassDefFoundError("some/Words");
            }
        };
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        assertThatThrownBy(() -> IncidentRuntime.builder()
                        .directory(directory)
                        .switchStore(broken)
                        .build())
                .isInstanceOf(NoClassDefFoundError.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("incident4j"));
        open().close();
    }

    /**
     * Where a disk takes nothing to the end, nobody can count what is lost; that it may be is on record all the same.
     */
    @Test
    void runThatCouldNotRecordItsEnd_isNamedByTheNextOne() throws Exception {
        Path log = directory.resolve("trail/log");
        Path away = directory.resolve("away");
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v1", input -> input)
                    .durability(Durability.DURABLE)
                    .build();
            assertThat(model.call("a")).isEqualTo("a");
            Files.move(log, away);
            Files.writeString(log, "a file where the folder was");
            assertThat(model.decide("a")).isInstanceOf(Decision.Refused.class);
        }
        Files.delete(log);
        Files.move(away, log);
        open().close();
        open().close();
        try (var records =
                AuditTrail.in(directory).query().type("runtime.opened").records()) {
            List<Map<String, Object>> openings =
                    records.map(TrailRecord::members).toList();
            assertThat(openings).hasSize(3);
            assertThat(openings.get(0)).doesNotContainKey("not_closed");
            assertThat(openings.get(1).get("not_closed"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("runtime", openings.get(0).get("runtime"))
                    .containsKeys("opened", "last_seen");
            assertThat(openings.get(2)).doesNotContainKey("not_closed");
        }
    }

    /** Its record comes too late, and there is no answer without one. */
    @ParameterizedTest
    @EnumSource(Durability.class)
    void callThatNeedsItsRecord_isRefusedWhenTheRuntimeHasClosedMeanwhile(Durability durability) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answering = new CountDownLatch(1);
        CompletableFuture<Decision<String>> decision;
        try (IncidentRuntime runtime = open()) {
            GuardedModel<String, String> model = runtime.<String, String>guard("model")
                    .route("v1", input -> {
                        asked.countDown();
                        answering.await();
                        return input;
                    })
                    .requireAuditTrail()
                    .durability(durability)
                    .build();
            decision = CompletableFuture.supplyAsync(() -> model.decide("a"));
            asked.await();
        }
        answering.countDown();
        assertThat(decision.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.failure()).isInstanceOf(Failure.TrailRefused.class));
    }

    /** Who goes on calling, and calls again when it is refused, must not keep the runtime from its end. */
    @Test
    void closeUnderLoad_endsAndLetsNothingThrough() throws Exception {
        IncidentRuntime runtime = open();
        GuardedModel<String, String> model = guard(runtime, "model");
        AtomicBoolean end = new AtomicBoolean();
        AtomicBoolean closed = new AtomicBoolean();
        AtomicLong through = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Thread thread = new Thread(() -> {
                while (!end.get()) {
                    boolean wasClosed = closed.get();
                    if (model.decide("a") instanceof Decision.Answered && wasClosed) {
                        through.incrementAndGet();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        Thread closer = new Thread(() -> {
            runtime.close();
            closed.set(true);
        });
        closer.start();
        closer.join(LIMIT.toMillis());
        assertThat(closer.isAlive()).as("close has ended").isFalse();
        long before = System.nanoTime();
        while (System.nanoTime() - before < 20_000_000) {
            Thread.onSpinWait();
        }
        end.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(through).hasValue(0);
        assertThat(AuditTrail.in(directory).verify().fault()).isEmpty();
    }

    @Test
    void switchesOfAConfiguredSource_areInForceFromTheFirstCall() throws IOException {
        Path mounted = directory.resolve("mounted.json");
        Files.writeString(
                mounted,
                "{\"v\": 2, \"switches\": [{\"scope\": {\"model\": \"model\", \"route\": \"v2\"}, \"by\": \"platform\","
                        + " \"because\": \"bad release\"}]}");
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory.resolve("home"))
                .switchSource(SwitchSources.file("platform", mounted))
                .build()) {
            GuardedModel<String, String> model = guard(runtime, "model");
            assertThat(model.call("a")).isEqualTo("a");
            Files.writeString(mounted, "{\"v\": 2, \"switches\": []}");
            long end = System.nanoTime() + LIMIT.toNanos();
            while (model.call("a").equals("a")) {
                assertThat(System.nanoTime()).as("the change was never seen").isLessThan(end);
            }
        }
    }

    @Test
    void scopeThatNobodyIsIn_isPointedOut() {
        try (IncidentRuntime runtime = open()) {
            guard(runtime, "model");
            assertThat(runtime.switches().kill(Scope.model("modle"), CAUSE).message())
                    .contains("no model of the name 'modle' is guarded");
            assertThat(runtime.switches()
                            .kill(Scope.model("model").route("v9"), CAUSE)
                            .message())
                    .contains("no route of the name 'v9'");
            assertThat(runtime.switches()
                            .kill(Scope.model("model").segment("tenant", "acme"), CAUSE)
                            .message())
                    .contains("declares no segment attribute 'tenant'");
            assertThat(runtime.switches().kill(Scope.model("model"), CAUSE).message())
                    .isEmpty();
        }
    }

    /** A pager that was out of order when the process died is told after the restart, and only once. */
    @Test
    void pageThatWasNotDelivered_isToldAfterTheRestart() throws Exception {
        List<IncidentEvent> told = new CopyOnWriteArrayList<>();
        CountDownLatch failed = new CountDownLatch(1);
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .namedListener("sound", told::add)
                .namedListener("pager", event -> {
                    failed.countDown();
                    throw new IOException("503");
                })
                .build()) {
            GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard("model")
                    .route("v1", input -> false)
                    .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                            .baseline(0.1, 10_000)
                            .severity(Severity.P2)
                            .falseAlarmAtMostOncePer(1_000))
                    .build();
            for (int i = 0; i < 200; i++) {
                model.call("a");
            }
            assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told).isNotEmpty();
        int before = told.size();
        List<IncidentEvent> paged = new CopyOnWriteArrayList<>();
        try (IncidentRuntime again = IncidentRuntime.builder()
                .directory(directory)
                .namedListener("sound", told::add)
                .namedListener("pager", paged::add)
                .build()) {
            assertThat(again.awaitQuiet(LIMIT)).isTrue();
            assertThat(paged)
                    .singleElement()
                    .satisfies(event -> assertThat(event.entry().kind()).isEqualTo(Kind.OPENED));
            assertThat(told).as("the other one knows it already").hasSize(before);
        }
        paged.clear();
        try (IncidentRuntime third = IncidentRuntime.builder()
                .directory(directory)
                .namedListener("pager", paged::add)
                .build()) {
            assertThat(third.awaitQuiet(LIMIT)).isTrue();
            assertThat(paged).isEmpty();
        }
    }

    @Test
    void guardUsedInAListener_isNoDeadlock() {
        AtomicReference<@Nullable GuardedModel<String, Boolean>> self = new AtomicReference<>();
        AtomicLong asked = new AtomicLong();
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .listener(event -> {
                    java.util.Objects.requireNonNull(self.get()).call("from the listener");
                    asked.incrementAndGet();
                })
                .build()) {
            GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard("model")
                    .route("v1", input -> false)
                    .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                            .baseline(0.1, 10_000)
                            .falseAlarmAtMostOncePer(1_000))
                    .build();
            self.set(model);
            for (int i = 0; i < 200; i++) {
                model.call("a");
            }
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            assertThat(asked.get()).isPositive();
        }
    }

    /** With CANCEL the kill of all calls interrupts the very thread that closes. */
    @ParameterizedTest
    @EnumSource(InFlight.class)
    void routeThatClosesTheRuntime_losesNoRecord(InFlight choice) throws Exception {
        IncidentRuntime runtime = open();
        List<String> told = new CopyOnWriteArrayList<>();
        GuardedModel<String, String> other = guard(runtime, "other");
        GuardedModel<String, String> closing = runtime.<String, String>guard("closing")
                .route(
                        "v2",
                        input -> {
                            for (int i = 0; i < 1_000; i++) {
                                other.call("a");
                            }
                            runtime.close();
                            told.add("closed " + Thread.currentThread().isInterrupted());
                            return input;
                        },
                        RouteOptions.<String>options().interruptible())
                .inFlight(choice)
                .build();
        closing.decide("a");
        assertThat(Thread.interrupted()).as("it was ours").isFalse();
        assertThat(told).hasSize(1);
        AuditTrail trail = AuditTrail.in(directory);
        assertThat(trail.verify().faults()).isEmpty();
        assertThat(trail.query().type("decision").count()).isGreaterThanOrEqualTo(1_000);
        assertThat(trail.query().type("runtime.closed").count()).isEqualTo(1);
        open().close();
    }

    @Test
    void interruptedThread_closesAsAnyOther() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        IncidentRuntime runtime = IncidentRuntime.builder()
                .directory(directory)
                .listener(event -> {
                    waiting.await();
                    told.countDown();
                })
                .build();
        GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard("model")
                .route("v1", input -> false)
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.1, 10_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
        for (int i = 0; i < 200; i++) {
            model.call("a");
        }
        Thread closing = Thread.currentThread();
        AtomicBoolean closed = new AtomicBoolean();
        Thread watching = new Thread(() -> {
            while (!closed.get()
                    && Arrays.stream(closing.getStackTrace())
                            .noneMatch(frame -> frame.getMethodName().equals("isQuiet"))) {
                Thread.onSpinWait();
            }
            waiting.countDown();
        });
        closing.interrupt();
        watching.start();
        runtime.close();
        closed.set(true);
        assertThat(Thread.interrupted()).as("the host's own flag stays").isTrue();
        assertThat(told.getCount()).as("the listener was told before").isZero();
        assertThat(AuditTrail.in(directory).query().type("runtime.closed").count())
                .isEqualTo(1);
    }

    /** A model that hangs must not hang its caller because the runtime has gone. */
    @Test
    void callsThatRunWhenTheRuntimeCloses_keepTheirLimits() throws Exception {
        Duration limit = Duration.ofSeconds(1);
        RouteOptions<String> limited = RouteOptions.<String>options().timeLimit(limit);
        CompletableFuture<Decision<String>> async;
        CompletableFuture<Decision<String>> interrupted;
        CompletableFuture<Decision<StreamSummary>> streamed;
        CountDownLatch begun = new CountDownLatch(1);
        try (IncidentRuntime runtime = open()) {
            async = runtime.<String, String>guard("async")
                    .asyncRoute("v2", input -> new CompletableFuture<>(), limited)
                    .build()
                    .decideAsync("a");
            GuardedModel<String, String> sleeping = runtime.<String, String>guard("sleeping")
                    .route(
                            "v2",
                            input -> {
                                begun.countDown();
                                Thread.sleep(LIMIT.toMillis());
                                return input;
                            },
                            limited.interruptible())
                    .build();
            interrupted = CompletableFuture.supplyAsync(() -> sleeping.decide("a"));
            StreamingCall<String> call = runtime.<String, String>guardStream("stream")
                    .route("v2", input -> subscriber -> {})
                    .deadline(limit)
                    .build()
                    .open("a");
            call.subscribe(new Ignoring());
            streamed = call.decision();
            begun.await();
        }
        for (CompletableFuture<? extends Decision<?>> each : List.of(async, interrupted, streamed)) {
            assertThat(each.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.failure()).isInstanceOf(Failure.TimedOut.class));
        }
    }

    private static final class Ignoring implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(String element) {}

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }
}
