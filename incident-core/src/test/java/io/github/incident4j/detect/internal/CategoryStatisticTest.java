// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CategoryStatisticTest {
    private static final double ALPHA = 0.001;
    private static final double[] NORMAL = {0.5, 0.3, 0.15, 0.05, 0};

    private static int draw(SplittableRandom random, double... shares) {
        double left = random.nextDouble();
        for (int i = 0; i < shares.length; i++) {
            left -= shares[i];
            if (left < 0) {
                return i;
            }
        }
        return 0;
    }

    private static CategoryBaseline learn(int n, SplittableRandom random) {
        CategoryBaseline baseline = new CategoryBaseline(NORMAL.length);
        for (int i = 0; i < n; i++) {
            baseline.add(draw(random, NORMAL));
        }
        return baseline;
    }

    @ParameterizedTest
    @CsvSource({
        "0.38, 0.18, 0.39, 0.05, 0, 2, true",
        "0.74, 0.06, 0.15, 0.05, 0, 0, true", // or that 1 fell
        "0.40, 0.30, 0.15, 0.05, 0.10, 4, true",
        "0.59, 0.39, 0.00, 0.02, 0, 2, false"
    })
    void statistic_findsTheChangeItsCategoryAndItsOnset(
            double a, double b, double c, double d, double e, int category, boolean rise) {
        int runs = Simulation.runs(10);
        double delay = 0;
        double onset = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(300 + run);
            CategoryStatistic statistic = new CategoryStatistic(learn(2_000, random), 0.03, ALPHA);
            int i = 0;
            while (statistic.statistic() < 1e6) {
                statistic.observe(i < 3_000 ? draw(random, NORMAL) : draw(random, a, b, c, d, e), i, 10L * i);
                i++;
            }
            assertThat(i).isGreaterThan(3_000);
            if (b != 0.06) {
                assertThat(statistic.category()).isEqualTo(category);
                assertThat(statistic.isRise()).isEqualTo(rise);
                assertThat(statistic.onsetShare()).isCloseTo(new double[] {a, b, c, d, e}[category], within(0.2));
            }
            assertThat(statistic.onsetTime()).isEqualTo(10 * statistic.onsetDecision());
            assertThat(statistic.onsetCount()).isEqualTo(i - statistic.onsetDecision());
            delay += i - 3_000;
            onset += Math.abs(statistic.onsetDecision() - 3_000);
        }
        assertThat(delay / runs).as("mean delay").isLessThan(400);
        assertThat(onset / runs).as("mean error of the onset").isLessThan(100);
    }

    /** Within n observations with a probability of n / A at most, here 1 of 10, whatever the learned shares are. */
    @ParameterizedTest
    @ValueSource(ints = {100, 500, 5_000})
    void statistic_alarmsNoOftenerThanTheBudget(int warmUp) {
        int runs = Simulation.runs(200);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(9_000 + run);
            CategoryStatistic statistic = new CategoryStatistic(learn(warmUp, random), 0, ALPHA);
            for (int i = 0; i < 1_000; i++) {
                statistic.observe(draw(random, NORMAL), i, i);
                if (statistic.statistic() >= 10_000) {
                    alarms++;
                    break;
                }
            }
        }
        assertThat((double) alarms / runs).isLessThan(0.1);
    }

    /** The mean of the statistic after n observations is n at most; here it is estimated. */
    @Test
    void statistic_growsByOneAnObservationAtMost() {
        SplittableRandom random = new SplittableRandom(77);
        CategoryBaseline exact = new CategoryBaseline(NORMAL.length);
        for (int category = 0; category < NORMAL.length; category++) {
            for (int i = 0; i < NORMAL[category] * 1_000_000; i++) {
                exact.add(category);
            }
        }
        int runs = Simulation.runs(4_000);
        double sum = 0;
        CategoryStatistic statistic = new CategoryStatistic(exact, 0, ALPHA);
        for (int run = 0; run < runs; run++) {
            statistic.reset();
            for (int i = 0; i < 50; i++) {
                statistic.observe(draw(random, NORMAL), i, i);
            }
            sum += statistic.statistic();
        }
        assertThat(sum / runs).isLessThan(55).isGreaterThan(20);
    }

    @Test
    void recovery_growsWhereNothingHasChanged_andNotWhereSomethingHas() {
        SplittableRandom random = new SplittableRandom(5);
        CategoryBaseline baseline = learn(5_000, random);
        CategoryStatistic same = new CategoryStatistic(baseline, 0.05, ALPHA);
        CategoryStatistic changed = new CategoryStatistic(baseline, 0.05, ALPHA);
        assertThat(same.recovery()).isEqualTo(1);
        for (int i = 0; i < 3_000; i++) {
            same.observe(draw(random, NORMAL), i, i);
            changed.observe(draw(random, 0.2, 0.3, 0.45, 0.05, 0), i, i);
        }
        assertThat(same.recovery()).isGreaterThan(20);
        assertThat(changed.recovery()).isLessThan(0.01);
    }

    @Test
    void reset_forgetsAll() {
        SplittableRandom random = new SplittableRandom(6);
        CategoryBaseline baseline = learn(500, random);
        CategoryStatistic used = new CategoryStatistic(baseline, 0.03, ALPHA);
        for (int i = 0; i < 500; i++) {
            used.observe(4, i, i);
        }
        assertThat(used.statistic()).isFinite().isGreaterThan(1e9);
        used.reset();
        assertThat(used).usingRecursiveComparison().isEqualTo(new CategoryStatistic(baseline, 0.03, ALPHA));
    }

    /** Of one category alone nothing can be said: it has the share of 1 at most, and no other falls. */
    @Test
    void baselineOfOneCategory_seesTheOthers() {
        CategoryBaseline baseline = new CategoryBaseline(3);
        for (int i = 0; i < 500; i++) {
            baseline.add(1);
        }
        CategoryStatistic statistic = new CategoryStatistic(baseline, 0.03, ALPHA);
        for (int i = 0; i < 1_000; i++) {
            statistic.observe(1, i, i);
        }
        assertThat(statistic.statistic()).isLessThan(1_000);
        for (int i = 0; i < 30; i++) {
            statistic.observe(2, 1_000 + i, 1_000 + i);
        }
        assertThat(statistic.statistic()).isGreaterThan(1e6);
        assertThat(statistic.onsetDecision()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN})
    void wrongTolerance_isRefused(double tolerance) {
        CategoryBaseline baseline = learn(100, new SplittableRandom(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CategoryStatistic(baseline, tolerance, ALPHA))
                .withMessageContaining("tolerance");
    }
}
