// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.GuardInfos;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.detect.Interval;
import io.github.incident4j.detect.Labelling;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.DecisionId;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Label;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Detectors whose numbers are known only once labels come. */
class LabelDetectorTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int WARM_UP = 2_000;

    private final List<Signal> signals = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(5);

    /** What a simulated model does, and what is true; it says yes to so many of those who are so, and are not. */
    record World(double positives, double found, double falselyFound, double foundOfNorth, double falseOfNorth) {
        static final World SOUND = new World(0.4, 0.8, 0.1, 0.8, 0.1);
    }

    /** A model whose labels come late, in another order, and not for all. */
    private final class Model {
        private final GuardInfo guard;
        private final DetectionEngine engine;
        private final List<FeedbackRecord> pending = new ArrayList<>();
        private int number;
        private double unlabelled = 0.2;
        private int delay = 200;
        private int route;
        private int looks;

        Model(Detection<?, ?> detection) {
            this.guard = new GuardInfo(
                    1,
                    "credit",
                    List.of(
                            GuardInfos.route("v2", RouteKind.MODEL),
                            GuardInfos.route("v1", RouteKind.MODEL),
                            GuardInfos.route("rule", RouteKind.RULE)),
                    List.of("region"),
                    detection.readsNumber() ? List.of(detection.name()) : List.of(),
                    detection.readsCategory() ? List.of(detection.name()) : List.of(),
                    GuardInfos.recording(Durability.GROUP));
            this.engine = Engines.of(
                    new DetectorStates(),
                    entry -> {},
                    signals::add,
                    Set.of(),
                    TimeSource.following(() -> Instant.EPOCH.plusSeconds(2L * ++looks))); // readings grow old at once
            Engines.register(engine, guard, detection);
        }

        void run(int decisions, World world) {
            for (int i = 0; i < decisions; i++) {
                boolean positive = random.nextDouble() < world.positives();
                boolean north = random.nextBoolean();
                double found = north ? world.foundOfNorth() : world.found();
                double falselyFound = north ? world.falseOfNorth() : world.falselyFound();
                boolean said = random.nextDouble() < (positive ? found : falselyFound);
                decide(said, north ? "north" : "south");
                if (random.nextDouble() >= unlabelled) {
                    pending.add(feedback(number, Label.of(positive)));
                }
                while (pending.size() > delay) {
                    tell(pending.remove(random.nextInt(pending.size())));
                }
            }
        }

        void decide(boolean said, String region) {
            number++;
            engine.observe(
                    DecisionRecord.answered(
                            guard,
                            number,
                            0,
                            1,
                            route,
                            0,
                            -1,
                            List.of(),
                            List.of(),
                            guard.categories().isEmpty()
                                    ? new @Nullable String[] {region}
                                    : new @Nullable String[] {region, String.valueOf(said)},
                            guard.values().isEmpty() ? new double[0] : new double[] {said ? 0.9 : 0.1},
                            null),
                    number * MINUTE);
        }

        FeedbackRecord feedback(int decision, Label label) {
            return new FeedbackRecord("credit", new DecisionId(1, decision), label, 0);
        }

        boolean tell(FeedbackRecord feedback) {
            return engine.take(feedback, number * MINUTE);
        }

        List<Reading> readings() {
            engine.tick();
            return engine.readings("credit");
        }

        Labelling labelling() {
            return readings().get(0).labelling().orElseThrow();
        }
    }

    /** A detector, and a world in which what it watches has become worse. */
    record Case(Detection<?, ?> detection, World harm, double before, double after, String sentence) {
        @Override
        public String toString() {
            return detection.name();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        Detectors.<String>accuracy(said -> said),
                        new World(0.4, 0.5, 0.25, 0.5, 0.25),
                        0.86,
                        0.65,
                        "'accuracy' fell from 8"),
                new Case(
                        Detectors.<String>precision(Boolean::parseBoolean),
                        new World(0.4, 0.8, 0.4, 0.8, 0.4),
                        0.84,
                        0.57,
                        "'precision' fell from 8"),
                new Case(
                        Detectors.<String>recall(Boolean::parseBoolean),
                        new World(0.4, 0.5, 0.1, 0.5, 0.1),
                        0.8,
                        0.5,
                        "'recall' fell from "),
                new Case(
                        Detectors.<String>brier(said -> 0.5),
                        new World(0.4, 0.5, 0.25, 0.5, 0.25),
                        0.12,
                        0.29,
                        "'brier' rose from 0.1"),
                new Case(
                        Detectors.<String>equalOpportunity("region", Boolean::parseBoolean),
                        new World(0.4, 0.8, 0.1, 0.4, 0.1),
                        0.8,
                        0.4,
                        "the true positive rate of region=north fell from "),
                new Case(
                        Detectors.<String>falsePositiveDisparity("region", Boolean::parseBoolean),
                        new World(0.4, 0.8, 0.1, 0.8, 0.5),
                        0.1,
                        0.5,
                        "the false positive rate of region=north rose from "));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void harmThatOnlyLabelsShow_isFound(Case one) {
        Model model = new Model(one.detection().warmUp(WARM_UP).labelsWithin(3_000));
        model.run(12_000, World.SOUND);
        assertThat(signals).isEmpty();
        model.run(3_000, one.harm());
        Signal signal = signals.get(0);
        assertThat(signal.evidence().baseline()).isBetween(one.before() - 0.05, one.before() + 0.05);
        assertThat(signal.evidence().current())
                .as("since the onset, by selection somewhat too far")
                .isCloseTo(one.after(), within(0.4));
        Interval interval = signal.evidence().interval().orElseThrow();
        assertThat(one.after()).isBetween(interval.low(), interval.high());
        assertThat(signal.sentence()).contains(" (99 % interval ");
        assertThat(signal.onsetDecision())
                .as("labels come in another order, an hour to some days late")
                .isBetween(10_500L, 13_000L);
        assertThat(signal.sentence())
                .startsWith(one.sentence())
                .contains("; labels came 4 h after the decision on average, and ")
                .endsWith(" of the decisions got none");
        boolean ofGroups = one.detection().kind().isOfGroups();
        assertThat(signal.type()).isEqualTo(ofGroups ? IncidentType.BIAS : IncidentType.PERFORMANCE);
        assertThat(signal.severity()).isEqualTo(ofGroups ? Severity.P1 : Severity.P2);
    }

    /** A budget of one in 10,000 allows alarms within 2,800 labels in 28 % of the runs at most. */
    @ParameterizedTest
    @MethodSource("cases")
    void soundModel_keepsTheFalseAlarmBudget(Case one) {
        int alarmed = 0;
        int runs = Simulation.runs(20);
        for (int run = 0; run < runs; run++) {
            signals.clear();
            Model model = new Model(one.detection().warmUp(500).tolerance(0).falseAlarmAtMostOncePer(10_000));
            model.run(3_500, World.SOUND);
            alarmed += signals.isEmpty() ? 0 : 1;
        }
        assertThat(alarmed)
                .as("runs of fewer than 2,800 labels with a false alarm, of %d", runs)
                .isLessThanOrEqualTo((int) (runs * 0.28));
    }

    /** Without a warm-up the null is exact: the given accuracy is the true one, and a large sample has shown it. */
    @Test
    void givenBaseline_isKnownAsPeopleKnowIt_andKeepsTheBudget() {
        int alarmed = 0;
        int runs = Simulation.runs(100);
        for (int run = 0; run < runs; run++) {
            signals.clear();
            Model model = new Model(Detectors.<String>accuracy(said -> said)
                    .baseline(0.86, 1_000_000_000)
                    .tolerance(0)
                    .falseAlarmAtMostOncePer(10_000));
            model.unlabelled = 0;
            model.run(2_000, World.SOUND);
            alarmed += signals.isEmpty() ? 0 : 1;
        }
        assertThat(alarmed).as("of %d runs, a fifth may", runs).isLessThanOrEqualTo((int) (runs * 0.2) + 4);
    }

    @Test
    void labels_areCountedAndNeverGuessed() {
        Model model = new Model(
                Detectors.<String>accuracy(said -> said).baseline(0.9, 1_000).labelsWithin(100));
        for (int i = 0; i < 150; i++) {
            model.decide(true, "north");
        }
        assertThat(model.readings())
                .as("without a label there is nothing to read")
                .isEmpty();
        assertThat(model.tell(model.feedback(150, Label.of(true)))).isTrue();
        assertThat(model.tell(model.feedback(90, Label.of(false)))).isTrue();
        assertThat(model.tell(model.feedback(90, Label.of(true))))
                .as("a second one")
                .isFalse();
        assertThat(model.tell(model.feedback(50, Label.of(true))))
                .as("has left")
                .isFalse();
        assertThat(model.tell(model.feedback(4_711, Label.of(true))))
                .as("never made")
                .isFalse();
        Reading reading = model.readings().get(0);
        assertThat(reading.current()).isBetween(0.0, 1.0);
        Labelling labelling = model.labelling();
        assertThat(labelling).isEqualTo(new Labelling(2, 98, 50, 2, 1, Duration.ofMinutes(30), Duration.ofMinutes(60)));
        assertThat(labelling.unlabelledShare()).isEqualTo(50 / 52.0);
    }

    @Test
    void decisionsOfRules_waitForNoLabel() {
        Model model = new Model(Detectors.<String>accuracy(said -> said).baseline(0.9, 1_000));
        model.route = 2;
        model.decide(true, "north");
        assertThat(model.tell(model.feedback(1, Label.of(true)))).isFalse();
        model.route = 1;
        model.decide(true, "north");
        assertThat(model.tell(model.feedback(2, Label.of(true)))).isTrue();
        assertThat(model.readings()).singleElement().extracting(Reading::route).isEqualTo("v1");
    }

    /** Else a model that was rolled back would be found again and again, as its labels come. */
    @Test
    void labelsOfWhatWasDecidedBeforeItWasDealtWith_raiseNothing() {
        Model model = new Model(Detectors.<String>accuracy(said -> said).baseline(0.9, 10_000));
        for (int i = 1; i <= 200; i++) {
            model.decide(true, "north");
        }
        model.engine.rearm("credit");
        for (int i = 1; i <= 200; i++) {
            model.tell(model.feedback(i, Label.of(false)));
        }
        assertThat(signals).isEmpty();
        for (int i = 201; i <= 400; i++) {
            model.decide(true, "north");
            model.tell(model.feedback(i, Label.of(false)));
        }
        assertThat(signals).isNotEmpty();
        assertThat(signals.get(0).onsetDecision()).isEqualTo(201);
    }

    @Test
    void positiveLabel_mayHaveAnotherName() {
        Model model = new Model(Detectors.<String>recall(Boolean::parseBoolean)
                .positive("fraud")
                .baseline(0.9, 1_000));
        model.decide(false, "north");
        model.tell(model.feedback(1, Label.of("fraud")));
        model.decide(true, "north");
        model.tell(model.feedback(2, Label.of("good")));
        assertThat(model.readings()).singleElement().satisfies(reading -> {
            assertThat(reading.sampleSize()).isEqualTo(1);
            assertThat(reading.current()).isZero();
        });
    }

    @Test
    void eachSegment_isWatchedByItself() {
        Model model = new Model(
                Detectors.<String>recall(Boolean::parseBoolean).by("region").warmUp(WARM_UP));
        model.run(16_000, World.SOUND);
        model.run(3_000, new World(0.4, 0.8, 0.1, 0.5, 0.1));
        assertThat(signals)
                .isNotEmpty()
                .allSatisfy(signal -> assertThat(signal.sentence()).startsWith("'recall' of region=north fell from "));
    }

    /** A ramp that waited for labels might wait for a year. */
    @Test
    void recoveryRamps_areNotJudgedByLabels() {
        Model model = new Model(Detectors.<String>accuracy(said -> said).baseline(0.9, 1_000));
        model.decide(true, "north");
        model.tell(model.feedback(1, Label.of(true)));
        assertThat(model.engine.watches("credit", "v2")).isFalse();
    }

    @Test
    void faults_nameTheValueAndTheRemedy() {
        assertThat(Detectors.<String>recall(Boolean::parseBoolean)
                        .positive("")
                        .labelsWithin(1)
                        .faults())
                .containsExactly(
                        "detector 'recall': the positive label is empty or null; name it as feedback does, such as"
                                + " \"fraud\"",
                        "detector 'recall': labels within 1 decisions are out of range; use 100 to 10000000");
    }
}
