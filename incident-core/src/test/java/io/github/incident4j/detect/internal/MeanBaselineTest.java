// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.bernoulli;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeanBaselineTest {
    @Test
    void add_learnsTheMean() {
        MeanBaseline baseline = new MeanBaseline(100);
        for (double x : new double[] {0.1, 0.4, 0.4, 0.9}) {
            baseline.add(x);
        }
        assertThat(baseline.count()).isEqualTo(4);
        assertThat(baseline.mean()).isCloseTo(0.45, within(1e-15));
    }

    @Test
    void upperBound_isOneWithoutObservations() {
        MeanBaseline baseline = new MeanBaseline(100);
        assertThat(baseline.count()).isZero();
        assertThat(baseline.mean()).isNaN();
        assertThat(baseline.upperBound(0.001)).isEqualTo(1);
    }

    /** The closed forms at the edges: no event in n has the bound 1 − α^(1/n). */
    @Test
    void upperBound_isExactAtTheEdges() {
        assertThat(MeanBaseline.given(0, 100).upperBound(0.001)).isCloseTo(1 - Math.pow(0.001, 0.01), within(1e-12));
        assertThat(MeanBaseline.given(1, 100).upperBound(0.001)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0.02, 500, 0.053", "0.02, 2000, 0.034", "0.02, 10000, 0.026", "0.1, 500, 0.158", "0.1, 10000, 0.112"})
    void upperBound_isTightForSmallRates(double mean, long n, double atMost) {
        double bound = MeanBaseline.given(mean, n).upperBound(0.001);
        assertThat(bound).isGreaterThan(mean).isLessThan(atMost);
    }

    @Test
    void upperBound_usesTheVarianceWhereItIsSmall() {
        MeanBaseline learned = new MeanBaseline(2_000);
        for (int i = 0; i < 2_000; i++) {
            learned.add(i % 2 == 0 ? 0.49 : 0.51);
        }
        assertThat(MeanBaseline.given(0.5, 2_000).upperBound(0.001)).isGreaterThan(0.53);
        assertThat(learned.upperBound(0.001)).isLessThan(0.511);
    }

    /** As the pairs of a small group have it: a variance of about 0.065, a quarter of that of a rate. */
    @Test
    void upperBound_isTightForThePairsOfASmallGroup() {
        SplittableRandom random = new SplittableRandom(1);
        MeanBaseline learned = new MeanBaseline(300);
        for (int i = 0; i < 300; i++) {
            learned.add((1 - bernoulli(random, 0.7) + 0.7) / 2);
        }
        double radius = learned.upperBound(0.0002) - learned.mean();
        assertThat(radius).isBetween(0.04, 0.08);
    }

    @ParameterizedTest
    @CsvSource({"0.02, 500", "0.5, 100", "0.9, 300"})
    void bounds_coverTheRateAsOftenAsTheySay(double p, int n) {
        assertCoverage(p, n, random -> bernoulli(random, p));
    }

    @Test
    void bounds_coverTheMeanOfSmallVariancesAsOftenAsTheySay() {
        assertCoverage(0.5, 1_000, random -> 0.45 + 0.1 * random.nextDouble());
        assertCoverage(0.5, 100, SplittableRandom::nextDouble);
        assertCoverage(0.4, 100, random -> 0.2 + 0.5 * bernoulli(random, 0.4));
    }

    private static void assertCoverage(double mean, int n, ToDoubleFunction<SplittableRandom> stream) {
        int runs = Simulation.runs(150);
        double alpha = 0.1;
        int above = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(4_000 + run);
            MeanBaseline baseline = new MeanBaseline(n);
            for (int i = 0; i < n; i++) {
                baseline.add(stream.applyAsDouble(random));
            }
            above += baseline.upperBound(alpha) < mean ? 1 : 0;
        }
        assertThat(above).isLessThanOrEqualTo((int) (alpha * runs));
    }

    /** With the plain mean of 500 rows in its place, far more than the budget would alarm. */
    @Test
    void upperBound_keepsTheFalseAlarmBudgetOfALearnedBaseline() {
        int runs = Simulation.runs(200);
        int alarms = 0;
        int plugInAlarms = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(5_000 + run);
            MeanBaseline baseline = new MeanBaseline(500);
            for (int i = 0; i < 500; i++) {
                baseline.add(bernoulli(random, 0.1));
            }
            EDetector detector = EDetector.atLeast(baseline.upperBound(0.001));
            EDetector plugIn = EDetector.atLeast(baseline.mean());
            boolean alarm = false;
            boolean plugInAlarm = false;
            for (int i = 0; i < 5_000; i++) {
                double x = bernoulli(random, 0.1);
                detector.observe(x, i, i);
                plugIn.observe(x, i, i);
                alarm |= detector.statistic() >= 50_000;
                plugInAlarm |= plugIn.statistic() >= 50_000;
            }
            alarms += alarm ? 1 : 0;
            plugInAlarms += plugInAlarm ? 1 : 0;
        }
        assertThat(alarms).as("alarms within 5,000 at a budget of 50,000").isLessThanOrEqualTo(runs / 10);
        assertThat(plugInAlarms).as("alarms of the plug-in baseline").isGreaterThan(runs / 10);
    }

    @Test
    void given_holdsWhatItWasGivenAndDoesNotLearn() {
        MeanBaseline baseline = MeanBaseline.given(0.2, 1_000);
        assertThat(baseline.count()).isEqualTo(1_000);
        assertThat(baseline.mean()).isEqualTo(0.2);
        assertThatIllegalStateException().isThrownBy(() -> baseline.add(0.5));
    }

    @Test
    void given_refusesWhatIsNoBaseline() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeanBaseline.given(1.2, 10))
                .withMessage("a baseline mean must lie within [0, 1] but is 1.2");
        assertThatIllegalArgumentException().isThrownBy(() -> MeanBaseline.given(Double.NaN, 10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeanBaseline.given(0.2, 0))
                .withMessage("a baseline needs a sample size of 1 or more but has 0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void add_refusesWhatIsOutsideTheUnitInterval(double x) {
        MeanBaseline baseline = new MeanBaseline(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> baseline.add(x))
                .withMessage("an observation must lie within [0, 1] but is " + x);
        assertThat(baseline.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void upperBound_refusesWhatIsNoProbability(double alpha) {
        MeanBaseline baseline = MeanBaseline.given(0.2, 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> baseline.upperBound(alpha))
                .withMessage("alpha must lie between 0 and 1 but is " + alpha);
    }
}
