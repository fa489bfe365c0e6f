// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FalseAlarmBudgetTest {
    @Test
    void threshold_isTheBudget() {
        assertThat(new FalseAlarmBudget(1_000).threshold()).isEqualTo(1_000);
    }

    @Test
    void share_isAtMostOneAltogether() {
        assertThat(FalseAlarmBudget.share(0)).isEqualTo(0.5);
        assertThat(FalseAlarmBudget.share(9)).isCloseTo(1 / 110.0, within(1e-12));
        double sum = 0;
        for (int i = 0; i < GroupPairs.MAX_GROUPS; i++) {
            sum += FalseAlarmBudget.share(i);
        }
        assertThat(sum).isCloseTo(1 - 1.0 / 33, within(1e-12));
    }

    @Test
    void new_refusesABudgetThatIsTooSmall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FalseAlarmBudget(99))
                .withMessage("a false alarm budget must be one in 100 decisions or more but is one in 99");
        assertThat(new FalseAlarmBudget(100).decisions()).isEqualTo(100);
    }
}
