// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class FeatureRailsProperties {

    @Provide
    Arbitrary<@Nullable Object> anything() {
        Arbitrary<Object> odd = Arbitraries.of(
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                true,
                'x',
                TimeUnit.DAYS,
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.of(Double.NaN),
                OptionalDouble.empty(),
                new int[0]);
        return Arbitraries.<Object>oneOf(
                        Arbitraries.doubles().map(value -> value),
                        Arbitraries.integers().map(value -> value),
                        Arbitraries.strings().map(value -> value),
                        Arbitraries.bigDecimals().map(value -> value),
                        odd)
                .injectNull(0.05);
    }

    private record Row(@Nullable Object value) {}

    @Property
    void judgingAndLearning_neverThrow(
            @ForAll("anything") @Nullable Object value,
            @ForAll List<@From("anything") Object> rows,
            @ForAll double a,
            @ForAll double b) {
        List<Row> examples = new ArrayList<>();
        rows.forEach(row -> examples.add(new Row(row)));
        for (FeatureSchema<Row> schema : List.<FeatureSchema<Row>>of(
                FeatureRails.<Row>schema().number("n", Row::value).range(a, b).scale(a, b),
                FeatureRails.<Row>schema().number("n", Row::value),
                FeatureRails.<Row>schema().category("c", Row::value).optional())) {
            assertThat(schema.rail().check(new Row(value))).isNotNull();
            Guardrail<Row> learned = schema.learn(examples).rail();
            assertThat(learned.check(new Row(value))).isNotNull();
        }
    }

    /** Whatever finite numbers were learned lie in the range that was learned from them. */
    @Property
    void learnedRange_holdsWhatItWasLearnedFrom(@ForAll @Size(min = 1, max = 200) List<Double> numbers) {
        Guardrail<Double> learned = FeatureRails.<Double>schema()
                .number("n", value -> value)
                .learn(numbers)
                .block(FeatureFault.OUT_OF_RANGE)
                .rail();
        assertThat(learned.faults()).isEmpty();
        for (double number : numbers) {
            assertThat(learned.check(number)).isNotInstanceOf(Verdict.Block.class);
        }
    }

    /** The promise of the Javadoc: a factor above the square of the tolerance is found in each input. */
    @Property
    void changeOfUnit_isFoundInEachInputAboveTheSquareOfTheTolerance(
            @ForAll @DoubleRange(min = 0.01, max = 1e6) double typical,
            @ForAll @DoubleRange(min = 1.1, max = 9.9) double tolerance,
            @ForAll @DoubleRange(min = -1.2, max = 1.2) double magnitude) {
        double size = typical * Math.pow(10, magnitude);
        Guardrail<Double> rail = FeatureRails.<Double>schema()
                .number("n", value -> value)
                .scale(typical, tolerance)
                .rail();
        for (double number : new double[] {size, -size}) {
            if (rail.check(number) instanceof Verdict.Pass) {
                assertThat(rail.check(number * 100)).isInstanceOf(Verdict.Flag.class);
                assertThat(rail.check(number / 1000)).isInstanceOf(Verdict.Flag.class);
            }
        }
    }
}
