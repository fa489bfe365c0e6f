// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DecisionRailsProperties {
    private record Reading(int key, double driver, double value) {}

    private static Memory memory() {
        return Memory.of(100, Duration.ofDays(1));
    }

    private static boolean passes(Verdict<?> verdict) {
        return verdict instanceof Verdict.Pass;
    }

    @Property
    void probabilities_neverThrowAndPassOnlyWhatSumsToOne(@ForAll double[] vector) {
        Guardrail<double[]> rail = DecisionRails.probabilities(given -> given);
        boolean right = vector.length > 0
                && Arrays.stream(vector).allMatch(p -> p >= -1e-4 && p <= 1 + 1e-4)
                && Math.abs(Arrays.stream(vector).sum() - 1) <= 1e-4 + 1e-12;
        assertThat(passes(rail.check(vector)) && !right).isFalse();
    }

    @Property
    void probabilities_passAfterTheRoundingOfSinglePrecision(
            @ForAll @Size(min = 1, max = 1000) List<@DoubleRange(min = -30, max = 30) Double> logits) {
        float sum = 0;
        for (double logit : logits) {
            sum += (float) Math.exp(logit - 30);
        }
        double[] vector = new double[logits.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) Math.exp(logits.get(i) - 30) / sum;
        }
        if (sum > 0 && Float.isFinite(1 / sum)) {
            assertThat(passes(DecisionRails.<double[]>probabilities(given -> given)
                            .check(vector)))
                    .isTrue();
        }
    }

    @Property
    void confidence_passesExactlyFromTheFloorToOne(
            @ForAll double confidence, @ForAll @DoubleRange(max = 1) double floor) {
        assertThat(passes(DecisionRails.confidence(floor, Double::doubleValue).check(confidence)))
                .isEqualTo(confidence >= floor && confidence <= 1);
    }

    @Property
    void mostProbable_neverThrows(@ForAll double[] vector, @ForAll int index) {
        Guardrail<double[]> rail = DecisionRails.mostProbable(given -> given, given -> index);
        boolean right =
                index >= 0 && index < vector.length && Arrays.stream(vector).allMatch(p -> vector[index] >= p);
        assertThat(passes(rail.check(vector))).isEqualTo(right);
    }

    @Property
    void monotone_judgesBothOrdersOfTwoCallsAlike(
            @ForAll @IntRange(max = 3) int x1,
            @ForAll @IntRange(max = 3) int y1,
            @ForAll @IntRange(max = 3) int x2,
            @ForAll @IntRange(max = 3) int y2,
            @ForAll @IntRange(max = 1) int tolerance) {
        boolean there = second(true, x1, y1, x2, y2, tolerance);
        assertThat(second(true, x2, y2, x1, y1, tolerance)).isEqualTo(there);
        assertThat(second(false, x1, -y1, x2, -y2, tolerance)).isEqualTo(there);
        assertThat(second(false, -x1, y1, -x2, y2, tolerance)).isEqualTo(there);
        boolean right =
                x1 == x2 ? Math.abs(y1 - y2) <= tolerance : x1 < x2 ? y1 <= y2 + tolerance : y2 <= y1 + tolerance;
        assertThat(there).isEqualTo(right);
    }

    private static boolean second(boolean rising, double x1, double y1, double x2, double y2, double tolerance) {
        Guardrail<Reading> rail = rising
                ? DecisionRails.rising(Reading::key, Reading::driver, Reading::value, tolerance, memory())
                : DecisionRails.falling(Reading::key, Reading::driver, Reading::value, tolerance, memory());
        assertThat(passes(rail.check(new Reading(1, x1, y1)))).isTrue();
        return passes(rail.check(new Reading(1, x2, y2)));
    }

    @Property
    void monotone_passesEveryMonotoneFunctionAndNeverThrows(
            @ForAll List<@DoubleRange(min = -1e9, max = 1e9) Double> calls) {
        Guardrail<Reading> rail = DecisionRails.rising(Reading::key, Reading::driver, Reading::value, 0, memory());
        for (double x : calls) {
            assertThat(passes(rail.check(new Reading(1, x, Math.atan(x))))).isTrue();
        }
    }

    @Property
    void remembering_neverThrowsAndNeverPassesWhatIsNotFinite(@ForAll List<Double> numbers) {
        Guardrail<Reading> rate = DecisionRails.rateOfChange(Reading::key, Reading::value, 1, memory());
        Guardrail<Reading> rising = DecisionRails.rising(Reading::key, Reading::driver, Reading::value, 1, memory());
        for (int i = 0; i < numbers.size(); i++) {
            for (double number : new double[] {numbers.get(i), Double.NaN, Double.NEGATIVE_INFINITY}) {
                Reading reading = new Reading(i % 2, numbers.get(numbers.size() - 1 - i), number);
                boolean first = passes(rate.check(reading));
                boolean second = passes(rising.check(reading));
                assertThat((first || second) && !Double.isFinite(number)).isFalse();
            }
        }
    }

    @Property
    void rateOfChange_whatPassedNeverSpreadsFurther(
            @ForAll List<@IntRange(max = 50) Integer> numbers, @ForAll @IntRange(max = 20) int most) {
        Guardrail<Reading> rail = DecisionRails.rateOfChange(Reading::key, Reading::value, most, memory());
        Map<Integer, int[]> passed = new HashMap<>();
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            int[] range = passed.computeIfAbsent(i % 3, key -> new int[] {number, number});
            int[] next = {Math.min(range[0], number), Math.max(range[1], number)};
            boolean right = next[1] - next[0] <= most;
            assertThat(passes(rail.check(new Reading(i % 3, 0, number)))).isEqualTo(right);
            if (right) {
                passed.put(i % 3, next);
            }
        }
    }
}
