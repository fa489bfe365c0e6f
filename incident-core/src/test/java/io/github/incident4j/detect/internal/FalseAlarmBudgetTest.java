// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FalseAlarmBudgetTest {
    @Test
    void threshold_isTheBudgetDividedByTheShare() {
        FalseAlarmBudget budget = new FalseAlarmBudget(1_000);
        assertThat(budget.threshold()).isEqualTo(1_000);
        assertThat(budget.threshold(0)).isEqualTo(2_000);
        assertThat(budget.threshold(1)).isCloseTo(6_000, within(1e-9));
        assertThat(budget.threshold(9)).isCloseTo(110_000, within(1e-6));
    }

    @Test
    void share_isAtMostOneAltogether() {
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
