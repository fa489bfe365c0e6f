// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WithinSegmentTest {
    private record Quote(@Nullable String city, double rent) {}

    private final Map<String, Bounds> bounds =
            Map.of("Zurich", new Bounds(500, 9_000), "Halle", new Bounds(100, 2_000));

    @ParameterizedTest
    @CsvSource({
        "Zurich, 8999, pass, pass",
        "Halle, 8999, implausible-for-segment, implausible-for-segment",
        "Halle, 100, pass, pass",
        "Oslo, 8999, unknown-segment, implausible-for-segment",
        "Oslo, 10, unknown-segment, pass",
        ", 10, unknown-segment, pass",
        "Zurich, NaN, not-a-number, not-a-number",
        "Oslo, Infinity, not-a-number, not-a-number"
    })
    void number_isJudgedByItsSegment(@Nullable String city, double rent, String strict, String withOthers) {
        Guardrail<Quote> rail = NumericRails.withinSegment(Quote::city, bounds, Quote::rent);
        Guardrail<Quote> others = NumericRails.withinSegment(Quote::city, bounds, new Bounds(0, 50), Quote::rent);
        assertThat(rail.faults()).isEmpty();
        assertThat(others.faults()).isEmpty();
        Verdict<Quote> verdict = rail.check(new Quote(city, rent));
        assertThat(category(verdict)).isEqualTo(strict);
        assertThat(category(others.check(new Quote(city, rent)))).isEqualTo(withOthers);
        if (verdict instanceof Verdict.Block<Quote> block) {
            assertThat(block.finding().message()).doesNotContain("Halle", "Zurich", "8999", "2000", "9000");
            assertThat(rail.check(new Quote(city, rent))).isSameAs(verdict);
        }
    }

    @Test
    void bounds_areCopied() {
        Map<String, Bounds> mine = new HashMap<>(bounds);
        Guardrail<Quote> rail = NumericRails.withinSegment(Quote::city, mine, Quote::rent);
        mine.clear();
        assertThat(rail.check(new Quote("Zurich", 600))).isSameAs(Verdict.pass());
        assertThat(rail.name()).isEqualTo("within-segment");
        assertThat(Names.faultOf("guardrail", rail.name())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void finite_blocksTheRest(double number) {
        Guardrail<Quote> rail = NumericRails.finite(Quote::rent);
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.check(new Quote("", number))).isInstanceOf(Verdict.Block.class);
        assertThat(rail.check(new Quote("", -Double.MAX_VALUE))).isSameAs(Verdict.pass());
        assertThat(rail.check(new Quote("", Double.MAX_VALUE))).isSameAs(Verdict.pass());
    }

    @Test
    @SuppressWarnings("NullAway") // a host that is not checked for null
    void faults_areReportedAndBlock() {
        Map<String, Bounds> holed = new HashMap<>(bounds);
        holed.put("Bonn", null);
        List<Guardrail<Quote>> rails = Arrays.asList(
                NumericRails.finite(null),
                NumericRails.withinSegment(null, null, null),
                NumericRails.withinSegment(Quote::city, Map.of(), Quote::rent),
                NumericRails.withinSegment(Quote::city, holed, Quote::rent),
                NumericRails.withinSegment(Quote::city, Map.of("x", new Bounds(2, 1)), Quote::rent),
                NumericRails.withinSegment(Quote::city, Map.of("x", new Bounds(Double.NaN, 1)), Quote::rent),
                NumericRails.withinSegment(Quote::city, bounds, null, Quote::rent),
                NumericRails.withinSegment(Quote::city, bounds, new Bounds(2, 1), Quote::rent));
        assertThat(rails).allSatisfy(rail -> {
            assertThat(rail.faults()).isNotEmpty();
            assertThat(category(rail.check(new Quote("x", 1)))).isEqualTo("misconfigured");
        });
        assertThat(rails.get(1).faults()).hasSize(3);
    }

    private static String category(Verdict<Quote> verdict) {
        if (verdict instanceof Verdict.Pass) {
            return "pass";
        }
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        Finding finding = ((Verdict.Block<Quote>) verdict).finding();
        assertThat(finding.rule()).startsWith("within");
        return finding.category();
    }
}
