// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GroupPairsProperties {
    /** Against a model that keeps, for each group, the list of the others' outcomes since the last pair. */
    @Property(tries = 300)
    void observe_isThePairOfTheDefinition(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 34) Integer> groups, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GroupPairs pairs = new GroupPairs();
        List<List<Double>> others = new ArrayList<>();
        List<Boolean> started = new ArrayList<>();
        for (int group = 0; group < GroupPairs.MAX_GROUPS; group++) {
            others.add(new ArrayList<>());
            started.add(false);
        }
        for (int group : groups) {
            double outcome = random.nextDouble();
            double expected = Double.NaN;
            if (group < GroupPairs.MAX_GROUPS) {
                List<Double> since = others.get(group);
                if (started.get(group) && !since.isEmpty()) {
                    double mean = since.stream()
                            .mapToDouble(Double::doubleValue)
                            .average()
                            .orElseThrow();
                    expected = (1 - outcome + mean) / 2;
                }
                started.set(group, true);
                since.clear();
            }
            for (int other = 0; other < GroupPairs.MAX_GROUPS; other++) {
                if (other != group) {
                    others.get(other).add(outcome);
                }
            }
            double pair = pairs.observe(group, outcome);
            if (Double.isNaN(expected)) {
                assertThat(pair).isNaN();
            } else {
                assertThat(pair).isCloseTo(expected, within(1e-9)).isBetween(0.0, 1.0);
            }
        }
    }
}
