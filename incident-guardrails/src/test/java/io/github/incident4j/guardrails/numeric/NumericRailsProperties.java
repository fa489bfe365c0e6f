// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NumericRailsProperties {

    @Property
    void within_passesExactlyWhatLiesBetweenTheLimits(@ForAll double a, @ForAll double b, @ForAll double number) {
        double min = Math.min(a, b);
        double max = Math.max(a, b);
        Guardrail<Double> rail = NumericRails.within(min, max, Double::doubleValue);
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.check(number) instanceof Verdict.Pass).isEqualTo(min <= number && number <= max);
        assertThat(rail.check(min)).isSameAs(Verdict.pass());
        assertThat(rail.check(max)).isSameAs(Verdict.pass());
    }
}
