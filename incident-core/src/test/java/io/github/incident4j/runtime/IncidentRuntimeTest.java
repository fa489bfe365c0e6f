// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentReport;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentRuntimeTest {
    private static final Cause CAUSE = Cause.by("test").because("a test");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private RuntimeBuilder runtime() {
        return IncidentRuntime.builder()
                .directory(directory)
                .responsePlan(ResponsePlan.builder()
                        .onAny(Severity.P2, new Containment.RollBack())
                        .grace(Duration.ZERO)
                        .watch(50)
                        .build());
    }

    /** A model of which v2 denies what v1 approves, watched by a rate with a given baseline. */
    private static GuardedModel<String, Boolean> guard(IncidentRuntime runtime) {
        return runtime.<String, Boolean>guard("model")
                .route("v2", input -> input.equals("sound"))
                .fallback("v1", input -> true)
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.1, 10_000)
                        .falseAlarmAtMostOncePer(10_000))
                .build();
    }

    private static void decide(IncidentRuntime runtime, GuardedModel<String, Boolean> model, String input, int times) {
        for (int i = 0; i < times; i++) {
            model.call(input);
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        }
    }

    @Test
    void harm_isNoticedContainedAndFoundAgainAfterARestart() {
        try (IncidentRuntime runtime = runtime().build()) {
            GuardedModel<String, Boolean> model = guard(runtime);
            decide(runtime, model, "sound", 200);
            assertThat(runtime.incidents().all()).isEmpty();
            decide(runtime, model, "changed", 30);
            assertThat(runtime.incidents().open()).singleElement().satisfies(incident -> {
                assertThat(incident.type()).isEqualTo(IncidentType.PERFORMANCE);
                assertThat(incident.severity()).isEqualTo(Severity.P2);
                assertThat(incident.onsetDecision()).isBetween(190L, 205L);
                assertThat(incident.finding()).contains("'denials' rose from 10.0 %");
                assertThat(incident.last(Kind.CONTAINMENT))
                        .hasValueSatisfying(last -> assertThat(last.what()).isEqualTo("rollback from v2 to v1"));
            });
            assertThat(model.call("changed")).isTrue();
        }
        try (IncidentRuntime again = runtime().build()) {
            Incident open = again.incidents().find("inc-1").orElseThrow();
            assertThat(open.state()).isEqualTo(IncidentState.DETECTED);
            GuardedModel<String, Boolean> model = guard(again);
            assertThat(model.call("changed")).as("v2 is still killed").isTrue();
            decide(again, model, "changed", 60);
            Incident contained = again.incidents().find("inc-1").orElseThrow();
            assertThat(contained.state()).isEqualTo(IncidentState.CONTAINED);
            assertThat(IncidentReport.markdown(contained)).contains("rollback from v2 to v1", "## Timeline", "denials");
            again.incidents().resolve("inc-1", CAUSE);
            assertThat(again.incidents().open()).isEmpty();
        }
        try (IncidentRuntime third = runtime().build()) {
            assertThat(third.incidents().open()).isEmpty();
            assertThat(third.incidents().all()).hasSize(1);
            assertThat(third.trail().verify().faults()).isEmpty();
        }
    }

    @Test
    void corruptSwitchFile_losesNoKillAndOpensAnIncident() throws IOException {
        Scope route = Scope.model("model").route("v2");
        try (IncidentRuntime runtime = runtime().build()) {
            assertThat(runtime.switches().kill(route, CAUSE).durable()).isTrue();
        }
        Files.writeString(directory.resolve("switches.json"), "{ half a fi");
        try (IncidentRuntime again = runtime().build()) {
            assertThat(again.switches().active())
                    .singleElement()
                    .satisfies(set -> assertThat(set.scope()).isEqualTo(route));
            assertThat(again.incidents().open())
                    .singleElement()
                    .satisfies(incident -> assertThat(incident.type()).isEqualTo(IncidentType.COMPLIANCE));
            assertThat(guard(again).call("changed")).isTrue();
        }
    }

    @Test
    void listenersThatThrowOrHang_harmOnlyThemselves() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        IncidentRuntime runtime = runtime()
                .listener(event -> {
                    throw new IOException("a pager that is out of order");
                })
                .listener(event -> release.await())
                .listener(event -> told.incrementAndGet())
                .build();
        GuardedModel<String, Boolean> model = guard(runtime);
        for (int i = 0; i < 100; i++) {
            model.call("changed");
        }
        // The hanging listener keeps awaitQuiet waiting; the others are told all the same.
        Eventually.until(() -> told.get() >= 2);
        assertThat(model.call("changed")).isTrue();
        release.countDown();
        runtime.close();
        runtime.close();
    }

    @Test
    void closedRuntime_leavesNoThreadBehind() {
        java.util.Set<Thread> before = Thread.getAllStackTraces().keySet(); // other tests have guardrails that hang
        IncidentRuntime runtime = runtime().build();
        guard(runtime).call("sound");
        List<Thread> own = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("incident4j-") && !before.contains(thread))
                .toList();
        assertThat(own).isNotEmpty().allMatch(Thread::isDaemon);
        runtime.close();
        assertThat(own).noneMatch(Thread::isAlive);
    }

    /** A listener that ends the service on the first page must not wait for itself. */
    @Test
    void listenerThatCloses_doesNotWaitForItself() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        java.util.concurrent.atomic.AtomicReference<IncidentRuntime> self =
                new java.util.concurrent.atomic.AtomicReference<>();
        java.util.concurrent.atomic.AtomicLong nanos = new java.util.concurrent.atomic.AtomicLong();
        IncidentRuntime runtime = runtime()
                .listener(event -> {
                    long start = System.nanoTime();
                    java.util.Objects.requireNonNull(self.get()).close();
                    nanos.set(System.nanoTime() - start);
                    closed.countDown();
                })
                .build();
        self.set(runtime);
        GuardedModel<String, Boolean> model = guard(runtime);
        for (int i = 0; i < 100; i++) {
            model.decide("changed");
        }
        assertThat(closed.await(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        assertThat(Duration.ofNanos(nanos.get())).isLessThan(Duration.ofSeconds(4));
        assertThat(model.decide("sound")).isInstanceOf(io.github.incident4j.model.Decision.Refused.class);
    }

    @Test
    void twoRuntimes_doNotSeeEachOther() {
        IncidentRuntime one = runtime().build();
        try (IncidentRuntime other =
                IncidentRuntime.builder().directory(directory.resolve("other")).build()) {
            GuardedModel<String, Boolean> here = guard(one);
            GuardedModel<String, Boolean> there = guard(other);
            one.switches().kill(Scope.everything(), CAUSE);
            assertThat(here.decide("sound")).isInstanceOf(io.github.incident4j.model.Decision.Refused.class);
            assertThat(there.call("sound")).isTrue();
            one.close();
            assertThat(there.call("sound")).isTrue();
            assertThat(other.switches().active()).isEmpty();
        }
    }
}
