// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.AuditTrail;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.CallContext;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.ResponsePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is decided by itself waits for no store, and nobody waits for what waits for one. */
class HangingStoreTest {
    private static final Cause CAUSE = Cause.by("on-call").because("the pipeline is repaired");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Scope V2 = Scope.model("one").route("v2");
    private static final RampPlan PLAN = RampPlan.standard()
            .shares(0.5, 0.75, 1)
            .minDecisions(30)
            .minTime(Duration.ZERO)
            .patience(Duration.ofHours(1));

    @TempDir
    Path directory;

    private final HangingStore store = new HangingStore();
    private IncidentRuntime runtime;
    private GuardedModel<String, Boolean> one;
    private GuardedModel<String, Boolean> two;

    @BeforeEach
    void open() {
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .switchStore(store)
                .responsePlan(ResponsePlan.builder()
                        .onAny(Severity.P2, new Containment.RollBack())
                        .grace(Duration.ZERO)
                        .build())
                .build();
        one = guard("one");
        two = guard("two");
    }

    private GuardedModel<String, Boolean> guard(String name) {
        return runtime.<String, Boolean>guard(name)
                .route("v2", input -> {
                    if (input.equals("broken")) {
                        throw new IOException("the new version breaks");
                    }
                    return input.equals("good");
                })
                .fallback("v1", input -> true)
                .withoutBreaker()
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.01, 20_000)
                        .tolerance(0.2)
                        .falseAlarmAtMostOncePer(100_000))
                .build();
    }

    @AfterEach
    void close() {
        store.goOn();
        runtime.close();
    }

    private static void ask(GuardedModel<String, Boolean> model, String input, int decisions) {
        for (int i = 0; i < decisions; i++) {
            model.decide(input, CallContext.empty().key("user-" + i));
        }
    }

    private List<Scope> killed() {
        return runtime.switches().active().stream()
                .filter(each -> each.state() instanceof SwitchState.Killed)
                .map(Switch::scope)
                .toList();
    }

    /** What the store holds as killed. */
    private List<Scope> stored() {
        try {
            return store.read().switches().stream()
                    .filter(each -> each.state() instanceof SwitchState.Killed)
                    .map(Switch::scope)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ramp ramp() {
        return runtime.ramps().find("ramp-1").orElseThrow();
    }

    private static Thread started(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void containment_waitsForNoStoreAndIsOnRecordBeforeItIsStored() throws Exception {
        store.hang();
        ask(one, "bad", 200);
        Eventually.until(() -> killed().contains(V2));
        store.awaitHanging();
        ask(two, "bad", 200);
        Eventually.until(() -> killed().size() == 2);
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(runtime.incidents().open())
                .hasSize(2)
                .allSatisfy(incident -> assertThat(kinds(incident)).contains(Kind.CONTAINMENT));
        assertThat(durable()).containsExactly(false, false);

        store.goOn();
        Eventually.until(() -> recordTypes("switch.stored").size() == 1);
        assertThat(store.read().switches()).hasSize(2);
    }

    private static List<Kind> kinds(Incident incident) {
        return incident.timeline().stream().map(TimelineEntry::kind).toList();
    }

    private List<Object> durable() {
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type("switch.killed").records()) {
            return records.map(each -> each.members().get("durable")).toList();
        }
    }

    private List<TrailRecord> recordTypes(String type) {
        try (Stream<TrailRecord> records =
                AuditTrail.in(directory).query().type(type).records()) {
            return records.toList();
        }
    }

    /** As on a shutdown hook. */
    @Test
    void close_waitsForNoStoreAndTheNextRunKnowsWhatWasContained() throws Exception {
        store.hang();
        ask(one, "bad", 200);
        Eventually.until(() -> killed().contains(V2));
        store.awaitHanging();
        Thread closing = started(runtime::close);
        closing.join(LIMIT.toMillis());
        assertThat(closing.isAlive()).isFalse();
        runtime = IncidentRuntime.builder()
                .directory(directory)
                .switchStore(SwitchSources.inMemory("runtime"))
                .build();
        assertThat(killed()).containsExactly(V2);
    }

    @Test
    void containmentJustBeforeTheClose_isStored() throws Exception {
        ask(one, "bad", 200);
        Eventually.until(() -> killed().contains(V2));
        runtime.close(); // waits a second for it, which a busy machine may use up
        Eventually.until(() -> stored().equals(List.of(V2)));
    }

    @Test
    void stepThatHangs_holdsUpNeitherDetectorsNorAnUndo() throws Exception {
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        store.hang();
        AtomicReference<SwitchResult> advanced = new AtomicReference<>();
        Thread advancing = started(() -> advanced.set(runtime.ramps().advance("ramp-1", CAUSE)));
        store.awaitHanging();

        ask(one, "good", 100);
        assertThat(runtime.awaitQuiet(LIMIT)).as("the detectors go on").isTrue();
        assertThat(ramp().decisions()).isPositive();
        Thread undoing =
                started(() -> runtime.ramps().undo("ramp-1", Cause.by("lead").because("second thoughts")));
        Eventually.until(() -> killed().contains(V2));
        Eventually.until(() -> ramp().state() == Ramp.State.UNDONE);
        assertThat(ramp().note()).isEqualTo("undone by lead because: second thoughts");

        store.goOn();
        advancing.join();
        undoing.join();
        assertThat(advanced.get())
                .isNotNull()
                .satisfies(result -> assertThat(result.message()).contains("somebody else"));
        assertThat(killed()).containsExactly(V2);
        assertThat(store.read().switches())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isInstanceOf(SwitchState.Killed.class));
        assertThat(recordTypes("ramp.undone")).hasSize(1);
    }

    @Test
    void stepThatTheDetectorsTake_mayHangAndIsUndoneAllTheSame() throws Exception {
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        store.hang();
        ask(one, "good", 4_000);
        store.awaitHanging();
        assertThat(ramp().step()).as("not yet").isZero();
        ask(one, "broken", 4_000);
        Eventually.until(() -> killed().contains(V2));
        Eventually.until(() -> ramp().state() == Ramp.State.UNDONE);
        assertThat(ramp().note()).contains("attempts of v2 have failed");

        store.goOn();
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(killed()).containsExactly(V2);
        Eventually.until(() -> stored().equals(List.of(V2)));
        assertThat(recordTypes("ramp.step")).isEmpty();
        assertThat(recordTypes("ramp.undone")).hasSize(1);
    }
}
