// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.bernoulli;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupComparisonTest {
    private static final FalseAlarmBudget MILLION = new FalseAlarmBudget(1_000_000);

    /** Four groups of equal size with different rates. */
    private static double rate(int group) {
        return 0.5 + 0.1 * group;
    }

    private static GroupBaselines learn(SplittableRandom random, int decisions, int groups) {
        GroupBaselines baselines = new GroupBaselines(0.001, decisions);
        for (int i = 0; i < decisions; i++) {
            int group = random.nextInt(groups);
            baselines.observe(group, bernoulli(random, groups == 4 ? rate(group) : 0.7));
        }
        baselines.endWarmUp();
        return baselines;
    }

    @Test
    void observe_alarmsWhenOneGroupCollapses() {
        int runs = Simulation.runs(20);
        int change = 5_000;
        double delay = 0;
        double onset = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(10_000 + run);
            GroupComparison comparison = new GroupComparison(learn(random, 4_000, 4), 0.03, MILLION);
            int i = 0;
            int group = 0;
            boolean alarm = false;
            while (!alarm) {
                group = random.nextInt(4);
                double p = i >= change && group == 2 ? 0.2 : rate(group);
                alarm = comparison.observe(group, bernoulli(random, p), i, 10L * i);
                i++;
            }
            assertThat(i).isGreaterThan(change);
            assertThat(group).isEqualTo(2);
            GroupFinding finding = comparison.finding(2);
            assertThat(finding.group()).isEqualTo(2);
            assertThat(finding.statistic())
                    .isEqualTo(comparison.statistic(2))
                    .isGreaterThanOrEqualTo(finding.threshold());
            assertThat(finding.threshold()).isEqualTo(1_000_000);
            assertThat(finding.onsetTime()).isEqualTo(10 * finding.onsetDecision());
            assertThat(finding.pairs()).isBetween(1L, (long) i);
            assertThat(finding.baselinePairs()).isBetween(500L, 1_000L);
            assertThat(finding.baselineRate()).isCloseTo(0.7, within(0.08));
            assertThat(finding.baselineOthersRate()).isCloseTo(1.9 / 3, within(0.08));
            assertThat(finding.rate()).isLessThan(0.45);
            assertThat(finding.othersRate()).isCloseTo(1.9 / 3, within(0.2));
            delay += i - change;
            onset += Math.abs(finding.onsetDecision() - change);
        }
        assertThat(delay / runs)
                .as("mean delay, of which a quarter is the group's")
                .isLessThan(700);
        assertThat(onset / runs).as("mean error of the onset").isLessThan(100);
    }

    @Test
    void observe_doesNotAlarmWhenEverythingShiftsTogether() {
        for (int run = 0; run < Simulation.runs(10); run++) {
            SplittableRandom random = new SplittableRandom(11_000 + run);
            GroupComparison comparison = new GroupComparison(learn(random, 4_000, 4), 0.03, MILLION);
            for (int i = 0; i < 20_000; i++) {
                int group = random.nextInt(4);
                double shift = i < 5_000 ? 0 : -0.4;
                assertThat(comparison.observe(group, bernoulli(random, rate(group) + shift), i, i))
                        .isFalse();
            }
        }
    }

    /** Ten groups and a budget of 10,000 allow any alarm within 1,000 decisions in 10 % of the runs at most. */
    @Test
    void observe_alarmsNoOftenerThanTheBudgetOverTenGroups() {
        int runs = Simulation.runs(100);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(12_000 + run);
            GroupComparison comparison = new GroupComparison(learn(random, 3_000, 10), 0, new FalseAlarmBudget(10_000));
            boolean alarm = false;
            for (int i = 0; i < 1_000; i++) {
                alarm |= comparison.observe(random.nextInt(10), bernoulli(random, 0.7), i, i);
            }
            alarms += alarm ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(runs / 10);
    }

    @Test
    void observe_doesNotCompareAGroupThatIsTooSmall() {
        SplittableRandom random = new SplittableRandom(3);
        GroupBaselines baselines = learn(random, 4_000, 2);
        GroupComparison comparison = new GroupComparison(baselines, 0.03, MILLION);
        for (int i = 0; i < 99; i++) {
            assertThat(comparison.observe(0, bernoulli(random, 0.7), 2L * i, 0)).isFalse();
            assertThat(comparison.observe(5, 0, 2L * i + 1, 0)).isFalse();
        }
        assertThat(comparison.statistic(5)).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> comparison.finding(5))
                .withMessage("group 5 is not compared");
        assertThat(comparison.statistic(0)).isPositive();
    }

    @Test
    void observe_comparesALateGroupOnceItsBaselineIsFrozen() {
        SplittableRandom random = new SplittableRandom(4);
        GroupBaselines baselines = learn(random, 4_000, 2);
        GroupComparison comparison = new GroupComparison(baselines, 0.03, MILLION);
        boolean alarm = false;
        for (int i = 0; i < 4_000; i++) {
            int group = i % 3;
            double outcome = bernoulli(random, group == 2 && i >= 1_000 ? 0 : 0.7);
            baselines.observe(group, outcome);
            alarm |= comparison.observe(group, outcome, i, i);
            assertThat(alarm && i < 1_000).isFalse();
        }
        assertThat(alarm).isTrue();
        assertThat(comparison.finding(2).baselinePairs()).isEqualTo(GroupBaselines.MIN_PAIRS);
        assertThat(comparison.finding(2).onsetDecision()).isCloseTo(1_000L, within(60L));
    }

    @Test
    void observe_countsDecisionsOfGroupsThatAreNotWatched() {
        GroupComparison comparison = new GroupComparison(learn(new SplittableRandom(5), 4_000, 2), 0.03, MILLION);
        for (int i = 0; i < 7; i++) {
            assertThat(comparison.observe(GroupPairs.MAX_GROUPS + i, 0, i, i)).isFalse();
        }
        assertThat(comparison.unwatched()).isEqualTo(7);
        assertThat(comparison.statistic(GroupPairs.MAX_GROUPS)).isZero();
        assertThatIllegalStateException().isThrownBy(() -> comparison.finding(GroupPairs.MAX_GROUPS));
    }

    @Test
    void reset_forgetsTheObservations() {
        GroupBaselines baselines = learn(new SplittableRandom(6), 4_000, 2);
        GroupComparison used = new GroupComparison(baselines, 0.03, MILLION);
        boolean alarm = false;
        for (int i = 0; i < 400; i++) {
            alarm |= used.observe(i % 2, i % 2, i, i);
        }
        assertThat(alarm).isTrue();
        used.reset();
        assertThat(used.statistic(0)).isZero();
        GroupComparison fresh = new GroupComparison(baselines, 0.03, MILLION);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            int group = random.nextInt(2);
            double outcome = bernoulli(random, 0.7);
            assertThat(used.observe(group, outcome, i, i)).isEqualTo(fresh.observe(group, outcome, i, i));
            assertThat(used.statistic(group)).isEqualTo(fresh.statistic(group));
        }
        assertThat(used.finding(0)).isEqualTo(fresh.finding(0));
    }

    @Test
    void observe_refusesWhatIsOutOfRange() {
        GroupComparison comparison = new GroupComparison(new GroupBaselines(0.001, 4_000), 0.03, MILLION);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> comparison.observe(-2, 1, 1, 1))
                .withMessage("a group's number must be 0 or more but is -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> comparison.observe(0, 2, 1, 1))
                .withMessage("an observation must lie within [0, 1] but is 2.0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, Double.NaN})
    void new_refusesATolerance(double tolerance) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupComparison(new GroupBaselines(0.001, 4_000), tolerance, MILLION))
                .withMessage("the tolerance must be 0 or more but is " + tolerance);
    }
}
