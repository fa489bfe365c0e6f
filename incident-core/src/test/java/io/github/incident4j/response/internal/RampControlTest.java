// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.detect.internal.LeastEvidence;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.killswitch.Switch;
import io.github.incident4j.killswitch.SwitchResult;
import io.github.incident4j.killswitch.SwitchResult.Outcome;
import io.github.incident4j.killswitch.SwitchSources;
import io.github.incident4j.killswitch.SwitchState;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.killswitch.internal.SwitchPolicy;
import io.github.incident4j.killswitch.internal.SwitchWatch;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Scope;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Ramp;
import io.github.incident4j.response.RampPlan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ramp of which the test is the detector thread, which may lag as far behind as it likes. */
class RampControlTest {
    private static final Cause CAUSE = Cause.by("on-call").because("a reason");
    private static final Scope V2 = Scope.model("model").route("v2");
    private static final Scope V1 = Scope.model("model").route("v1");
    private static final SwitchState.Instead REFUSING =
            SwitchState.killedRefusing().instead();
    private static final RampPlan PLAN = RampPlan.standard()
            .shares(0.05, 0.25, 1)
            .minDecisions(30)
            .minTime(Duration.ZERO)
            .patience(Duration.ofHours(1));
    private static final GuardInfo GUARD = new GuardInfo(
            1,
            "model",
            List.of(GuardInfos.route("v2", RouteKind.MODEL), GuardInfos.route("v1", RouteKind.MODEL)),
            List.of(),
            List.of(),
            GuardInfos.recording(Durability.GROUP));

    private final List<TrailEntry> trail = new CopyOnWriteArrayList<>();
    private Instant now = Instant.parse("2026-11-20T21:41:00Z");
    private final TimeSource time = TimeSource.following(() -> now);
    private LeastEvidence evidence = new LeastEvidence("drift", 1_000); // seen in the step before
    private SwitchBoard board;
    private RampControl ramps;

    @BeforeEach
    void start() throws IOException {
        board = new SwitchWatch(
                        SwitchSources.inMemory("runtime"),
                        Map.of(),
                        null,
                        time,
                        trail::add,
                        alarm -> {},
                        set -> Optional.empty())
                .board();
        board.open();
        ramps = new RampControl(
                board,
                new PermittedSwitches(board, new SwitchPolicy(SwitchPolicy.EVERYBODY, null), time),
                new IncidentDesk(time, IncidentRules.STANDARD, trail::add, event -> {}),
                time,
                trail::add,
                new RampControl.Detectors() {
                    @Override
                    public void rearm(String model) {}

                    @Override
                    public boolean watches(String model, String route) {
                        return true;
                    }

                    @Override
                    public Optional<LeastEvidence> recovery(String model, String route, Optional<Segment> focus) {
                        return Optional.of(evidence);
                    }
                });
        assertThat(ramps.start(V2, PLAN, CAUSE).durable()).isTrue();
        begun();
    }

    /** The record of the present step arrives. */
    private void begun() {
        begun(ramp().step());
    }

    private void begun(int step) {
        trail.stream()
                .filter(RampRecord.class::isInstance)
                .map(RampRecord.class::cast)
                .filter(record -> record.ramp().step() == step)
                .findFirst()
                .ifPresent(ramps::begun);
    }

    private static DecisionRecord answered() {
        return DecisionRecord.answered(
                GUARD, 1, 0, 1, 0, 0, -1, List.of(), List.of(), new @Nullable String[0], new double[0], null);
    }

    private static DecisionRecord failed() {
        return DecisionRecord.answered(
                GUARD,
                1,
                0,
                1,
                1,
                0,
                -1,
                List.of(new Skipped("v2", new Failure.ModelError(new IOException("broken")))),
                List.of(),
                new @Nullable String[0],
                new double[0],
                null);
    }

    private void decided(DecisionRecord decision, Instant at) {
        for (int i = 0; i < 200; i++) {
            ramps.decided(decision, at);
        }
        ramps.tick();
        ramps.stepped().join();
    }

    private Ramp ramp() {
        return ramps.find("ramp-1").orElseThrow();
    }

    @Test
    void decisionsThatWereMadeBeforeAStep_sayNothingOfIt() {
        Instant before = now;
        now = now.plusSeconds(3);
        assertThat(ramps.advance("ramp-1", CAUSE).durable()).isTrue();
        decided(answered(), before);
        assertThat(ramp().step()).isEqualTo(1);
        assertThat(ramp().decisions()).isZero();
        decided(failed(), before);
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        begun();
        decided(answered(), now);
        assertThat(ramp().step()).as("on evidence of its own").isEqualTo(2);
    }

