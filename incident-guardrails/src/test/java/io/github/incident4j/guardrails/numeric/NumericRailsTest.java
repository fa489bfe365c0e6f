// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import static io.github.incident4j.guardrails.numeric.NumericRails.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumericRailsTest {
    private record Score(double probability) {}

    private final Guardrail<Score> rail = within(0.0, 1.0, Score::probability);

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0, Double.MIN_VALUE, 0.5, 1.0})
    void numberWithinLimits_passes(double number) {
        assertThat(rail.check(new Score(number))).isSameAs(Verdict.pass());
    }

    @ParameterizedTest
    @CsvSource({
        "-4.9E-324, out-of-range",
        "1.0000000000000002, out-of-range",
        "-7.25, out-of-range",
        "Infinity, out-of-range",
        "-Infinity, out-of-range",
        "NaN, not-a-number"
    })
    void numberOutsideLimits_blocksWithTheCategory(double number, String category) {
        Finding finding = finding(rail, number);
        assertThat(finding.rule()).isEqualTo("within");
        assertThat(finding.category()).isEqualTo(category);
        assertThat(finding.message()).contains("0.0", "1.0").doesNotContain("4.9E-324", "1.0000000000000002", "7.25");
    }

    @Test
    void block_isTheSameInstanceEachTime() {
        assertThat(rail.check(new Score(2))).isSameAs(rail.check(new Score(3)));
        assertThat(rail.check(new Score(Double.NaN))).isSameAs(rail.check(new Score(Double.NaN)));
    }

    @Test
    void openSide_passesFiniteNumbersOnly() {
        Guardrail<Score> open = within(0.0, Double.POSITIVE_INFINITY, Score::probability);
        assertThat(open.faults()).isEmpty();
        assertThat(open.check(new Score(Double.MAX_VALUE))).isSameAs(Verdict.pass());
        assertThat(finding(open, Double.POSITIVE_INFINITY).message()).contains("infinite");
    }

    @Test
    void equalLimits_passThatNumber() {
        Guardrail<Score> one = within(1.0, 1.0, Score::probability);
        assertThat(one.faults()).isEmpty();
        assertThat(one.check(new Score(1))).isSameAs(Verdict.pass());
    }

    @Test
    void name_isLegalAndCanBeChanged() {
        assertThat(rail.name()).isEqualTo("within");
        assertThat(Names.faultOf("guardrail", rail.name())).isEmpty();
        assertThat(rail.named("probability").name()).isEqualTo("probability");
        assertThat(finding(rail.named("probability"), 2).rule()).isEqualTo("within");
    }

    @Test
    void goodRail_hasNoFaults() {
        assertThat(rail.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.0, 0.0", "NaN, 1.0", "0.0, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
    void badLimits_areOneFaultThatNamesThem(double min, double max) {
        Guardrail<Score> bad = within(min, max, Score::probability);
        assertThat(bad.faults()).singleElement().asString().contains("within(" + min + ", " + max + ")", "; ");
        assertThat(bad.name()).isEqualTo("within");
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void missingFunction_isAFaultBesideTheOthers() {
        assertThat(NumericRails.<Score>within(1.0, 0.0, null).faults())
                .hasSize(2)
                .anySatisfy(fault -> assertThat(fault).contains("function", "null"));
    }

    @Test
    void railWithFaults_blocksEverything() {
        Guardrail<Score> bad = within(1.0, 0.0, Score::probability);
        assertThat(finding(bad, 0.5).category()).isEqualTo("misconfigured");
        assertThat(bad.named("other").faults()).isEqualTo(bad.faults());
    }

    private static Finding finding(Guardrail<Score> rail, double number) {
        Verdict<Score> verdict = rail.check(new Score(number));
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<Score>) verdict).finding();
    }
}
