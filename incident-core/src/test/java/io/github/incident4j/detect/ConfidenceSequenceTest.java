// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfidenceSequenceTest {
    /** How a sequence is made. */
    record Kind(String name, DoubleFunction<ConfidenceSequence> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind("empirical Bernstein", ConfidenceSequence::empiricalBernstein),
                new Kind("betting", ConfidenceSequence::betting));
    }

    private static ConfidenceSequence after(ConfidenceSequence sequence, int count, double... cycle) {
        for (int i = 0; i < count; i++) {
            sequence.observe(cycle[i % cycle.length]);
        }
        return sequence;
    }

    private static double width(ConfidenceSequence sequence) {
        return sequence.interval().high() - sequence.interval().low();
    }

    private static int wrong(Kind kind, double mean, ToDoubleFunction<SplittableRandom> stream, int runs) {
        int wrong = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            ConfidenceSequence sequence = kind.make().apply(0.95);
            for (int i = 0; i < 600; i++) {
                sequence.observe(stream.applyAsDouble(random));
            }
            Interval interval = sequence.interval(); // the intersection over all times
            wrong += interval.low() <= mean && mean <= interval.high() ? 0 : 1;
        }
        return wrong;
    }

    /** In one of twenty runs it may be wrong at any time at all. */
    @ParameterizedTest
    @MethodSource("kinds")
    void interval_isRightAtAllTimesAtOnce(Kind kind) {
        int runs = Boolean.getBoolean("incident4j.full") ? 2_000 : 100;
        int allowed = (int) (runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95));
        assertThat(wrong(kind, 0.1, random -> random.nextDouble() < 0.1 ? 1 : 0, runs))
                .as("rare events")
                .isLessThanOrEqualTo(allowed);
        assertThat(wrong(kind, 0.5, SplittableRandom::nextDouble, runs))
                .as("uniform numbers")
                .isLessThanOrEqualTo(allowed);
        assertThat(wrong(kind, 0.5, random -> random.nextBoolean() ? 1 : 0, runs))
                .as("coins")
                .isLessThanOrEqualTo(allowed);
    }

    /** The formulas of the paper, evaluated from the whole list each time. */
    @Test
    void empiricalBernstein_isThatOfThePaper() {
        SplittableRandom random = new SplittableRandom(1);
        ConfidenceSequence sequence = ConfidenceSequence.empiricalBernstein(0.9);
        List<Double> seen = new ArrayList<>();
        double low = 0;
        double high = 1;
        for (int t = 1; t <= 60; t++) {
            double x = random.nextDouble() * random.nextDouble();
            sequence.observe(x);
            seen.add(x);
            double stakes = 0;
            double staked = 0;
            double spread = 0;
            for (int i = 1; i <= t; i++) {
                double lambda =
                        Math.min(0.5, Math.sqrt(2 * Math.log(2 / 0.1) / (variance(seen, i - 1) * i * Math.log(1 + i))));
                double v = 4 * Math.pow(seen.get(i - 1) - mean(seen, i - 1), 2);
                stakes += lambda;
                staked += lambda * seen.get(i - 1);
                spread += v * (-Math.log(1 - lambda) - lambda) / 4;
            }
            double radius = (Math.log(2 / 0.1) + spread) / stakes;
            low = Math.max(low, staked / stakes - radius);
            high = Math.min(high, staked / stakes + radius);
        }
        assertThat(sequence.interval().low()).isCloseTo(low, within(1e-12));
        assertThat(sequence.interval().high()).isCloseTo(high, within(1e-12));
        assertThat(sequence.interval().level()).isEqualTo(0.9);
        assertThat(sequence.count()).isEqualTo(60);
    }

    private static double mean(List<Double> all, int n) {
        return (0.5 + all.subList(0, n).stream().mapToDouble(x -> x).sum()) / (n + 1);
    }

    private static double variance(List<Double> all, int n) {
        double sum = 0.25;
        for (int i = 1; i <= n; i++) {
            sum += Math.pow(all.get(i - 1) - mean(all, i), 2);
        }
        return sum / (n + 1);
    }

    @Test
    void betting_isNarrowerAfterFewObservations() {
        for (int n : new int[] {30, 100, 300}) {
            assertThat(width(after(ConfidenceSequence.betting(0.99), n, 0, 0, 0, 1, 0)))
                    .as("after %d observations", n)
                    .isLessThan(width(after(ConfidenceSequence.empiricalBernstein(0.99), n, 0, 0, 0, 1, 0)));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interval_isNarrowWhereTheVarianceIsSmall(Kind kind) {
        ConfidenceSequence spread = after(kind.make().apply(0.99), 1_000, 0, 1);
        ConfidenceSequence close = after(kind.make().apply(0.99), 1_000, 0.49, 0.51);
        assertThat(width(spread)).isLessThan(0.2);
        assertThat(width(close)).isLessThan(width(spread) / 4);
        assertThat(close.interval().low()).isLessThan(0.5);
        assertThat(close.interval().high()).isGreaterThan(0.5);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void faults_nameTheValue(Kind kind) {
        assertThatThrownBy(() -> kind.make().apply(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the level of an interval must lie between 0 and 1 but is 1.0; say 0.99 for 99 %");
        ConfidenceSequence sequence = kind.make().apply(0.99);
        assertThatThrownBy(() -> sequence.observe(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but is NaN");
        assertThat(sequence.interval()).isEqualTo(new Interval(0, 1, 0.99));
        assertThatThrownBy(() -> new Interval(Double.NaN, 1, 0.9)).isInstanceOf(IllegalArgumentException.class);
    }
}
