// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionRailsTest {
    private enum Outcome {
        GRANT,
        DENY
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    private record Answer(@Nullable Object outcome, int index, double[] probabilities) {}

    private record Reading(@Nullable String key, double driver, double value) {}

    private final Memory memory = Memory.of(100, Duration.ofHours(1));

    @Test
    void allowed_passesTheClassesAndBlocksTheRest() {
        Guardrail<Answer> rail = DecisionRails.allowed(Answer::outcome, Set.of(Outcome.GRANT, "review"));
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.check(answer(Outcome.GRANT))).isSameAs(Verdict.pass());
        assertThat(rail.check(answer("review"))).isSameAs(Verdict.pass());
        assertThat(finding(rail.check(answer("REVIEW of Jane"))).message()).doesNotContain("Jane");
        assertThat(finding(rail.check(answer(Outcome.DENY))).category()).isEqualTo("not-allowed");
        assertThat(finding(rail.check(answer(null))).category()).isEqualTo("missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | pass",
                "0.5,0.5 | pass",
                "0.1,0.2,0.3,0.4 | pass",
                "0.33333,0.33333,0.33333 | pass",
                "-0.000000001,1.000000001 | pass",
                "0.5,0.4 | not-a-distribution",
                "0.6,0.6 | not-a-distribution",
                "0,0,0 | not-a-distribution",
                "2,-1 | out-of-range",
                "Infinity,0 | out-of-range",
                "Infinity,-Infinity | out-of-range",
                "2,NaN | not-a-number",
                "'' | missing"
            })
    void probabilities_haveTheirCategory(String numbers, String expected) {
        double[] vector = numbers.isEmpty()
                ? new double[0]
                : Arrays.stream(numbers.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        Guardrail<double[]> rail = DecisionRails.probabilities(given -> given);
        assertThat(category(rail.check(vector))).isEqualTo(expected);
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void missingVector_blocks() {
        assertThat(category(DecisionRails.<String>probabilities(value -> null).check("")))
                .isEqualTo("missing");
        assertThat(category(DecisionRails.<String>mostProbable(value -> null, value -> 0)
                        .check("")))
                .isEqualTo("missing");
    }

    @ParameterizedTest
    @CsvSource({
        "0.6, pass",
        "1.0, pass",
        "0.5999999999999999, low-confidence",
        "0, low-confidence",
        "-0.1, out-of-range",
        "1.0000000000000002, out-of-range",
        "60, out-of-range",
        "Infinity, out-of-range",
        "-Infinity, out-of-range",
        "NaN, not-a-number"
    })
    void confidence_hasItsCategory(double confidence, String expected) {
        Guardrail<Double> rail = DecisionRails.confidence(0.6, Double::doubleValue);
        assertThat(category(rail.check(confidence))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, inconsistent", "1, pass", "2, pass", "3, out-of-range", "-1, out-of-range"})
    void mostProbable_wantsOneOfTheLargest(int index, String expected) {
        Guardrail<Answer> rail = DecisionRails.mostProbable(Answer::probabilities, Answer::index);
        assertThat(category(rail.check(new Answer("", index, new double[] {0.2, 0.4, 0.4}))))
                .isEqualTo(expected);
        assertThat(category(rail.check(new Answer("", index, new double[] {0.2, Double.NaN, 0.4}))))
                .isEqualTo("not-a-number");
    }

    @Test
    void implies_blocksOnlyWhereTheConditionHolds() {
        Guardrail<Reading> rail = DecisionRails.implies(
                "high-needs-key", r -> r.value() > 10, r -> r.key() != null, "a key must be there");
        assertThat(rail.name()).isEqualTo("high-needs-key");
        assertThat(category(rail.check(new Reading(null, 0, 1)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 0, 11)))).isEqualTo("pass");
        assertThat(rail.check(new Reading(null, 0, 11)))
                .isEqualTo(Verdict.block(new Finding("high-needs-key", "invariant", "a key must be there")));
    }

    @Test
    void rateOfChange_countsManySmallStepsAsOne() {
        Guardrail<Reading> rail = DecisionRails.rateOfChange(Reading::key, Reading::value, 10, memory);
        assertThat(category(rail.check(new Reading("a", 0, 100)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 0, 106)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 0, 112)))).isEqualTo("moved-too-fast");
        assertThat(category(rail.check(new Reading("a", 0, 110)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 0, 99)))).isEqualTo("moved-too-fast");
        assertThat(category(rail.check(new Reading("b", 0, 999)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading(null, 0, 100)))).isEqualTo("missing");
        assertThat(category(rail.check(new Reading("a", 0, Double.NaN)))).isEqualTo("not-a-number");
        assertThat(category(rail.check(new Reading("a", 0, Double.POSITIVE_INFINITY))))
                .isEqualTo("not-a-number");
        assertThat(category(rail.check(new Reading("b", 0, -Double.MAX_VALUE)))).isEqualTo("moved-too-fast");
    }

    @Test
    void rateOfChange_forgetsAfterItsTime() {
        Clock clock = new Clock();
        Guardrail<Reading> rail = DecisionRails.rateOfChange(
                Reading::key, Reading::value, 1, new Memory(10, Duration.ofSeconds(60), clock));
        clock.nanos = Long.MAX_VALUE - 5; // the clock may run over
        rail.check(new Reading("a", 0, 0));
        clock.nanos += Duration.ofSeconds(60).toNanos();
        assertThat(category(rail.check(new Reading("a", 0, 5)))).isEqualTo("moved-too-fast");
        clock.nanos++;
        assertThat(category(rail.check(new Reading("a", 0, 5)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 0, 0)))).isEqualTo("moved-too-fast");
    }

    @Test
    void monotone_comparesTwoCallsOfAKey() {
        Guardrail<Reading> rail = DecisionRails.rising(Reading::key, Reading::driver, Reading::value, 0.01, memory);
        assertThat(rail.faults()).isEmpty();
        assertThat(category(rail.check(new Reading("a", 10, 0.5)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 20, 0.4)))).isEqualTo("not-monotone");
        assertThat(category(rail.check(new Reading("a", 20, 0.495)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading("a", 10, 0.6)))).isEqualTo("not-monotone");
        assertThat(category(rail.check(new Reading("a", 20, 0.6)))).isEqualTo("not-monotone");
        assertThat(category(rail.check(new Reading("b", 99, 0)))).isEqualTo("pass");
        assertThat(category(rail.check(new Reading(null, 1, 1)))).isEqualTo("missing");
        assertThat(category(rail.check(new Reading("a", Double.NaN, 1)))).isEqualTo("not-a-number");
        assertThat(category(rail.check(new Reading("a", 1, Double.NEGATIVE_INFINITY))))
                .isEqualTo("not-a-number");
    }

    @Test
    void monotone_forgetsAfterItsTime() {
        Clock clock = new Clock();
        Guardrail<Reading> rail = DecisionRails.falling(
                Reading::key, Reading::driver, Reading::value, 0, new Memory(10, Duration.ofSeconds(60), clock));
        rail.check(new Reading("a", 1, 1));
        assertThat(category(rail.check(new Reading("a", 2, 2)))).isEqualTo("not-monotone");
        clock.nanos += Duration.ofSeconds(60).toNanos() + 1;
        assertThat(category(rail.check(new Reading("a", 2, 2)))).isEqualTo("pass");
    }

    @Test
    void keyNotAskedForTheLongest_isDisplaced() {
        Memory few = Memory.of(2, Duration.ofDays(1));
        for (Guardrail<Reading> rail : List.of(
                DecisionRails.rateOfChange(Reading::key, Reading::value, 10, few),
                DecisionRails.falling(Reading::key, Reading::driver, Reading::value, 0, few))) {
            for (String key : List.of("a", "b", "c")) {
                rail.check(new Reading(key, 1, 1));
            }
            assertThat(rail.check(new Reading("b", 2, 99))).isInstanceOf(Verdict.Block.class);
            assertThat(rail.check(new Reading("c", 2, 99))).isInstanceOf(Verdict.Block.class);
            assertThat(rail.check(new Reading("a", 2, 99))).isSameAs(Verdict.pass());
        }
    }

    @Test
    void findings_haveOneRuleAndHoldNeitherKeyNorNumber() {
        Guardrail<Reading> rate = DecisionRails.rateOfChange(Reading::key, Reading::value, 10, memory);
        Guardrail<Reading> rising = DecisionRails.rising(Reading::key, Reading::driver, Reading::value, 0, memory);
        for (Guardrail<Reading> rail : List.of(rate, rising)) {
            rail.check(new Reading("jane@example.org", 1, 77_777));
            Finding finding = finding(rail.check(new Reading("jane@example.org", 1, 88_888)));
            assertThat(finding.rule()).isEqualTo(rail.name());
            assertThat(finding.message()).doesNotContain("jane", "77777", "88888");
            assertThat(Names.faultOf("guardrail", rail.name())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void badNumbers_areFaults(double bad) {
        assertThat(List.of(
                        DecisionRails.<double[]>probabilities(v -> v, bad),
                        DecisionRails.confidence(bad, Double::doubleValue),
                        DecisionRails.rateOfChange(Reading::key, Reading::value, bad, memory),
                        DecisionRails.rising(Reading::key, Reading::driver, Reading::value, bad, memory)))
                .allSatisfy(rail -> assertThat(rail.faults())
                        .singleElement()
                        .asString()
                        .contains(rail.name() + ": ", "" + bad, "; give"));
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void whatIsNull_isAFaultAndBlocks() {
        List<Guardrail<Reading>> rails = List.of(
                DecisionRails.allowed(null, null),
                DecisionRails.allowed(Reading::key, Arrays.asList("a", null)),
                DecisionRails.probabilities(null),
                DecisionRails.confidence(0.5, null),
                DecisionRails.mostProbable(null, null),
                DecisionRails.implies(null, null, null, null),
                DecisionRails.implies("not a name", r -> true, r -> true, " "),
                DecisionRails.rateOfChange(null, null, 1, null),
                DecisionRails.rising(null, null, null, 1, null),
                DecisionRails.falling(null, null, null, 1, new Memory(0, null, null)),
                DecisionRails.rateOfChange(Reading::key, Reading::value, 1, Memory.of(1, Duration.ofDays(99_999_999))));
        assertThat(rails).allSatisfy(rail -> {
            assertThat(rail.faults()).isNotEmpty().noneMatch(String::isBlank);
            assertThat(category(rail.check(new Reading("a", 1, 1)))).isEqualTo("misconfigured");
        });
        assertThat(rails.get(9).faults()).hasSize(6);
    }

    private static Answer answer(@Nullable Object outcome) {
        return new Answer(outcome, 0, new double[] {1});
    }

    private static Finding finding(Verdict<?> verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<?>) verdict).finding();
    }

    private static String category(Verdict<?> verdict) {
        return verdict instanceof Verdict.Pass ? "pass" : finding(verdict).category();
    }

    private static final class Clock implements TimeSource {
        private long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    }
}
