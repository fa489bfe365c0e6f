// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.bernoulli;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BettingBoundTest {
    /** Whatever the expected number: it only decides how narrow the bound is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 50, 200, 5_000})
    void upper_coversTheMeanAsOftenAsItSays(long expected) {
        assertCoverage(expected, 0.5, random -> (1 - bernoulli(random, 0.7) + 0.7) / 2);
        assertCoverage(expected, 0.95, random -> bernoulli(random, 0.95));
    }

    private static void assertCoverage(long expected, double mean, ToDoubleFunction<SplittableRandom> stream) {
        int runs = Simulation.runs(80);
        double alpha = 0.1;
        int misses = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(14_000 + run);
            BettingBound bound = new BettingBound(expected);
            for (int i = 0; i < 200; i++) {
                bound.add(stream.applyAsDouble(random));
            }
            misses += bound.upper(alpha) < mean ? 1 : 0;
        }
        assertThat(misses).isLessThanOrEqualTo((int) (alpha * runs));
    }

    @Test
    void upper_isTheNarrowerTheMoreOrTheLessVariedTheObservations() {
        assertThat(upperOf(400, 0.1)).isLessThan(upperOf(100, 0.1));
        assertThat(upperOf(400, 0.01)).isLessThan(upperOf(400, 0.1));
        assertThat(upperOf(400, 0.1)).isGreaterThan(0.5).isLessThan(0.53);
    }

    /** The bound of n observations of half of them 0.5 − d and half 0.5 + d. */
    private static double upperOf(int n, double d) {
        BettingBound bound = new BettingBound(n);
        for (int i = 0; i < n; i++) {
            bound.add(i % 2 == 0 ? 0.5 - d : 0.5 + d);
        }
        return bound.upper(0.001);
    }

    @Test
    void upper_isOneAsLongAsNothingIsRuledOut() {
        BettingBound bound = new BettingBound(100);
        assertThat(bound.upper(0.001)).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            bound.add(1);
        }
        assertThat(bound.upper(0.001)).isEqualTo(1);
    }

    /** A warm-up without one error is the usual one. */
    @Test
    void stateAfterAQuietWarmUp_canBeReadBack() throws Exception {
        BettingBound quiet = new BettingBound(2_000);
        for (int i = 0; i < 20_000; i++) {
            quiet.add(0);
        }
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        quiet.save(state);
        BettingBound again = new BettingBound(2_000);
        again.load(new ObjectMapper().readTree(state.toString()));
        assertThat(again.upper(0.001)).isEqualTo(quiet.upper(0.001)).isLessThan(0.01);
    }
}