    /** The detectors tell of the step before until they have started anew. */
    @Test
    void stepOfWhichTheRecordHasNotCome_doesNotPass() {
        assertThat(ramps.advance("ramp-1", CAUSE).durable()).isTrue();
        decided(answered(), now);
        assertThat(ramp().step()).isEqualTo(1);
        decided(failed(), now);
        assertThat(ramp().state()).as("harm counts at once").isEqualTo(Ramp.State.UNDONE);
    }

    @Test
    void stepOfWhichTheRecordDoesNotCome_saysSoWhenItsPatienceIsOver() {
        assertThat(ramps.advance("ramp-1", CAUSE).durable()).isTrue();
        now = now.plus(ramp().plan().patience());
        decided(answered(), now);
        assertThat(ramp().state()).isEqualTo(Ramp.State.INCONCLUSIVE);
        assertThat(ramp().note()).contains("the record of the step has not come to the detectors");
    }

    private static Signal signal(Instant at) {
        return new Signal(
                "drift",
                "model",
                "v2",
                IncidentType.PERFORMANCE,
                Severity.P2,
                Optional.empty(),
                at,
                1,
                at,
                1,
                new Signal.Evidence(1, 1, 0, 0, 1),
                "it drifted");
    }

    /** As after a crash, or where the detectors are behind. */
    @Test
    void signalOfWhatWasBeforeAStep_undoesNothing() {
        assertThat(ramps.signalled(signal(now.minusSeconds(1)), "inc-1")).isFalse();
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        assertThat(ramps.signalled(signal(now.plusSeconds(1)), "inc-1")).isTrue();
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
    }

    @Test
    void twoStepsOnTheirWay_areNotTakenForOneAnother() {
        Instant before = now;
        now = now.plusSeconds(3);
        assertThat(ramps.advance("ramp-1", CAUSE).durable()).isTrue();
        assertThat(ramps.advance("ramp-1", CAUSE).durable()).isTrue();
        begun(1);
        decided(answered(), before);
        assertThat(ramp().state()).isEqualTo(Ramp.State.RUNNING);
        assertThat(ramp().decisions()).isZero();
        begun(2);
        decided(answered(), now);
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
    }

    /** Otherwise a clock that was set back would hide what harms. */
    @Test
    void clockThatWasSetBack_hidesNothingOfTheStep() {
        decided(failed(), now.minusSeconds(3_600));
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
    }

    /** A person who decides sees whether it is a detector, or that too few calls have come. */
    @Test
    void inconclusiveStep_namesWhatHasLeastEvidence() {
        for (int i = 0; i < 40; i++) {
            ramps.decided(answered(), now);
        }
        evidence = new LeastEvidence("drift", 3.14);
        now = now.plus(Duration.ofHours(2));
        ramps.tick();
        assertThat(ramp().state()).isEqualTo(Ramp.State.INCONCLUSIVE);
        assertThat(ramp().note()).endsWith("detector 'drift' has least evidence, 3.1 of 20");

        ramps.advance("ramp-1", CAUSE);
        begun();
        evidence = new LeastEvidence("drift", 1_000);
        for (int i = 0; i < 40; i++) {
            ramps.decided(answered(), now);
        }
        now = now.plus(Duration.ofHours(2));
        ramps.tick();
        assertThat(ramp().note()).contains("its 40 attempts, of which 0 have failed, have least evidence, ");
    }

    // ---- what stands at its scope -----------------------------------------------------------------------------

    private static SwitchState.Limited refusing(Limit limit) {
        return new SwitchState.Limited(limit, REFUSING);
    }

    private static Limit quota() {
        return Limit.toRate(100, Duration.ofSeconds(1));
    }

    /** Of a ramp of the other route. */
    private SwitchState.Killed undoneBy(SwitchResult started) {
        assertThat(started.durable()).isTrue();
        Ramp ramp = ramps.open().get(1);
        ramps.undo(ramp.id(), CAUSE);
        board.restore(V1, CAUSE);
        return ramp.kill();
    }

    @Test
    void rampOverARateThatRefuses_refusesTheRestUnlessAKillSendsItElsewhere() {
        board.limit(V1, refusing(quota()), CAUSE);
        SwitchResult alone = ramps.start(V1, PLAN, CAUSE);
        assertThat(alone.message())
                .startsWith("it takes the place of the rate of 100 calls per 1s of on-call, which is lifted")
                .endsWith("what it does not let pass is refused, as the limit of on-call has it: no fallback answers");
        assertThat(undoneBy(alone)).isEqualTo(SwitchState.killedRefusing());

        board.limit(V1, refusing(quota()), CAUSE);
        board.kill(V1, CAUSE.until(now.plusSeconds(60)));
        assertThat(board.at(V1)).hasSize(2);
        SwitchResult killed = ramps.start(V1, PLAN, CAUSE);
        assertThat(killed.message()).doesNotContain("refused");
        assertThat(undoneBy(killed)).isEqualTo(SwitchState.killed());
    }

