// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Scale;

class MeanBaselineProperties {
    @Property(tries = 500)
    void bounds_encloseTheMeanAndNarrowWithTheSampleAndWidenWithTheConfidence(
            @ForAll @Scale(6) @DoubleRange(min = 0, max = 1) double mean,
            @ForAll @LongRange(min = 1, max = 1_000_000) long n) {
        MeanBaseline baseline = MeanBaseline.given(mean, n);
        assertThat(baseline.upperBound(0.01)).isBetween(mean, 1.0);
        assertThat(MeanBaseline.given(mean, 2 * n).upperBound(0.01)).isLessThanOrEqualTo(baseline.upperBound(0.01));
        assertThat(baseline.upperBound(0.001)).isGreaterThanOrEqualTo(baseline.upperBound(0.01));
        assertThat(baseline.upperBound(0.01)).isLessThanOrEqualTo(mean + Math.sqrt(Math.log(100) / (2 * n)) + 1e-12);
    }

    @Property(tries = 500)
    void bounds_encloseTheMeanOfWhatWasLearned(
            @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1) Double> observations) {
        MeanBaseline baseline = new MeanBaseline(observations.size());
        for (double x : observations) {
            baseline.add(x);
        }
        assertThat(baseline.upperBound(0.01)).isBetween(baseline.mean() - 1e-12, 1.0);
    }
}
