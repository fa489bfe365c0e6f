// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.incident4j.detect.Direction;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftStatisticTest {
    private static final int CHANGE = 3_000;
    private static final Set<Direction> ALL = EnumSet.allOf(Direction.class);

    private static RankBaseline learn(int n, SplittableRandom random, ToDoubleFunction<SplittableRandom> stream) {
        RankBaseline baseline = new RankBaseline(1);
        for (int i = 0; i < n; i++) {
            baseline.add(stream.applyAsDouble(random));
        }
        baseline.freeze();
        return baseline;
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1, HIGHER", "-0.5, 1, LOWER", "0, 2, WIDER", "0, 0.5, NARROWER"})
    void statistic_findsTheChangeAndItsDirection(double shift, double scale, Direction direction) {
        int runs = Simulation.runs(20);
        double delay = 0;
        double onset = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(7_000 + run);
            DriftStatistic drift = new DriftStatistic(learn(2_000, random, Simulation::normal), ALL, 0.03, 0.001);
            int i = 0;
            while (drift.statistic() < 1_000_000) {
                double x = normal(random);
                drift.observe(i < CHANGE ? x : shift + scale * x, i, 10L * i);
                i++;
            }
            assertThat(i).isGreaterThan(CHANGE);
            assertThat(drift.direction()).isEqualTo(direction);
            assertThat(drift.onsetTime()).isEqualTo(10 * drift.onsetDecision());
            assertThat(drift.onsetCount()).isEqualTo(i - drift.onsetDecision());
            assertThat(drift.onsetMean()).isGreaterThan(0.58);
            assertThat(drift.onsetMeanRank() - 0.5).isCloseTo(0.28 * shift, within(0.2));
            delay += i - CHANGE;
            onset += Math.abs(drift.onsetDecision() - CHANGE);
        }
        assertThat(delay / runs).as("mean delay").isLessThan(400);
        assertThat(onset / runs).as("mean error of the onset").isLessThan(60);
    }

    @Test
    void statistic_alarmsNoOftenerThanTheBudgetOnContinuousValues() {
        assertAlarmsWithinBudget(500, Simulation::normal);
    }

    /** Scores of a small tree: few leaves, uneven. */
    @Test
    void statistic_alarmsNoOftenerThanTheBudgetOnFewDistinctValues() {
        assertAlarmsWithinBudget(500, random -> random.nextDouble() < 0.6 ? 0.2 : random.nextInt(3));
    }

    @Test
    void statistic_alarmsNoOftenerThanTheBudgetOnAConstant() {
        assertAlarmsWithinBudget(500, random -> 0.25);
    }

    private static void assertAlarmsWithinBudget(int warmUp, ToDoubleFunction<SplittableRandom> stream) {
        int runs = Simulation.runs(200);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(8_000 + run);
            DriftStatistic drift = new DriftStatistic(learn(warmUp, random, stream), ALL, 0, 0.001);
            boolean alarm = false;
            for (int i = 0; i < 1_000 && !alarm; i++) {
                drift.observe(stream.applyAsDouble(random), i, i);
                alarm = drift.statistic() >= 10_000;
            }
            alarms += alarm ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(runs / 10);
    }

    @Test
    void statistic_findsThatAConstantHasMoved() {
        SplittableRandom random = new SplittableRandom(9);
        DriftStatistic drift = new DriftStatistic(learn(500, random, r -> 0.25), ALL, 0.03, 0.001);
        for (int i = 0; i < 60; i++) {
            drift.observe(0.24, i, i);
        }
        assertThat(drift.statistic()).isGreaterThan(1_000_000);
        assertThat(drift.onsetDecision()).isZero();
        assertThat(drift.onsetMeanRank()).isZero();
    }

    @Test
    void statistic_findsNothingWhereTheBoundsExceedOne() {
        SplittableRandom random = new SplittableRandom(10);
        DriftStatistic drift = new DriftStatistic(learn(100, random, Simulation::normal), ALL, 0.5, 0.001);
        for (int i = 0; i < 1_000; i++) {
            drift.observe(1e9, i, i);
        }
        assertThat(drift.statistic()).isZero();
    }

    @Test
    void reset_makesItLikeNew() {
        RankBaseline baseline = learn(500, new SplittableRandom(11), Simulation::normal);
        DriftStatistic used = new DriftStatistic(baseline, ALL, 0.03, 0.001);
        for (int i = 0; i < 50; i++) {
            used.observe(3, i, i);
        }
        used.reset();
        assertThat(used).usingRecursiveComparison().isEqualTo(new DriftStatistic(baseline, ALL, 0.03, 0.001));
        assertThat(used.onsetMean()).isNaN();
        assertThat(used.onsetMeanRank()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void observe_refusesWhatIsNoNumber(double value) {
        DriftStatistic drift =
                new DriftStatistic(learn(500, new SplittableRandom(12), Simulation::normal), ALL, 0.03, 0.001);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> drift.observe(value, 1, 1))
                .withMessage("a value must be finite but is " + value);
        assertThat(drift.onsetCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, Double.NaN})
    void new_refusesATolerance(double tolerance) {
        RankBaseline baseline = learn(500, new SplittableRandom(13), Simulation::normal);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriftStatistic(baseline, ALL, tolerance, 0.001))
                .withMessage("the tolerance must be 0 or more but is " + tolerance);
    }

    @Test
    void oneDirectionAlone_isBlindToTheOthers() {
        SplittableRandom random = new SplittableRandom(21);
        RankBaseline baseline = learn(2_000, random, Simulation::normal);
        DriftStatistic higher = new DriftStatistic(baseline, EnumSet.of(Direction.HIGHER), 0.03, 0.001);
        DriftStatistic lower = new DriftStatistic(baseline, EnumSet.of(Direction.LOWER), 0.03, 0.001);
        for (int i = 0; i < 2_000; i++) {
            double x = 1 + normal(random);
            higher.observe(x, i, i);
            lower.observe(x, i, i);
        }
        assertThat(higher.statistic()).isGreaterThan(1e6);
        assertThat(higher.direction()).isEqualTo(Direction.HIGHER);
        assertThat(lower.statistic()).isLessThan(100);
        assertThat(lower.recovery()).as("nothing became lower").isGreaterThan(20);
    }
}
