// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.Limit;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is watched of which calls while some are kept from the model, and after that. */
class MixOfCallsTest {
    private static final Diversion YOUNG = Diversion.of(new Segment("age", "18-25"));
    private static final Diversion NORTH = Diversion.of(new Segment("region", "north"));

    private final List<Signal> signals = new ArrayList<>();
    private final List<TrailEntry> trail = new ArrayList<>();
    private final Set<Diversion> diverted = new HashSet<>();
    private final DetectionEngine engine = Engines.of(
            new DetectorStates(),
            trail::add,
            signals::add,
            () -> Set.copyOf(diverted),
            TimeSource.following(() -> Instant.EPOCH));
    private final SplittableRandom random = new SplittableRandom(7);
    private GuardInfo guard = guard(Detectors.errors());
    private long number;

    private static GuardInfo guard(Detection<?, ?> detection) {
        return new GuardInfo(
                1,
                "credit",
                List.of(GuardInfos.route("v2", RouteKind.MODEL), GuardInfos.route("v1", RouteKind.MODEL)),
                List.of("age", "region"),
                detection.readsNumber() ? List.of(detection.name()) : List.of(),
                detection.readsCategory() ? List.of(detection.name()) : List.of(),
                GuardInfos.recording(Durability.GROUP));
    }

    private void watch(Detection<?, ?> detection) {
        guard = guard(detection);
        Engines.register(engine, guard, detection);
    }

    private static Detection<?, ?> ages() {
        return Detectors.inputCategories("age-band", (Object input) -> "")
                .warmUp(1_000)
                .falseAlarmAtMostOncePer(100_000);
    }

    private void divert(Diversion... now) {
        diverted.clear();
        diverted.addAll(List.of(now));
        engine.lookAtSwitches();
    }

    private void decide(String age, String region, double value) {
        number++;
        @Nullable
        String[] labels = guard.categories().isEmpty()
                ? new @Nullable String[] {age, region}
                : new @Nullable String[] {age, region, age};
        engine.observe(
                DecisionRecord.answered(
                        guard, number, number, 1, 0, 0, -1, List.of(), List.of(), labels, new double[] {value}, null),
                number);
    }

    /** One of five is young, where none is diverted. */
    private void ofAges(int times, double young) {
        for (int i = 0; i < times; i++) {
            decide(random.nextDouble() < young ? "18-25" : random.nextBoolean() ? "26-60" : "61-99", "south", 0);
        }
    }

    @Test
    void normOfAPart_isNotComparedWithAll() {
        diverted.add(YOUNG);
        watch(ages());
        ofAges(3_000, 0);
        assertThat(engine.watches("credit", "v2")).isTrue();
        divert();
        ofAges(3_000, 0.2);
        assertThat(signals).isEmpty();
        assertThat(engine.watches("credit", "v2")).isFalse();
        engine.take(
                new InstructionRecord(
                        InstructionRecord.RELEARN, "credit", Cause.by("owner").because("all are back"), 0),
                number);
        ofAges(3_000, 0.2);
        assertThat(signals).isEmpty();
        ofAges(1_000, 0.5);
        assertThat(signals).isNotEmpty();
    }

    /** Else a ramp of the segment could never pass. */
    @Test
    void eachStepOfARamp_isAnotherMix() {
        diverted.add(YOUNG);
        watch(ages());
        ofAges(3_000, 0);
        for (double share : List.of(0.05, 0.25, 0.5)) {
            divert(YOUNG.but(Limit.toShare(share)));
            ofAges(2_000, 0.2 * share);
        }
        assertThat(signals).isEmpty();
        divert(YOUNG);
        ofAges(500, 0.2);
        assertThat(signals).as("the mix of the norm").isNotEmpty();
    }

    @Test
    void normThatWasNotLearnedYet_isLearnedOfTheCallsThatCome() {
        diverted.add(YOUNG);
        watch(ages());
        ofAges(500, 0);
        divert();
        ofAges(3_000, 0.2);
        assertThat(signals).isEmpty();
        assertThat(engine.watches("credit", "v2")).isTrue();
        ofAges(1_000, 0.5);
        assertThat(signals).isNotEmpty();
    }

