// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static io.github.incident4j.detect.internal.Simulation.bernoulli;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroupBaselinesTest {
    private final GroupBaselines baselines = new GroupBaselines(0.001, 4_000);

    @Test
    void observe_learnsTheRatesOfAGroupAndOfAllOthers() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50_000; i++) {
            int group = random.nextInt(3);
            baselines.observe(group, bernoulli(random, group == 0 ? 0.5 : 0.8));
        }
        baselines.endWarmUp();
        assertThat(baselines.favourableRate(0)).isCloseTo(0.5, within(0.02));
        assertThat(baselines.othersFavourableRate(0)).isCloseTo(0.8, within(0.02));
        assertThat(baselines.mean(0)).isCloseTo(0.65, within(0.01));
        assertThat(baselines.upperBound(0)).isBetween(baselines.mean(0), baselines.mean(0) + 0.025);
        assertThat(baselines.othersFavourableRate(1)).isCloseTo(0.65, within(0.02));
    }

    @Test
    void group_isFrozenFromAHundredPairsOn() {
        for (int i = 0; i < 1_000; i++) {
            baselines.observe(i % 2, 1);
        }
        for (int i = 0; i < 100; i++) {
            baselines.observe(2, 1); // the first starts, the others make no pair: nobody else between them
        }
        assertThat(baselines.isFrozen(0)).isFalse();
        assertThat(baselines.isWarm()).isFalse();
        baselines.endWarmUp();
        assertThat(baselines.isWarm()).isTrue();
        assertThat(baselines.isFrozen(0)).isTrue();
        assertThat(baselines.pairs(2)).isZero();
        assertThat(baselines.upperBound(2)).isNaN();
        assertThat(baselines.isFrozen(3)).as("a group that never came").isFalse();
        for (int pair = 1; pair <= 100; pair++) {
            assertThat(baselines.isFrozen(2)).isFalse();
            baselines.observe(0, 1);
            baselines.observe(2, 1);
        }
        assertThat(baselines.isFrozen(2)).isTrue();
        assertThat(baselines.pairs(2)).isEqualTo(100);
    }

    @Test
    void observe_leavesFrozenBaselinesAsTheyAre() {
        for (int i = 0; i < 1_000; i++) {
            baselines.observe(i % 2, 1);
        }
        baselines.endWarmUp();
        double bound = baselines.upperBound(1);
        long pairs = baselines.pairs(1);
        for (int i = 0; i < 1_000; i++) {
            baselines.observe(i % 2, i % 2 == 0 ? 1 : 0);
        }
        assertThat(baselines.upperBound(1)).isEqualTo(bound);
        assertThat(baselines.pairs(1)).isEqualTo(pairs);
        assertThat(baselines.favourableRate(1)).isEqualTo(1);
    }

    @Test
    void observe_doesNotWatchGroupsBeyondTheThirtyTwo() {
        baselines.observe(GroupPairs.MAX_GROUPS, 1);
        baselines.endWarmUp();
        assertThat(baselines.unwatched()).isEqualTo(1);
        assertThat(baselines.isFrozen(GroupPairs.MAX_GROUPS)).isFalse();
    }

    @Test
    void new_refusesWhatIsNoProbability() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupBaselines(1, 4_000))
                .withMessage("alpha must lie between 0 and 1 but is 1.0");
    }
}
