// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GroupPairsTest {
    private final GroupPairs pairs = new GroupPairs();

    @Test
    void observe_pairsADecisionWithTheOthersSinceTheLastPair() {
        assertThat(pairs.observe(1, 0)).as("before the group was known").isNaN();
        assertThat(pairs.observe(0, 1)).as("the first only starts").isNaN();
        assertThat(pairs.observe(1, 1)).as("others: 1").isEqualTo(0.5);
        assertThat(pairs.observe(2, 0)).isNaN();
        assertThat(pairs.observe(1, 1)).as("others: 0").isEqualTo(0);
        assertThat(pairs.observe(0, 0)).as("others: 1, 0, 1").isEqualTo((1 + 2 / 3.0) / 2);
        assertThat(pairs.observe(0, 1)).as("no others since").isNaN();
        assertThat(pairs.observe(1, 0)).as("others: 0, 1").isEqualTo(0.75);
        assertThat(pairs.observe(2, 0.5)).as("others: 1, 0, 1, 0").isEqualTo(0.5);
    }

    @Test
    void observe_countsGroupsBeyondTheThirtyTwoAsOthers() {
        int beyond = GroupPairs.MAX_GROUPS;
        assertThat(pairs.observe(0, 1)).isNaN();
        assertThat(pairs.observe(beyond, 1)).isNaN();
        assertThat(pairs.observe(beyond + 5, 0)).isNaN();
        assertThat(pairs.observe(0, 1)).isEqualTo(0.25);
        assertThat(pairs.unwatched()).isEqualTo(2);
    }

    @Test
    void restart_letsTheNextDecisionStartAPair() {
        pairs.observe(0, 1);
        pairs.observe(1, 0);
        pairs.restart(0);
        assertThat(pairs.observe(0, 1)).isNaN();
        assertThat(pairs.observe(1, 1)).isEqualTo(0.5);
        assertThat(pairs.observe(0, 1)).isEqualTo(0.5);
        pairs.restart();
        assertThat(pairs.observe(1, 0)).isNaN();
        assertThat(pairs.observe(0, 0)).isNaN();
        assertThat(pairs.observe(1, 0)).isEqualTo(0.5);
    }

    @Test
    void observe_refusesWhatIsOutOfRangeAndChangesNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pairs.observe(-1, 1))
                .withMessage("a group's number must be 0 or more but is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pairs.observe(0, 1.5))
                .withMessage("an observation must lie within [0, 1] but is 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> pairs.observe(0, Double.NaN));
        assertThat(pairs).usingRecursiveComparison().isEqualTo(new GroupPairs());
    }
}
