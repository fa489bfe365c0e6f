// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.bernoulli;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EDetectorTest {
    private static final int CHANGE = 5_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.02, 0.1, 0.5, 0.9})
    void statistic_alarmsNoOftenerThanTheBudgetWhenNothingChanges(double mean) {
        assertAlarmsWithinBudget(mean, random -> bernoulli(random, mean));
    }

    @Test
    void statistic_alarmsNoOftenerThanTheBudgetWhenObservationsAreUniform() {
        assertAlarmsWithinBudget(0.5, SplittableRandom::nextDouble);
    }

    /** A budget of 10,000 allows alarms within 1,000 observations in 10 % of the runs at most. */
    private static void assertAlarmsWithinBudget(double nullMean, ToDoubleFunction<SplittableRandom> stream) {
        int runs = Simulation.runs(400);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(1_000 + run);
            EDetector detector = EDetector.atLeast(nullMean);
            boolean alarm = false;
            for (int i = 0; i < 1_000 && !alarm; i++) {
                detector.observe(stream.applyAsDouble(random), i, i);
                alarm = detector.statistic() >= 10_000;
            }
            alarms += alarm ? 1 : 0;
        }
        assertThat(alarms).as("alarms in %d runs", runs).isLessThanOrEqualTo(runs / 10);
    }

    @Test
    void statistic_averageRunLengthIsAtLeastTheBudget() {
        int runs = Simulation.runs(200);
        long total = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(2_000 + run);
            EDetector detector = EDetector.atLeast(0.1);
            int length = 0;
            while (detector.statistic() < 1_000) {
                detector.observe(bernoulli(random, 0.1), length, length);
                length++;
            }
            total += length;
        }
        assertThat(total / runs).isGreaterThanOrEqualTo(1_000);
    }

    /** The settings of the measurement on which the design rests: one in a million, change at 5,000. */
    @ParameterizedTest
    @CsvSource({"0.02, 0.10, 135, 25", "0.10, 0.20, 240, 40"})
    void statistic_noticesTheChangeSoon(double before, double after, double expectedDelay, double onsetError) {
        int runs = Simulation.runs(200);
        int falseAlarms = 0;
        double delay = 0;
        double[] onsetMeans = new double[runs];
        double[] errors = new double[runs];
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(3_000 + run);
            EDetector detector = EDetector.atLeast(before);
            int i = 0;
            while (detector.statistic() < 1_000_000) {
                detector.observe(bernoulli(random, i < CHANGE ? before : after), i, 10L * i);
                i++;
            }
            if (i <= CHANGE) {
                falseAlarms++;
            } else {
                delay += i - CHANGE;
            }
            errors[run] = Math.abs(detector.onsetDecision() - CHANGE);
            onsetMeans[run] = detector.onsetMean();
            assertThat(detector.onsetTime()).isEqualTo(10 * detector.onsetDecision());
            assertThat(detector.onsetCount()).isEqualTo(i - detector.onsetDecision());
        }
        Arrays.sort(errors);
        Arrays.sort(onsetMeans);
        assertThat(falseAlarms).isLessThanOrEqualTo(runs / 40);
        assertThat(delay / (runs - falseAlarms)).isBetween(0.8 * expectedDelay, 1.2 * expectedDelay);
        assertThat(errors[runs / 2]).as("median error of the onset").isLessThan(onsetError);
        assertThat(onsetMeans[runs / 2]).as("median mean since the onset").isCloseTo(after, within(0.04));
    }

    /** Exact, over all 4,096 paths: the mean of the statistic is the number of observations at the null's edge. */
    @ParameterizedTest
    @CsvSource({"0.02, 0.02", "0.02, 0.01", "0.3, 0.3", "0.3, 0.1", "0.95, 0.95", "0.95, 0.5"})
    void statistic_minusTimeIsASupermartingale(double nullMean, double p) {
        int depth = 12;
        double mean = 0;
        for (int path = 0; path < 1 << depth; path++) {
            EDetector detector = EDetector.atLeast(nullMean);
            double probability = 1;
            for (int i = 0; i < depth; i++) {
                int x = path >> i & 1;
                probability *= x == 1 ? p : 1 - p;
                detector.observe(x, i, i);
            }
            mean += probability * detector.statistic();
        }
        if (p == nullMean) {
            assertThat(mean).isCloseTo(depth, within(1e-9));
        } else {
            assertThat(mean).isPositive().isLessThan(depth);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-9, 0.5, 0.999999999})
    void statistic_remainsFiniteWhenNobodyResets(double nullMean) {
        EDetector detector = EDetector.atLeast(nullMean);
        for (int i = 0; i < 20_000; i++) {
            detector.observe(1, i, i);
            assertThat(detector.statistic()).isFinite().isPositive();
        }
        for (int i = 0; i < 20_000; i++) {
            detector.observe(0, i, i);
        }
        assertThat(detector.statistic()).isFinite().isNotNegative();
        assertThat(detector.onsetMean()).isFinite();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.4, Double.POSITIVE_INFINITY})
    void statistic_remainsZeroWhereNoMeanIsTooHigh(double nullMean) {
        EDetector detector = EDetector.atLeast(nullMean);
        for (int i = 0; i < 1_000; i++) {
            detector.observe(1, i, i);
        }
        assertThat(detector.statistic()).isZero();
    }

    @Test
    void statistic_isZeroAndTheOnsetEmptyBeforeTheFirstObservation() {
        EDetector detector = EDetector.atLeast(0.1);
        assertThat(detector.nullMean()).isEqualTo(0.1);
        assertThat(detector.statistic()).isZero();
        assertThat(detector.onsetDecision()).isZero();
        assertThat(detector.onsetTime()).isZero();
        assertThat(detector.onsetCount()).isZero();
        assertThat(detector.onsetMean()).isNaN();
        assertThat(detector.onsetCompanionMean()).isNaN();
    }

    @Test
    void onset_isTheFirstOfARunOfHighObservations() {
        EDetector detector = EDetector.atLeast(0.1);
        for (int i = 0; i < 500; i++) {
            detector.observe(0, 7, i, 100 + i);
        }
        for (int i = 500; i < 520; i++) {
            detector.observe(0.9, 3, i, 100 + i);
        }
        assertThat(detector.onsetDecision()).isEqualTo(500);
        assertThat(detector.onsetTime()).isEqualTo(600);
        assertThat(detector.onsetCount()).isEqualTo(20);
        assertThat(detector.onsetMean()).isCloseTo(0.9, within(1e-12));
        assertThat(detector.onsetCompanionMean()).isEqualTo(3);
    }

    @Test
    void reset_makesItLikeNew() {
        EDetector used = EDetector.atLeast(0.1);
        for (int i = 0; i < 50; i++) {
            used.observe(1, 5, i, i);
        }
        used.reset();
        EDetector fresh = EDetector.atLeast(0.1);
        assertThat(used).usingRecursiveComparison().isEqualTo(fresh);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY})
    void observe_refusesWhatIsOutsideTheUnitInterval(double x) {
        EDetector detector = EDetector.atLeast(0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.observe(x, 1, 1))
                .withMessage("an observation must lie within [0, 1] but is " + x);
        assertThat(detector).usingRecursiveComparison().isEqualTo(EDetector.atLeast(0.1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN})
    void atLeast_refusesANullMeanThatIsNotPositive(double nullMean) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EDetector.atLeast(nullMean))
                .withMessage("the null mean must be above 0 but is " + nullMean);
    }
}
