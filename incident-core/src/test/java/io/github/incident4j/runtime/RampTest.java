// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardBuilder;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.killswitch.SwitchAuthorizer;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.TwoPersonRule;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Decision;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.RampPlan;
import io.github.incident4j.response.ResponsePlan;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RampTest {
    private static final Cause CAUSE = Cause.by("on-call").because("the pipeline is repaired");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Scope V2 = Scope.model("model").route("v2");
    private static final RampPlan PLAN = RampPlan.standard()
            .shares(0.05, 0.25, 1)
            .minDecisions(30)
            .minTime(Duration.ofSeconds(10))
            .patience(Duration.ofHours(1));

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T21:41:00Z"));
    private final Random random = new Random(3);
    private IncidentRuntime runtime;
    private GuardedModel<Double, Boolean> model;
    private volatile double denied = 0.1;
    private volatile double failing;
    private int users;

    @BeforeEach
    void open() {
        open(true, builder -> builder);
    }

    private void open(boolean watched, java.util.function.UnaryOperator<RuntimeBuilder> settings) {
        runtime = settings.apply(IncidentRuntime.builder()
                        .directory(directory)
                        .time(TimeSource.following(() -> java.util.Objects.requireNonNull(now.get())))
                        .responsePlan(ResponsePlan.builder()
                                .onAny(Severity.P2, new Containment.RollBack())
                                .grace(Duration.ZERO)
                                .build()))
                .build();
        GuardBuilder<Double, Boolean> guard = runtime.<Double, Boolean>guard("model")
                .route("v2", score -> {
                    if (failing > 0 && random.nextDouble() < failing) {
                        throw new java.io.IOException("the new version breaks");
                    }
                    return score >= denied;
                })
                .fallback("v1", score -> score >= 0.1)
                .withoutBreaker();
        if (watched) {
            guard.detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                    .baseline(0.1, 20_000)
                    .tolerance(0.05)
                    .falseAlarmAtMostOncePer(100_000));
        }
        model = guard.build();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private void run(int decisions) {
        for (int i = 0; i < decisions; i++) {
            now.updateAndGet(before -> before.plusMillis(100));
            model.decide(
                    random.nextDouble(),
                    io.github.incident4j.call.CallContext.empty().key("user-" + users++));
            if (i % 10 == 0) {
                assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            }
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
    }

    private void harmAndContain() {
        run(200);
        denied = 0.6;
        run(200);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.scope()).isEqualTo(V2));
    }

    private Ramp ramp() {
        return runtime.ramps().find("ramp-1").orElseThrow();
    }

    private List<String> recordTypes() {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        try (Stream<TrailRecord> records = runtime.trail().records()) {
            return records.map(TrailRecord::type)
                    .filter(type -> type.startsWith("ramp."))
                    .toList();
        }
    }

    @Test
    void repairedRoute_comesBackStepByStep() {
        harmAndContain();
        denied = 0.1;
        SwitchResult started = runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(started.durable()).isTrue();
        assertThat(ramp().share()).isEqualTo(0.05);
        assertThat(ramp().incident()).contains("inc-1");
        int steps = 0;
        for (int i = 0; i < 60 && ramp().isOpen(); i++) {
            run(500);
            steps = Math.max(steps, ramp().step());
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
        assertThat(steps).isEqualTo(2);
        assertThat(runtime.switches().active()).isEmpty();
        assertThat(recordTypes()).containsExactly("ramp.started", "ramp.step", "ramp.step", "ramp.completed");
        Incident incident = runtime.incidents().find("inc-1").orElseThrow();
        assertThat(incident.timeline())
                .extracting(entry -> entry.kind())
                .containsSubsequence(
                        Kind.CONTAINMENT, Kind.RAMP_STARTED, Kind.RAMP_STEP, Kind.RAMP_STEP, Kind.RAMP_COMPLETED);
    }

    /** A step is stored while the ramps are locked for changes; whoever looks at them does not wait for that. */
    @Test
    void storeThatHangs_keepsNobodyFromLookingAtRamps() throws Exception {
        HangingStore slow = new HangingStore();
        try (IncidentRuntime other =
                IncidentRuntime.builder().ephemeral().switchStore(slow).build()) {
            assertThat(other.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
            slow.hang();
            Thread advancing = new Thread(() -> other.ramps().advance("ramp-1", CAUSE));
            advancing.start();
            slow.awaitHanging();
            List<Ramp> seen = new CopyOnWriteArrayList<>();
            Thread looking = new Thread(() -> {
                seen.addAll(other.ramps().open());
                other.ramps().find("ramp-1").ifPresent(seen::add);
            });
            looking.start();
            looking.join(10_000);
            assertThat(seen).extracting(Ramp::step).containsExactly(0, 0);
            assertThat(advancing.isAlive()).as("the store hangs still").isTrue();
            slow.goOn();
            advancing.join();
            assertThat(other.ramps().find("ramp-1"))
                    .get()
                    .extracting(Ramp::step)
                    .isEqualTo(1);
        }
    }

    /** Nothing was killed and nothing has happened: the ramp introduces a new version, on evidence as well. */
    @Test
    void newVersion_comesInStepByStepAsACanary() {
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        assertThat(ramp().incident()).as("no incident is behind it").isEmpty();
        for (int i = 0; i < 60 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
        assertThat(runtime.switches().active()).isEmpty();
        assertThat(runtime.incidents().open()).isEmpty();
        assertThat(recordTypes()).containsExactly("ramp.started", "ramp.step", "ramp.step", "ramp.completed");
    }

    @Test
    void newVersionThatHarms_isTakenOutAgainWhileItHasAFewPercent() {
        denied = 0.6;
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        for (int i = 0; i < 20 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(ramp().step()).isZero();
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.scope()).isEqualTo(V2));
        assertThat(runtime.incidents().open()).hasSize(1);
    }

    @Test
    void onlyTheShareOfTheStep_reachesTheRoute() {
        harmAndContain();
        denied = 0.1;
        runtime.ramps().start(V2, PLAN.minDecisions(1_000_000), CAUSE);
        int reached = 0;
        for (int i = 0; i < 4_000; i++) {
            Decision<Boolean> decision = model.decide(
                    random.nextDouble(),
                    io.github.incident4j.call.CallContext.empty().key("user-" + i));
            reached += ((Decision.Answered<Boolean>) decision).route().equals("v2") ? 1 : 0;
        }
        assertThat(reached).isBetween(140, 260); // 5 % of 4,000, with more than four standard deviations
    }

    @Test
    void routeThatStillHarms_isKilledAgainAtOnceWithTheEvidence() {
        harmAndContain();
        runtime.ramps().start(V2, PLAN, CAUSE);
        for (int i = 0; i < 20 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(ramp().step())
                .as("it never came further than the first step")
                .isZero();
        assertThat(runtime.switches().active()).singleElement().satisfies(set -> {
            assertThat(set.scope()).isEqualTo(V2);
            assertThat(set.cause().because()).contains("inc-1: at 5 % of the traffic", "'denials' rose from 10.0 %");
        });
        assertThat(recordTypes()).containsExactly("ramp.started", "ramp.undone");
        assertThat(runtime.incidents().open()).as("one cause, one incident").hasSize(1);
    }

    /** Silence is no evidence: where nothing watches, nothing passes by itself. */
    @Test
    void routeThatNobodyWatches_waitsForAPerson() {
        runtime.close();
        open(false, builder -> builder);
        runtime.switches().kill(V2, CAUSE);
        SwitchResult started = runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(started.durable()).isTrue();
        assertThat(started.message()).endsWith("; no detector watches model/v2, so each step waits for a person");
        run(1_000);
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        assertThat(ramp().step()).isZero();
        now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        run(20);
        assertThat(ramp().state()).isEqualTo(Ramp.State.INCONCLUSIVE);
        assertThat(ramp().note()).contains("nothing has shown within 1 h", "no detector watches model/v2");
        runtime.ramps().advance("ramp-1", Cause.by("lead").because("looked at by hand"));
        assertThat(ramp().step()).isEqualTo(1);
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        runtime.ramps().undo("ramp-1", Cause.by("lead").because("second thoughts"));
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set ->
                        assertThat(set.state()).isInstanceOf(io.github.incident4j.killswitch.SwitchState.Killed.class));
    }

    /** As a kill does; and the detector thread looks at such a ramp, too. */
    @Test
    void rampOfARouteThatDoesNotExist_saysSoAtItsStart() {
        Scope mistyped = Scope.model("model").route("v22");
        assertThat(runtime.ramps().start(mistyped, PLAN, CAUSE).message())
                .endsWith("; model 'model' has no route of the name 'v22'");
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).message()).doesNotContain("no route", "no detector");
        now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        run(10);
        Eventually.until(() -> ramp().state() == Ramp.State.INCONCLUSIVE);
        assertThat(ramp().note()).contains("no detector watches model/v22");
    }

    @Test
    void inconclusiveStep_doesWhatItsOwnerChose() {
        runtime.close();
        open(false, builder -> builder);
        runtime.ramps()
                .start(
                        V2,
                        PLAN.whenInconclusive(RampPlan.Inconclusive.ADVANCE),
                        Cause.by("dev").because("canary"));
        for (int i = 0; i < 3; i++) {
            now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
            run(2);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
        runtime.ramps().start(V2, PLAN.whenInconclusive(RampPlan.Inconclusive.UNDO), CAUSE);
        now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        run(2);
        assertThat(runtime.ramps().find("ramp-2").orElseThrow().state()).isEqualTo(Ramp.State.UNDONE);
    }

    /** However good the evidence is. */
    @Test
    void step_takesItsLeastTimeAndItsLeastNumberOfDecisions() {
        RampPlan plan = PLAN.shares(0.5, 0.75, 1).patience(Duration.ofDays(1));
        assertThat(runtime.ramps()
                        .start(V2, plan.minTime(Duration.ofHours(2)).minDecisions(600), CAUSE)
                        .durable())
                .isTrue();
        run(1_100);
        assertThat(ramp().decisions()).as("about half of them").isBetween(450L, 599L);
        now.updateAndGet(before -> before.plus(Duration.ofHours(3)));
        run(20);
        assertThat(ramp().step()).as("too few decisions").isZero();
        run(400);
        assertThat(ramp().step()).as("enough of both").isEqualTo(1);
        run(2_500);
        assertThat(ramp().decisions()).isGreaterThan(1_000);
        assertThat(ramp().step()).as("too little time").isEqualTo(1);
        now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        run(20);
        assertThat(ramp().step()).isEqualTo(2);
    }

    @Test
    void restart_goesOnAtTheStepThatWasReached() {
        harmAndContain();
        denied = 0.1;
        runtime.ramps().start(V2, PLAN, CAUSE);
        for (int i = 0; i < 60 && ramp().step() == 0; i++) {
            run(500);
        }
        int step = ramp().step();
        assertThat(step).isPositive();
        runtime.close();
        open(true, builder -> builder);
        assertThat(ramp().step()).isEqualTo(step);
        assertThat(ramp().decisions()).as("the evidence starts anew").isZero();
        for (int i = 0; i < 60 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
    }

    @Test
    void restart_doesNotTakeAPersonsRestoreForTheLastStep() {
        harmAndContain();
        denied = 0.1;
        runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(runtime.switches().restore(V2, CAUSE).inForce()).isTrue();
        runtime.close();
        open(true, builder -> builder);
        assertThat(ramp().step()).isZero();
        runtime.ramps().advance("ramp-1", CAUSE);
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(runtime.switches().active()).isEmpty();
    }

    /** A crash after a step was stored, and before the trail had it. */
    private void crashDuring(Runnable step) throws IOException {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        for (String part : List.of("trail", "subjects", "audit.key")) {
            copy(directory.resolve(part), crashed.resolve(part));
        }
        step.run();
        copy(directory.resolve("switches.json"), crashed.resolve("switches.json"));
        runtime.close();
        directory = crashed;
        open(true, builder -> builder);
    }

    /** Of a directory that is in use: what is gone by the time it is looked at was about to be replaced. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)));
                } catch (NoSuchFileException e) {
                    return visitFileFailed(file, e);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException thrown) throws IOException {
                if (thrown instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw thrown;
            }
        });
    }

    private List<TrailRecord> records(String type) {
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        try (Stream<TrailRecord> records = runtime.trail().records()) {
            return records.filter(each -> each.type().equals(type)).toList();
        }
    }

    @Test
    void crashBetweenAStepsSwitchAndItsRecord_goesOnAtTheStepThatIsInForce() throws IOException {
        harmAndContain();
        denied = 0.1;
        runtime.ramps().start(V2, PLAN, CAUSE);
        crashDuring(() -> runtime.ramps().advance("ramp-1", CAUSE));
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        assertThat(ramp().step()).isEqualTo(1);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.state().toString()).contains("25 %"));
        assertThat(records("ramp.step")).hasSize(1);
        for (int i = 0; i < 60 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
    }

    @Test
    void crashAtTheLastStep_leavesItWatched() throws IOException {
        harmAndContain();
        runtime.ramps().start(V2, PLAN, CAUSE);
        runtime.ramps().advance("ramp-1", CAUSE);
        crashDuring(() -> runtime.ramps().advance("ramp-1", CAUSE));
        assertThat(runtime.switches().active()).isEmpty();
        assertThat(ramp().step()).isEqualTo(2);
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        for (int i = 0; i < 20 && ramp().isOpen(); i++) {
            run(500); // the harm is still there
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isInstanceOf(SwitchState.Killed.class));
    }

    /** Nobody knows its plan any more. */
    @Test
    void crashBetweenTheFirstSwitchAndTheRampsRecord_killsAgainWhatNobodyWatches() throws IOException {
        runtime.switches().kill(V2, SwitchState.killedPreferring("v1"), CAUSE);
        crashDuring(() -> runtime.ramps().start(V2, PLAN, CAUSE));
        assertThat(runtime.ramps().open()).isEmpty();
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isEqualTo(SwitchState.killedPreferring("v1")));
        assertThat(String.valueOf(records("switch.killed").get(1).members().get("switch")))
                .contains("ramp-1", "nobody watches");
        runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(runtime.ramps().open())
                .singleElement()
                .satisfies(ramp -> assertThat(ramp.id()).isEqualTo("ramp-2"));
    }

    @Test
    void switchThatSomebodyElseSets_endsTheRamp() {
        harmAndContain();
        denied = 0.1;
        runtime.ramps().start(V2, PLAN, CAUSE);
        runtime.switches().kill(V2, Cause.by("another").because("not yet"));
        runtime.ramps().advance("ramp-1", CAUSE);
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.cause().by()).isEqualTo("another"));
    }

    @Test
    void twoPersonRule_holdsForTheStart() {
        runtime.close();
        open(true, builder -> builder.twoPersonRule(TwoPersonRule.within(Duration.ofMinutes(15))));
        runtime.switches().kill(V2, CAUSE);
        assertThat(runtime.ramps()
                        .start(V2, PLAN, Cause.by("alice").because("fixed"))
                        .outcome())
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        Cause bob = Cause.by("bob").because("agreed");
        assertThat(runtime.switches().restore(V2, bob).outcome())
                .as("alice has asked for less")
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(runtime.ramps().start(V2, PLAN.shares(0.5, 1), bob).outcome())
                .as("alice has asked for smaller steps")
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(runtime.ramps().open()).isEmpty();
        assertThat(runtime.ramps().start(V2, PLAN, bob).durable()).isTrue();
        Ramp ramp = runtime.ramps().open().get(0);
        Cause alice = Cause.by("alice").because("it looks fine");
        assertThat(runtime.ramps().advance(ramp.id(), alice).outcome())
                .as("bob has asked for a restore, which is not this step")
                .isEqualTo(SwitchResult.Outcome.NEEDS_SECOND_PERSON);
        assertThat(runtime.ramps().advance(ramp.id(), bob).durable()).isTrue();
        assertThat(runtime.ramps().find(ramp.id()).orElseThrow().step()).isEqualTo(1);
    }

    @Test
    void undoThatIsRefused_leavesTheRampOpen() {
        runtime.switches().kill(V2, CAUSE);
        runtime.ramps().start(V2, PLAN, CAUSE);
        String id = runtime.ramps().open().get(0).id();
        Cause past = CAUSE.until(java.util.Objects.requireNonNull(now.get()).minusSeconds(1));
        assertThat(runtime.ramps().undo(id, past).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(runtime.ramps().open()).hasSize(1);
        assertThat(runtime.ramps().undo(id, CAUSE).durable()).isTrue();
        assertThat(runtime.ramps().open()).isEmpty();
    }

    /** The kill is stored, and the record that the ramp was undone by it is lost. */
    @Test
    void crashInAnUndo_leavesNoRampOpenThatLetsNothingThrough() throws IOException {
        runtime.switches().kill(V2, CAUSE);
        runtime.ramps().start(V2, PLAN, CAUSE);
        crashDuring(() -> runtime.ramps().undo("ramp-1", Cause.by("lead").because("second thoughts")));
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(ramp().note()).isEqualTo("undone by lead because: second thoughts");
        assertThat(recordTypes()).containsExactly("ramp.started", "ramp.undone");
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
    }

    @Test
    void killByAPerson_endsTheRampBeforeAnybodyAsksForItsNextStep() {
        runtime.ramps().start(V2, PLAN, CAUSE);
        runtime.switches().kill(V2, Cause.by("another").because("not yet"));
        Eventually.until(() -> ramp().state() == Ramp.State.UNDONE);
        assertThat(ramp().note()).isEqualTo("undone by another because: not yet");
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        runtime.switches().kill(V2, CAUSE);
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable())
                .as("at once")
                .isTrue();
        assertThat(runtime.ramps().find("ramp-2").orElseThrow().state()).isEqualTo(Ramp.State.UNDONE);
    }

    /** The ramp's share would hold again after its end, with nobody watching. */
    @Test
    void timeBoxedKillOverARamp_staysAsNobodyWatchesTheShareAfterwards() {
        for (boolean undo : List.of(true, false)) {
            runtime.ramps().start(V2, PLAN, CAUSE);
            String id = runtime.ramps().open().get(0).id();
            Cause later =
                    CAUSE.until(java.util.Objects.requireNonNull(now.get()).plusSeconds(60));
            SwitchResult killed =
                    undo ? runtime.ramps().undo(id, later) : runtime.switches().kill(V2, later);
            assertThat(killed.durable()).isTrue();
            Eventually.until(() -> runtime.ramps().open().isEmpty());
            now.updateAndGet(before -> before.plusSeconds(3_600));
            Eventually.until(() -> runtime.switches().active().stream()
                    .allMatch(set -> set.cause().until().isEmpty()));
            assertThat(runtime.switches().active()).singleElement().satisfies(set -> {
                assertThat(set.state()).isInstanceOf(SwitchState.Killed.class);
                assertThat(set.cause().because()).contains("nobody watches what " + id);
            });
        }
    }

    /** The end of a kill over a ramp's share is not the ramp's own step. */
    @Test
    void timeBoxedKillOverARamp_isNotLiftedByTheNextStep() {
        runtime.switches().kill(V2, CAUSE);
        runtime.ramps().start(V2, PLAN, CAUSE);
        String id = runtime.ramps().open().get(0).id();
        Cause later = CAUSE.until(java.util.Objects.requireNonNull(now.get()).plusSeconds(3_600));
        runtime.switches().kill(V2, later);
        SwitchResult overtaken = runtime.ramps().advance(id, CAUSE);
        assertThat(overtaken.inForce()).as("nothing passes more than before").isFalse();
        assertThat(overtaken.problem())
                .hasValueSatisfying(why -> assertThat(why).contains("somebody else"));
        assertThat(runtime.ramps().open()).isEmpty();
        assertThat(model.decide(
                                1.0,
                                io.github.incident4j.call.CallContext.empty().key("user"))
                        .skipped())
                .singleElement()
                .satisfies(each -> assertThat(each.failure().code()).isEqualTo("killed"));
    }

    @Test
    void faultyRamps_areRefusedByName() {
        assertThatThrownBy(() -> runtime.ramps()
                        .start(
                                V2,
                                PLAN.shares(0.5, 0.2)
                                        .minDecisions(0)
                                        .patience(Duration.ZERO)
                                        .failureTolerance(0),
                                CAUSE))
                .hasMessageContaining("the share 0.2 does not grow from 0.5")
                .hasMessageContaining("the last share must be 1")
                .hasMessageContaining("a step of 0 decisions")
                .hasMessageContaining("the patience of 0 s is shorter")
                .hasMessageContaining("a tolerance of 0.0 for failures");
        assertThatThrownBy(() -> runtime.ramps().start(V2, planOfNull(), CAUSE))
                .hasMessageContaining("what happens when a step is inconclusive is null");
        assertThatThrownBy(() -> runtime.ramps().start(Scope.model("model"), PLAN, CAUSE))
                .hasMessageContaining("a ramp needs a route");
        assertThatThrownBy(() -> runtime.ramps().start(V2.feature("chat"), PLAN, CAUSE))
                .as("no record of a decision says which feature it served")
                .hasMessageContaining("no feature");
        runtime.ramps().start(V2, PLAN, CAUSE);
        assertThatThrownBy(() -> runtime.ramps().start(V2, PLAN, CAUSE))
                .hasMessageContaining("open already: ramp-1 at 5 %")
                .hasMessageContaining("ramps().undo(\"ramp-1\", …)");
    }

    @SuppressWarnings("NullAway") // what happens to a host that breaks the contract is what is tested
    private static RampPlan planOfNull() {
        return PLAN.whenInconclusive(null);
    }

    /** Or whoever mistypes an id believes that the route is killed. */
    @Test
    void undoOfARampThatIsNotOpen_isInForceOnlyWhereItsScopeIsKilled() {
        SwitchResult unknown = runtime.ramps().undo("ramp-9", CAUSE);
        assertThat(unknown.inForce()).isFalse();
        assertThat(unknown.problem()).contains("there is no ramp ramp-9; ramps().open() lists those that are open");
        assertThat(runtime.ramps().advance("ramp-9", CAUSE).inForce()).isFalse();

        runtime.ramps().start(V2, PLAN, CAUSE);
        runtime.ramps().undo("ramp-1", CAUSE);
        SwitchResult again = runtime.ramps().undo("ramp-1", CAUSE);
        assertThat(again.outcome()).isEqualTo(SwitchResult.Outcome.NOTHING_TO_DO);
        assertThat(runtime.ramps().advance("ramp-1", CAUSE).problem())
                .hasValueSatisfying(why -> assertThat(why).contains("ramp-1 is not open any more: undone by on-call"));

        runtime.switches().restore(V2, CAUSE);
        runtime.switches().kill(V2, CAUSE.until(Instant.now().plusSeconds(3_600)));
        assertThat(runtime.ramps().undo("ramp-1", CAUSE).inForce())
                .as("killed for an hour")
                .isFalse();
        runtime.switches().restore(V2, CAUSE);
        assertThat(runtime.ramps().undo("ramp-1", CAUSE).inForce())
                .as("nothing is killed")
                .isFalse();
    }

    /** By a limit beside the kill: a ramp is no way round it. */
    @Test
    void rampOverWhatIsRefused_refusesUntilItIsTheirTurn() {
        SwitchState.Instead refusing = SwitchState.killedRefusing().instead();
        runtime.switches().limit(V2, new SwitchState.Limited(Limit.toShare(0), refusing), CAUSE);
        runtime.switches().kill(V2, CAUSE);
        runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.state().instead()).isEqualTo(refusing));
        Cause stillWrong = Cause.by("on-call").because("still wrong");
        runtime.switches().kill(V2, SwitchState.killedPreferring("v1"), stillWrong);
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        runtime.ramps().undo("ramp-1", CAUSE);
        assertThat(runtime.switches().active())
                .filteredOn(set -> set.state() instanceof SwitchState.Killed)
                .as("nobody takes the person's kill away")
                .singleElement()
                .satisfies(set -> assertThat(set.cause().by()).isEqualTo("on-call"));
    }

    /** Also after a restart: what it lifted stands in its record. */
    @Test
    void undoneRamp_setsTheKillThatItLifted() {
        for (SwitchState.Killed lifted : List.of(SwitchState.killedRefusing(), SwitchState.killedPreferring("v1"))) {
            runtime.switches().kill(V2, lifted, CAUSE);
            runtime.ramps().start(V2, PLAN, CAUSE);
            runtime.close();
            open(true, builder -> builder);
            runtime.ramps().undo(runtime.ramps().open().get(0).id(), CAUSE);
            assertThat(runtime.switches().active())
                    .singleElement()
                    .satisfies(set -> assertThat(set.state()).isEqualTo(lifted));
            runtime.switches().restore(V2, CAUSE);
        }
    }

    /** Its answers are as good as ever; but it does not give enough of them. */
    @Test
    void newVersionThatFails_isTakenOutAgainWithTheEvidence() {
        failing = 0.4;
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        for (int i = 0; i < 20 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(ramp().step()).isZero();
        assertThat(runtime.switches().active()).singleElement().satisfies(set -> {
            assertThat(set.state()).isInstanceOf(SwitchState.Killed.class);
            assertThat(set.cause().because())
                    .contains("at 5 % of the traffic", "attempts of v2 have failed", "model-error");
        });
    }

    @Test
    void newVersionThatFailsWithinTheTolerance_comesIn() {
        failing = 0.1;
        assertThat(runtime.ramps().start(V2, PLAN.failureTolerance(0.3), CAUSE).durable())
                .isTrue();
        for (int i = 0; i < 60 && ramp().isOpen(); i++) {
            run(500);
        }
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
    }

    @Test
    void breakerThatOpens_undoesTheRampAtOnce() {
        GuardedModel<String, String> fragile = runtime.<String, String>guard("fragile")
                .route("v2", input -> {
                    throw new java.io.IOException("the new version breaks");
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .build())
                .build();
        Scope scope = Scope.model("fragile").route("v2");
        runtime.ramps().start(scope, PLAN.shares(0.9, 1), CAUSE);
        for (int i = 0; i < 5; i++) {
            assertThat(fragile.call("a")).isEqualTo("old");
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(ramp().note()).contains("circuit breaker of v2 has opened");
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.scope()).isEqualTo(scope));
    }

    /** That nothing came back in time says nothing of the route; nor do the calls that an open breaker refuses. */
    @Test
    void breakerWhoseProbesAreMissing_undoesNoRamp() throws Exception {
        CountDownLatch probing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        GuardedModel<String, String> fragile = runtime.<String, String>guard("fragile")
                .route("v2", input -> {
                    if (input.equals("probe")) {
                        probing.countDown();
                        goOn.await();
                        return "new";
                    }
                    throw new java.io.IOException("the new version breaks");
                })
                .fallback("v1", input -> "old")
                .breaker(CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(opening -> opening == 1 ? 1L : 3_600_000L)
                        .maxWaitDurationInHalfOpenState(Duration.ofMillis(20))
                        .build())
                .build();
        assertThat(fragile.call("a")).isEqualTo("old");
        assertThat(runtime.awaitQuiet(LIMIT)).as("it is open already").isTrue();
        runtime.ramps().start(Scope.model("fragile").route("v2"), PLAN.shares(0.999, 1), CAUSE);
        Thread probe =
                new Thread(() -> Eventually.until(() -> fragile.call("probe").equals("new")));
        probe.start();
        assertThat(probing.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Eventually.until(() -> breakers().contains("half_open to open: probes_missing"));
        for (int i = 0; i < 100; i++) {
            assertThat(fragile.call("a")).isEqualTo("old");
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(ramp().state()).as(ramp().note()).isEqualTo(Ramp.State.RUNNING);
        goOn.countDown();
        probe.join();
    }

    private List<String> breakers() {
        try (Stream<TrailRecord> records = runtime.trail().records()) {
            return records.filter(each -> each.type().equals("breaker.changed"))
                    .map(TrailRecord::members)
                    .map(each -> each.get("from") + " to " + each.get("to") + ": " + each.get("reason"))
                    .toList();
        }
    }

    /** What does not pass goes where the kill has sent it. */
    @Test
    void rampOfAKill_keepsTheKillsWishForWhatDoesNotPass() {
        runtime.close();
        IncidentRuntime three = IncidentRuntime.builder().ephemeral().build();
        GuardedModel<String, String> guarded = three.<String, String>guard("model")
                .route("v2", input -> "new")
                .fallback("v1", input -> "old")
                .fallback("manual", input -> "by hand")
                .build();
        java.util.function.Supplier<java.util.Map<String, Long>> asked = () -> Stream.iterate(0, i -> i + 1)
                .limit(200)
                .map(i -> guarded.decide(
                        "a", io.github.incident4j.call.CallContext.empty().key("user-" + i)))
                .collect(java.util.stream.Collectors.groupingBy(
                        each -> each instanceof io.github.incident4j.model.Decision.Answered<String> answered
                                ? answered.route()
                                : "refused",
                        java.util.stream.Collectors.counting()));
        try (three) {
            three.switches().kill(V2, SwitchState.killedRefusing(), CAUSE);
            three.ramps().start(V2, PLAN, CAUSE);
            assertThat(asked.get()).containsOnlyKeys("v2", "refused");
            three.ramps().undo("ramp-1", CAUSE);
            three.switches().restore(V2, CAUSE);
            three.switches().kill(V2, SwitchState.killedPreferring("manual"), CAUSE);
            three.ramps().start(V2, PLAN, CAUSE);
            assertThat(asked.get()).containsOnlyKeys("v2", "manual");
            assertThat(three.ramps().advance("ramp-2", CAUSE).durable()).isTrue();
            assertThat(asked.get()).containsOnlyKeys("v2", "manual");
        }
    }

    @Test
    void undoByAPerson_isAskedOfTheAuthorizer() {
        runtime.close();
        open(
                true,
                builder -> builder.switchAuthorizer(request ->
                        request.cause().by().equals("intern") && request.action() == SwitchAuthorizer.Action.KILL
                                ? java.util.Optional.of("interns may not")
                                : java.util.Optional.empty()));
        runtime.ramps().start(V2, PLAN, CAUSE);
        assertThat(runtime.ramps()
                        .undo("ramp-1", Cause.by("intern").because("curious"))
                        .outcome())
                .isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(ramp().isOpen()).isTrue();
        assertThat(runtime.ramps().undo("ramp-1", CAUSE).durable()).isTrue();
        assertThat(ramp().isOpen()).isFalse();
    }

    /** An authorizer has two seconds, which a busy disk must not use up. */
    private void openInMemory(SwitchAuthorizer authorizer) {
        runtime = IncidentRuntime.builder()
                .ephemeral()
                .switchAuthorizer(authorizer)
                .build();
    }

    /** It may look where things stand; while it does, the ramps go on. */
    @Test
    void authorizerThatLooksAtTheRamps_isNotLockedOut() {
        runtime.close();
        List<Integer> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        openInMemory(request -> {
            seen.add(runtime.ramps().open().size());
            return Optional.empty();
        });
        assertThat(runtime.ramps().start(V2, PLAN, CAUSE).durable()).isTrue();
        assertThat(runtime.ramps().advance("ramp-1", CAUSE).durable()).isTrue();
        assertThat(runtime.ramps().undo("ramp-1", CAUSE).durable()).isTrue();
        assertThat(seen).containsExactly(0, 1, 1);
    }

    /** What others get of the route is no evidence for the segment, nor against it. */
    @Test
    void rampOfASegment_isJudgedByThatSegmentAlone() {
        GuardedModel<String, String> guarded = runtime.<String, String>guard("grouped")
                .route("v2", input -> {
                    if (input.equals("other")) {
                        throw new java.io.IOException("the new version breaks for others");
                    }
                    return "new";
                })
                .fallback("v1", input -> "old")
                .segment("group", input -> input)
                .withoutBreaker()
                .build();
        Scope young = Scope.model("grouped").route("v2").segment("group", "young");
        runtime.switches().kill(young, CAUSE);
        assertThat(runtime.ramps().start(young, PLAN.shares(0.999, 1), CAUSE).durable())
                .isTrue();
        int tried = 0;
        for (int i = 0; i < 40; i++) {
            guarded.call("other");
            tried += guarded.call("young").equals("new") ? 1 : 0;
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
        assertThat(tried).isPositive();
        assertThat(ramp().decisions()).isEqualTo(tried);
        assertThat(ramp().state()).as(ramp().note()).isEqualTo(Ramp.State.RUNNING);
    }

    /** Somebody else is faster while the authorizer thinks about it. */
    @Test
    void whatWasAllowed_isNotDoneToWhatHasBecomeOfTheRampMeanwhile() {
        runtime.close();
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        openInMemory(request -> {
            if (request.cause().by().equals("slow")) {
                java.util.Objects.requireNonNull(meanwhile.get()).run();
            }
            return Optional.empty();
        });
        Cause slow = Cause.by("slow").because("looked at for long");

        meanwhile.set(() -> runtime.ramps().start(V2, PLAN, CAUSE));
        assertThatThrownBy(() -> runtime.ramps().start(V2, PLAN, slow)).hasMessageContaining("open already");
        meanwhile.set(() -> runtime.ramps().advance("ramp-1", CAUSE));
        SwitchResult advanced = runtime.ramps().advance("ramp-1", slow);
        assertThat(advanced.outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(advanced.message()).contains("meanwhile");
        assertThat(ramp().step()).as("one step, and not two").isEqualTo(1);
        meanwhile.set(() -> runtime.ramps().undo("ramp-1", CAUSE));
        assertThat(runtime.ramps().undo("ramp-1", slow).outcome()).isEqualTo(SwitchResult.Outcome.NOTHING_TO_DO);
        assertThat(ramp().note()).contains("undone by on-call");
        meanwhile.set(() -> runtime.switches().kill(V2, SwitchState.killedRefusing(), CAUSE));
        assertThat(runtime.ramps().start(V2, PLAN, slow).outcome()).isEqualTo(SwitchResult.Outcome.REFUSED);
        assertThat(runtime.ramps().open()).isEmpty();
        assertThat(runtime.switches().active())
                .singleElement()
                .satisfies(set -> assertThat(set.state()).isEqualTo(SwitchState.killedRefusing()));
    }

    /** A route that nobody asks any more must not keep its share for ever. */
    @Test
    void patience_endsAlsoWhereNoDecisionComes() {
        int started = 0;
        for (RampPlan.Inconclusive choice : RampPlan.Inconclusive.values()) {
            String id = "ramp-" + ++started;
            java.util.function.Supplier<Ramp> present =
                    () -> runtime.ramps().find(id).orElseThrow();
            assertThat(runtime.ramps()
                            .start(V2, PLAN.whenInconclusive(choice), CAUSE)
                            .durable())
                    .isTrue();
            assertThat(present.get().state()).isEqualTo(Ramp.State.RUNNING);
            now.updateAndGet(before -> before.plus(Duration.ofHours(2)));
            switch (choice) {
                case WAIT -> Eventually.until(() -> present.get().state() == Ramp.State.INCONCLUSIVE);
                case ADVANCE -> Eventually.until(() -> present.get().step() == 1);
                case UNDO -> Eventually.until(() -> present.get().state() == Ramp.State.UNDONE);
            }
            assertThat(present.get().note())
                    .contains("nothing has shown within 1 h and 0 decisions", "the plan asks for 30 decisions");
            if (present.get().isOpen()) {
                runtime.ramps().undo(id, CAUSE);
            }
            assertThat(runtime.switches().active())
                    .singleElement()
                    .satisfies(set -> assertThat(set.state()).isInstanceOf(SwitchState.Killed.class));
        }
        assertThat(recordTypes())
                .containsExactly(
                        "ramp.started",
                        "ramp.inconclusive",
                        "ramp.undone",
                        "ramp.started",
                        "ramp.step",
                        "ramp.undone",
                        "ramp.started",
                        "ramp.undone");
    }
}