    @Test
    void givenNorm_isOfAllCallsToo() {
        diverted.add(YOUNG);
        watch(Detectors.<Object>rate("denials", output -> true)
                .baseline(0.1, 1_000)
                .falseAlarmAtMostOncePer(100_000));
        assertThat(engine.watches("credit", "v2")).isTrue();
        divert();
        assertThat(engine.watches("credit", "v2")).isTrue();
    }

    /** Where those who live in the north are favoured, and are young: without them the young fall behind. */
    @Test
    void groupsWhileAnotherAttributesSegmentIsDiverted_areNotCompared() {
        watch(Detectors.<Object>groupDisparity("age", output -> true)
                .warmUp(4_000)
                .falseAlarmAtMostOncePer(100_000));
        Runnable all = () -> {
            boolean young = random.nextBoolean();
            boolean north = random.nextDouble() < (young ? 0.8 : 0.2);
            decide(
                    young ? "18-25" : "26-99",
                    north ? "north" : "south",
                    random.nextDouble() < (north ? 0.9 : young ? 0.1 : 0.6) ? 1 : 0);
        };
        for (int i = 0; i < 8_000; i++) {
            all.run();
        }
        divert(NORTH);
        for (int i = 0; i < 8_000; i++) {
            boolean young = random.nextInt(5) == 0;
            decide(young ? "18-25" : "26-99", "south", random.nextDouble() < (young ? 0.1 : 0.6) ? 1 : 0);
        }
        assertThat(signals).isEmpty();
        assertThat(engine.watches("credit", "v2")).isFalse();
        divert();
        for (int i = 0; i < 4_000; i++) {
            all.run();
        }
        assertThat(signals).isEmpty();
        divert(YOUNG);
        assertThat(engine.watches("credit", "v2")).as("it is one of the groups").isTrue();
    }

    /** Of those that remain beside a group too little may be known, or nothing but roughly. */
    @Test
    void groupsOfWhichTheOthersAreGone_areComparedWithinWhatIsKnownOfTheRest() {
        for (double share : List.of(0.01, 0.04)) {
            signals.clear();
            watch(Detectors.<Object>groupDisparity("age", output -> true)
                    .warmUp(5_000)
                    .falseAlarmAtMostOncePer(100_000));
            for (int i = 0; i < 5_000; i++) {
                ofGroups(0.61 - share, share);
            }
            divert(YOUNG);
            for (int i = 0; i < 20_000; i++) {
                ofGroups(0, share / (0.39 + share));
            }
            assertThat(signals).as("with %s of others", share).isEmpty();
            divert();
        }
        divert(YOUNG);
        for (int i = 0; i < 20_000 && signals.isEmpty(); i++) {
            decide(i % 10 == 0 ? "61-99" : "26-60", "south", i % 10 == 0 ? 1 : 0);
        }
        assertThat(signals).as("they are compared").isNotEmpty();
    }

    /** The young are favoured least, the old most. */
    private void ofGroups(double young, double old) {
        double group = random.nextDouble();
        String age = group < young ? "18-25" : group < young + old ? "61-99" : "26-60";
        double favourable = age.equals("18-25") ? 0.4 : age.equals("61-99") ? 0.8 : 0.5;
        decide(age, "south", random.nextDouble() < favourable ? 1 : 0);
    }

    /** Somebody who sends segment after segment elsewhere would else keep all of them from finding anything. */
    @Test
    void whatDoesNotWatchTheMix_goesOn() {
        for (Detection<?, ?> detection : List.<Detection<?, ?>>of(
                Detectors.errors().warmUp(500),
                Detectors.<Object>rate("by-age", output -> true).warmUp(500).by("age"))) {
            watch(detection);
            ofAges(4_000, 0.4);
            double before = evidence();
            assertThat(before).isGreaterThan(1);
            divert(YOUNG);
            divert();
            assertThat(evidence()).isEqualTo(before);
        }
        watch(Detectors.<Object>rate("denials", output -> true).warmUp(500));
        ofAges(4_000, 0.4);
        assertThat(evidence()).isGreaterThan(1);
        divert(YOUNG);
        divert();
        assertThat(evidence()).isLessThan(1);
    }

    private double evidence() {
        return engine.recovery("credit", "v2", Optional.empty()).orElseThrow().value();
    }
}
