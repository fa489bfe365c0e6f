// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;

class EDetectorProperties {
    private static final int DEPTH = 6;

    /**
     * An adversary chooses, for each past, any two values and their probabilities with a mean of at most the null mean.
     * Over the whole tree the mean of the statistic never exceeds the number of observations.
     */
    @Property(tries = 200)
    void statistic_minusTimeIsASupermartingaleAgainstAnyAdversary(
            @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 0.999) double nullMean, @ForAll long seed) {
        double mean = 0;
        for (int path = 0; path < 1 << DEPTH; path++) {
            EDetector detector = EDetector.atLeast(nullMean);
            double probability = 1;
            for (int i = 0; i < DEPTH; i++) {
                int past = (path & ((1 << i) - 1)) | 1 << i;
                SplittableRandom adversary = new SplittableRandom(seed * 31 + past);
                double low = nullMean * adversary.nextDouble();
                double high = nullMean + (1 - nullMean) * adversary.nextDouble();
                double chance = (nullMean - low) / (high - low) * (adversary.nextBoolean() ? 1 : 0.7);
                boolean up = (path >> i & 1) == 1;
                probability *= up ? chance : 1 - chance;
                detector.observe(up ? high : low, i, i);
            }
            mean += probability * detector.statistic();
        }
        assertThat(mean).isLessThanOrEqualTo(DEPTH * (1 + 1e-9));
    }

    @Property(tries = 200)
    void statistic_isFiniteAndNeverNegative(
            @ForAll @Scale(12) @DoubleRange(min = 1e-12, max = 2) double nullMean,
            @ForAll List<@DoubleRange(min = 0, max = 1) Double> observations) {
        EDetector detector = EDetector.atLeast(nullMean);
        for (int i = 0; i < observations.size(); i++) {
            detector.observe(observations.get(i), i, i);
            assertThat(detector.statistic()).isFinite().isNotNegative();
            assertThat(detector.onsetDecision()).isBetween(0L, (long) i);
            assertThat(detector.onsetCount()).isEqualTo(i - detector.onsetDecision() + 1);
            assertThat(detector.onsetMean()).isBetween(0.0, 1.0 + 1e-12);
        }
    }
}
