// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class RankBaselineProperties {
    /** Against the definition, with many ties. */
    @Property(tries = 500)
    void rankAndSpread_areMeansOverTheTies(
            @ForAll @NotEmpty @Size(max = 60) List<@IntRange(min = 0, max = 20) Integer> values,
            @ForAll @IntRange(min = -1, max = 21) int x) {
        RankBaseline baseline = new RankBaseline(1);
        values.forEach(baseline::add);
        baseline.freeze();
        int n = values.size();
        double a = (double) values.stream().filter(value -> value < x).count() / n;
        double b = (double) values.stream().filter(value -> value <= x).count() / n;
        int steps = 2_000;
        double spread = 0;
        for (int i = 0; i < steps; i++) {
            double u = a + (b - a) * (i + 0.5) / steps;
            spread += Math.abs(2 * u - 1) / steps;
        }
        assertThat(baseline.rank(x)).isCloseTo((a + b) / 2, within(1e-12));
        assertThat(baseline.spread(x)).isCloseTo(spread, within(1e-6)).isBetween(0.0, 1.0);
    }

    /** The sample's own ranks and spreads are 1/2 in the mean, whatever the ties. */
    @Property(tries = 500)
    void rankAndSpread_areOneHalfInTheMeanOverTheSample(
            @ForAll @NotEmpty @Size(max = 60) List<@IntRange(min = 0, max = 20) Integer> values) {
        RankBaseline baseline = new RankBaseline(1);
        values.forEach(baseline::add);
        baseline.freeze();
        assertThat(values.stream().mapToDouble(baseline::rank).average().orElseThrow())
                .isCloseTo(0.5, within(1e-12));
        assertThat(values.stream().mapToDouble(baseline::spread).average().orElseThrow())
                .isCloseTo(0.5, within(1e-12));
    }
}