    /** A fallback answers 90 % now, and will not while the ramp is on its way. */
    @Test
    void rampOverAShareThatRefusesBesideAKill_saysThatItRefusesTheRest() {
        board.limit(V1, refusing(Limit.toShare(0.9)), CAUSE);
        board.kill(V1, CAUSE);
        SwitchResult started = ramps.start(V1, PLAN, CAUSE);
        assertThat(started.message())
                .contains("what it does not let pass is refused, as the limit of on-call has it: no fallback answers");
        assertThat(undoneBy(started)).isEqualTo(SwitchState.killedRefusing());

        board.kill(V1, SwitchState.killedRefusing(), CAUSE);
        assertThat(ramps.start(V1, PLAN, CAUSE).message())
                .as("as it was before")
                .startsWith("it takes the place of the kill of on-call, which is lifted")
                .doesNotContain("no fallback answers");
    }

    /** Nobody may have looked since its end. */
    @Test
    void switchThatIsOver_hasNoSayInWhatARampDoes() {
        board.limit(V1, quota(), CAUSE);
        board.kill(V1, SwitchState.killedRefusing(), CAUSE.until(now.plusSeconds(60)));
        now = now.plusSeconds(60);
        assertThat(board.at(V1)).hasSize(2);
        assertThat(undoneBy(ramps.start(V1, PLAN, CAUSE))).isEqualTo(SwitchState.killed());
    }

    /** As after a restart: who has edited the file by hand has changed the share, and not what it is for. */
    @Test
    void shareThatSomebodyElseHasChanged_isKilledAsNobodyWatchesIt() {
        List<Switch> seen = board.at(V2);
        board.lift(
                V2,
                seen,
                new SwitchState.Limited(Limit.toShare(0.02)),
                seen.get(0).cause());
        assertThat(ramps.advance("ramp-1", CAUSE).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ramp().state()).isEqualTo(Ramp.State.UNDONE);
        assertThat(board.inForce()).singleElement().satisfies(held -> {
            assertThat(held.set().state()).isEqualTo(SwitchState.killed());
            assertThat(held.set().cause().because()).contains("nobody watches what ramp-1 lets through");
        });
    }

    /** It lets pass no more than the ramp did, so nothing is over, and nothing is lifted either. */
    @Test
    void containmentThatLimitsARampsShare_leavesItWaitingAndWatched() {
        Cause reduced = Cause.by("incident4j").because("inc-2: the load of the model was reduced");
        board.contain(V2, new SwitchState.Limited(quota()), reduced);
        SwitchResult advanced = ramps.advance("ramp-1", CAUSE);
        assertThat(advanced.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(advanced.message())
                .contains("a containment limits it, too: inc-2")
                .endsWith("; undo the ramp, which kills it, and start another one once that incident is over");
        assertThat(ramp().state()).isEqualTo(Ramp.State.INCONCLUSIVE);
        assertThat(board.at(V2))
                .singleElement()
                .satisfies(set -> assertThat(set.state())
                        .isEqualTo(new SwitchState.Limited(Limit.toShare(0.05).andRate(100, Duration.ofSeconds(1)))));
        decided(failed(), now);
        assertThat(ramp().state()).as("harm undoes it as before").isEqualTo(Ramp.State.UNDONE);
    }

    /** There is nothing to undo any more, and what is said to do can be done. */
    @Test
    void containmentThatLimitsARampsLastStep_isRestoredByAPersonWhoThenAdvances() {
        ramps.advance("ramp-1", CAUSE);
        ramps.advance("ramp-1", CAUSE);
        Cause reduced = Cause.by("incident4j").because("inc-2: the load of the model was reduced");
        board.contain(V2, new SwitchState.Limited(quota()), reduced);
        assertThat(ramps.advance("ramp-1", CAUSE).message())
                .endsWith("; restore its scope once that incident is over, and advance the ramp");
        board.restore(V2, CAUSE);
        ramps.advance("ramp-1", CAUSE);
        assertThat(ramp().state()).isEqualTo(Ramp.State.COMPLETED);
    }

    /** Its owner goes on without evidence, but not while nothing could have shown anything. */
    @Test
    void rampOfARouteThatAWiderKillStops_doesNotGoOnByItself() {
        ramps.undo("ramp-1", CAUSE);
        ramps.start(V1, PLAN.whenInconclusive(RampPlan.Inconclusive.ADVANCE), CAUSE);
        board.kill(Scope.model("model"), CAUSE);
        now = now.plus(Duration.ofHours(2));
        ramps.tick();
        ramps.stepped().join();
        Ramp ramp = ramps.find("ramp-2").orElseThrow();
        assertThat(ramp.state()).isEqualTo(Ramp.State.INCONCLUSIVE);
        assertThat(ramp.step()).isZero();
        assertThat(ramp.note())
                .endsWith("the plan says to go on, but nothing passes while model is killed by 'runtime'");
    }
}
