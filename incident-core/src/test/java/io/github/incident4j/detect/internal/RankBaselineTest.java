// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankBaselineTest {
    private static RankBaseline of(double... values) {
        RankBaseline baseline = new RankBaseline(1);
        for (double value : values) {
            baseline.add(value);
        }
        baseline.freeze();
        return baseline;
    }

    @Test
    void rank_isTheShareBelowPlusHalfTheTies() {
        RankBaseline baseline = of(3, 1, 2, 2, 2, 5, 4, 2);
        assertThat(baseline.rank(0)).isEqualTo(0);
        assertThat(baseline.rank(1)).isEqualTo(0.5 / 8);
        assertThat(baseline.rank(1.5)).isEqualTo(1.0 / 8);
        assertThat(baseline.rank(2)).isEqualTo(3.0 / 8);
        assertThat(baseline.rank(4.5)).isEqualTo(7.0 / 8);
        assertThat(baseline.rank(5)).isEqualTo(7.5 / 8);
        assertThat(baseline.rank(6)).isEqualTo(1);
    }

    @Test
    void rank_knowsOneZero() {
        RankBaseline baseline = of(-0.0, 0.0);
        assertThat(baseline.rank(0.0)).isEqualTo(0.5);
        assertThat(baseline.rank(-0.0)).isEqualTo(0.5);
    }

    @Test
    void spread_isTheMeanDistanceFromTheMiddleOverTheTies() {
        RankBaseline baseline = of(1, 2, 2, 3);
        assertThat(baseline.spread(0)).isEqualTo(1);
        assertThat(baseline.spread(1)).isEqualTo(0.75);
        assertThat(baseline.spread(1.5)).isEqualTo(0.5);
        assertThat(baseline.spread(2)).isEqualTo(0.25);
        assertThat(baseline.spread(3)).isEqualTo(0.75);
        assertThat(baseline.spread(4)).isEqualTo(1);
    }

    @Test
    void rankAndSpread_areOneHalfForAConstant() {
        RankBaseline baseline = of(7, 7, 7);
        assertThat(baseline.rank(7)).isEqualTo(0.5);
        assertThat(baseline.spread(7)).isEqualTo(0.5);
    }

    @Test
    void quantile_isAValueOfTheSample() {
        RankBaseline baseline = of(40, 10, 30, 20);
        assertThat(baseline.quantile(0)).isEqualTo(10);
        assertThat(baseline.quantile(0.5)).isEqualTo(30);
        assertThat(baseline.quantile(1)).isEqualTo(40);
        assertThatIllegalArgumentException().isThrownBy(() -> baseline.quantile(1.1));
    }

    @Test
    void add_keepsABoundedFairSampleOfALongWarmUp() {
        RankBaseline baseline = new RankBaseline(42);
        RankBaseline same = new RankBaseline(42);
        for (int i = 0; i < 100_000; i++) {
            baseline.add(i);
            same.add(i);
        }
        baseline.freeze();
        same.freeze();
        assertThat(baseline.count()).isEqualTo(100_000);
        assertThat(baseline.size()).isEqualTo(RankBaseline.CAPACITY);
        assertThat(baseline.quantile(0.1)).isCloseTo(10_000, within(2_500.0));
        assertThat(baseline.quantile(0.5)).isCloseTo(50_000, within(5_000.0));
        assertThat(baseline.quantile(0.9)).isCloseTo(90_000, within(2_500.0));
        assertThat(baseline).usingRecursiveComparison().ignoringFields("random").isEqualTo(same);
    }

    @Test
    void bounds_coverAContinuousDistributionAsOftenAsTheySay() {
        assertCoverage(200, new double[0]);
    }

    @Test
    void bounds_coverADistributionWithAtomsAsOftenAsTheySay() {
        assertCoverage(200, new double[] {0.5, 0.3, 0.2});
        assertCoverage(200, new double[] {0.5, 0.5});
        assertCoverage(200, new double[] {0.05, 0.9, 0.05});
    }

    /** Atoms have the given probabilities; without atoms the distribution is uniform on [0, 1]. */
    private static void assertCoverage(int n, double[] atoms) {
        int runs = Simulation.runs(1_000);
        double alpha = 0.1;
        int[] misses = new int[4];
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(6_000 + run);
            RankBaseline baseline = new RankBaseline(run);
            for (int i = 0; i < n; i++) {
                baseline.add(draw(random, atoms));
            }
            baseline.freeze();
            double rank = 0;
            double spread = 0;
            int points = atoms.length == 0 ? 2_000 : atoms.length;
            for (int i = 0; i < points; i++) {
                double x = atoms.length == 0 ? (i + 0.5) / points : i;
                double probability = atoms.length == 0 ? 1.0 / points : atoms[i];
                rank += probability * baseline.rank(x);
                spread += probability * baseline.spread(x);
            }
            misses[0] += rank > baseline.meanRankUpperBound(alpha) ? 1 : 0;
            misses[1] += 1 - rank > baseline.meanRankUpperBound(alpha) ? 1 : 0;
            misses[2] += spread > baseline.meanSpreadUpperBound(alpha) ? 1 : 0;
            misses[3] += spread < baseline.meanSpreadLowerBound(alpha) ? 1 : 0;
        }
        for (int miss : misses) {
            assertThat(miss).as("failures of a bound at %s", alpha).isLessThanOrEqualTo((int) (alpha * runs));
        }
    }

    private static double draw(SplittableRandom random, double[] atoms) {
        double u = random.nextDouble();
        if (atoms.length == 0) {
            return u;
        }
        int value = 0;
        while (value < atoms.length - 1 && u >= atoms[value]) {
            u -= atoms[value];
            value++;
        }
        return value;
    }

    @Test
    void bounds_areTight() {
        RankBaseline baseline = new RankBaseline(1);
        for (int i = 0; i < 2_000; i++) {
            baseline.add(i);
        }
        baseline.freeze();
        assertThat(baseline.meanRankUpperBound(0.001)).isCloseTo(0.524, within(0.0005));
        assertThat(baseline.meanSpreadUpperBound(0.001)).isCloseTo(0.529, within(0.001));
        assertThat(baseline.meanSpreadLowerBound(0.001)).isCloseTo(0.476, within(0.0005));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void add_refusesWhatIsNoNumber(double value) {
        RankBaseline learning = new RankBaseline(1);
        RankBaseline frozen = of(1);
        String message = "a value must be finite but is " + value;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learning.add(value))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> frozen.rank(value))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> frozen.spread(value))
                .withMessage(message);
        assertThat(learning.count()).isZero();
    }

    @Test
    void freeze_separatesLearningFromRanking() {
        RankBaseline baseline = new RankBaseline(1);
        assertThatIllegalStateException()
                .isThrownBy(baseline::freeze)
                .withMessage("a baseline without values cannot be frozen");
        baseline.add(1);
        assertThat(baseline.isFrozen()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> baseline.rank(1));
        assertThatIllegalStateException().isThrownBy(() -> baseline.meanRankUpperBound(0.1));
        baseline.freeze();
        assertThat(baseline.isFrozen()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> baseline.add(2));
    }
}
