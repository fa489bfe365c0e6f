// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import static io.github.incident4j.guardrails.features.FeatureFault.MISSING;
import static io.github.incident4j.guardrails.features.FeatureFault.OUT_OF_RANGE;
import static io.github.incident4j.guardrails.features.FeatureFault.UNIT_CHANGE;
import static io.github.incident4j.guardrails.features.FeatureFault.UNSEEN_CATEGORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeatureRailsTest {
    private enum Housing {
        OWN,
        RENT
    }

    private record Application(
            @Nullable Object income,
            @Nullable Object children,
            @Nullable Object housing) {}

    private final FeatureSchema<Application> schema = FeatureRails.<Application>schema()
            .number("income", Application::income)
            .range(0, 1_000_000)
            .scale(40_000, 10)
            .number("children", Application::children)
            .range(0, 20)
            .optional()
            .category("housing", Application::housing)
            .oneOf("OWN", "RENT", "7");
    private final Guardrail<Application> rail = schema.rail();

    @Test
    void goodInputs_passWithoutAFinding() {
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.name()).isEqualTo("features");
        assertThat(Names.faultOf("guardrail", rail.name())).isEmpty();
        List<Object> numbers = List.of(
                40_000, 40_000L, 4e4, 4e4f, new BigDecimal("40000"), (short) 30_000, Optional.of(5_000), 0, 400_000);
        for (Object income : numbers) {
            assertThat(rail.check(new Application(income, 2, "OWN"))).isSameAs(Verdict.pass());
        }
        for (Object housing : List.of(Housing.RENT, "RENT", CharBuffer.wrap("OWN"), '7', 7, 7L, Optional.of("OWN"))) {
            assertThat(rail.check(new Application(40_000, null, housing))).isSameAs(Verdict.pass());
        }
        for (Object none : List.of(
                Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty(), "", " \t")) {
            assertThat(rail.check(new Application(OptionalInt.of(40_000), none, "OWN")))
                    .isSameAs(Verdict.pass());
        }
        assertThat(rail.check(new Application(OptionalLong.of(40_000), OptionalDouble.of(1), "OWN")))
                .isSameAs(Verdict.pass());
    }

    @Test
    void eachFault_hasItsCategoryAndItsAction() {
        assertThat(judged(null, 2, "OWN")).isEqualTo("block missing");
        assertThat(judged(" ", 2, "OWN")).isEqualTo("block missing");
        assertThat(judged("40000", 2, "OWN")).isEqualTo("block wrong-type");
        assertThat(judged(true, 2, "OWN")).isEqualTo("block wrong-type");
        assertThat(judged(40_000, 2, 1.5)).isEqualTo("block wrong-type");
        assertThat(judged(40_000, 2, List.of("OWN"))).isEqualTo("block wrong-type");
        assertThat(judged(40_000, Double.NaN, "OWN")).isEqualTo("block not-a-number");
        assertThat(judged(Double.NEGATIVE_INFINITY, 2, "OWN")).isEqualTo("block not-a-number");
        assertThat(judged(new BigDecimal("1e999"), 2, "OWN")).isEqualTo("block not-a-number");
        assertThat(judged(40_000, 21, "OWN")).isEqualTo("flag out-of-range");
        assertThat(judged(-40_000, 2, "OWN")).isEqualTo("flag out-of-range");
        assertThat(judged(3_999, 2, "OWN")).isEqualTo("flag unit-change");
        assertThat(judged(400_001, 2, "OWN")).isEqualTo("flag unit-change");
        assertThat(judged(Double.MIN_VALUE, 2, "OWN")).isEqualTo("flag unit-change");
        assertThat(judged(40_000, 2, "own")).isEqualTo("flag unseen-category");
        assertThat(judged(40_000, 2, 3)).isEqualTo("flag unseen-category");
    }

    @Test
    void oneFinding_saysTheWorstAndNamesTheOthers() {
        Application bad = new Application(4_000_000, "two", "Jane's");
        assertThat(rail.check(bad))
                .isEqualTo(Verdict.block(new Finding(
                        "features",
                        "wrong-type",
                        "the feature 'children' has a wrong type; also income out-of-range, income unit-change,"
                                + " housing unseen-category")));
        assertThat(schema.findings(bad))
                .extracting(Finding::category)
                .containsExactly("out-of-range", "unit-change", "wrong-type", "unseen-category");
        assertThat(schema.findings(bad).toString()).doesNotContain("Jane", "4000000", "two");
        assertThat(schema.findings(new Application(40_000, 1, "OWN"))).isEmpty();
    }

    @Test
    void manyFaults_areCounted() {
        FeatureSchema<String> many = FeatureRails.schema();
        for (int i = 0; i < 30; i++) {
            many = many.number("n" + i, text -> null);
        }
        assertThat(finding(many.rail().check("")).message())
                .startsWith("the feature 'n0' is missing; also n1 missing, n2 missing")
                .endsWith("n10 missing and 19 more");
    }

    @Test
    void actions_canBeChosenAndSchemasDoNotChange() {
        Guardrail<Application> strict =
                schema.block(UNIT_CHANGE, UNSEEN_CATEGORY).flag(MISSING).rail();
        assertThat(strict.check(new Application(4_000_000, 1, "OWN"))).isInstanceOf(Verdict.Block.class);
        assertThat(finding(strict.check(new Application(4_000_000, 1, "OWN"))).category())
                .isEqualTo("unit-change");
        assertThat(strict.check(new Application(40_000, 1, "x"))).isInstanceOf(Verdict.Block.class);
        assertThat(strict.check(new Application(null, 1, "OWN"))).isInstanceOf(Verdict.Flag.class);
        assertThat(schema.flag(FeatureFault.values()).rail().check(new Application("x", "x", null)))
                .isInstanceOf(Verdict.Flag.class);
        assertThat(schema.block(OUT_OF_RANGE).rail().check(new Application(40_000, 99, "OWN")))
                .isInstanceOf(Verdict.Block.class);
        assertThat(schema.rail().check(new Application(40_000, 99, "OWN"))).isInstanceOf(Verdict.Flag.class);
    }

    @Test
    void rowsOfMaps_mayHoldAnything() {
        Guardrail<Map<String, Object>> maps = FeatureRails.<Map<String, Object>>schema()
                .number("income", row -> (Number) row.get("income"))
                .rail();
        assertThat(finding(maps.check(Map.of("income", "much"))).category()).isEqualTo("wrong-type");
        assertThat(finding(maps.check(Map.of())).category()).isEqualTo("missing");
        Guardrail<String> broken = FeatureRails.<String>schema()
                .number("income", row -> {
                    throw new IllegalStateException();
                })
                .rail();
        assertThatThrownBy(() -> broken.check("")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @SuppressWarnings({"NullAway", "unchecked"}) // a host that is not checked for null
    void faults_areReportedAndBlock() {
        FeatureSchema<Application> none = FeatureRails.schema();
        List<FeatureSchema<Application>> bad = List.of(
                none,
                none.number(null, Application::income),
                none.number("not a name", Application::income),
                none.number("a", null),
                none.number("a", null).learn(List.of()),
                none.number("a", Application::income).range(2, 1),
                none.number("a", Application::income).range(Double.NaN, 1),
                none.number("a", Application::income).range(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
                none.number("a", Application::income).scale(0, 10),
                none.number("a", Application::income).scale(10, 1),
                none.number("a", Application::income).scale(Double.NaN, Double.NaN),
                none.number("a", Application::income)
                        .category("a", Application::housing)
                        .oneOf("x"),
                none.number("a", Application::income).block((FeatureFault) null),
                none.number("a", Application::income).flag((FeatureFault[]) null),
                none.number("a", Application::income).learn(null),
                none.number("a", Application::income).learn(List.of()),
                none.category("a", Application::housing),
                none.category("a", Application::housing).oneOf(),
                none.category("a", Application::housing).oneOf((String[]) null),
                none.category("a", Application::housing).oneOf("x", null),
                none.category("a", Application::housing).oneOf(List.of(" ")),
                none.category("a", Application::housing).learn(List.of()));
        Application good = new Application(40_000, 2, "OWN");
        assertThat(bad).allSatisfy(one -> {
            assertThat(one.rail().faults()).isNotEmpty().noneMatch(String::isBlank);
            assertThat(one.rail().check(good)).isInstanceOf(Verdict.Block.class);
            assertThat(finding(one.rail().check(good)).category()).isEqualTo("misconfigured");
            assertThat(one.findings(good))
                    .singleElement()
                    .extracting(Finding::category)
                    .isEqualTo("misconfigured");
        });
    }

    @Test
    void learning_derivesRangeScaleAndCategories() {
        List<Application> rows = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            rows.add(new Application(10_000 + 50 * i, i % 4, i % 2 == 0 ? Housing.OWN : "RENT"));
        }
        rows.add(new Application(null, "three", 1.5)); // teaches nothing
        Guardrail<Application> learned = FeatureRails.<Application>schema()
                .number("income", Application::income)
                .number("children", Application::children)
                .optional()
                .category("housing", Application::housing)
                .learn(rows)
                .rail();
        assertThat(learned.faults()).isEmpty();
        for (Application row : rows.subList(0, 1_000)) {
            assertThat(learned.check(row)).isSameAs(Verdict.pass());
        }
        assertThat(categoryOf(learned, new Application(84_975, 1, "OWN"))).isEqualTo("pass"); // 10,050 to 60,000
        assertThat(categoryOf(learned, new Application(84_975.1, 1, "OWN"))).isEqualTo("out-of-range");
        assertThat(categoryOf(learned, new Application(-1, 1, "OWN"))).isEqualTo("out-of-range");
        assertThat(categoryOf(learned, new Application(3_500, 1, "OWN"))).isEqualTo("unit-change");
        assertThat(categoryOf(learned, new Application(40_000, 1, "FREE"))).isEqualTo("unseen-category");
        assertThat(categoryOf(learned, new Application(40_000, null, "OWN"))).isEqualTo("pass");
        assertThat(categoryOf(learned, new Application(null, 1, "OWN"))).isEqualTo("missing");
    }

    @Test
    void learning_leavesWhatIsDeclared() {
        FeatureSchema<Application> learned =
                schema.learn(Collections.nCopies(100, new Application(7, 7_000, "elsewhere")));
        assertThat(learned.rail().faults()).isEmpty();
        assertThat(categoryOf(learned.rail(), new Application(40_000, 7, "elsewhere")))
                .isEqualTo("unit-change"); // of the children, who had no scale
        assertThat(learned.findings(new Application(40_000, 7_000, "OWN")))
                .extracting(Finding::category)
                .containsExactly("out-of-range");
    }

    @Test
    void learning_isBounded() {
        FeatureSchema<Integer> free = FeatureRails.<Integer>schema().category("free", Object::toString);
        assertThat(free.learn(IntStream.range(0, 1_000).boxed().toList()).rail().faults())
                .isEmpty();
        assertThat(free.learn(IntStream.range(0, 100_000).boxed().toList())
                        .rail()
                        .faults())
                .singleElement()
                .asString()
                .contains("more than 1000");
        assertThat(FeatureRails.<Integer>schema()
                        .category("long", "x"::repeat)
                        .learn(List.of(256, 257))
                        .rail()
                        .faults())
                .singleElement()
                .asString()
                .contains("256");
    }

    @Test
    void learning_samplesManyRowsAlike() {
        NumberLearner<Integer> learner = new NumberLearner<>(Feature.OfNumber.of("n", value -> value));
        for (int i = 1; i <= 300_000; i++) {
            learner.see(i);
        }
        Feature.OfNumber<Integer> learned = (Feature.OfNumber<Integer>) learner.learned(new Faults("test"));
        assertThat(learned.typical()).isBetween(145_000.0, 155_000.0);
        assertThat(learned.max()).isEqualTo(300_000 + 0.5 * 299_999);
        assertThat(learned.min()).isZero();
    }

    @Test
    void quantiles_areOfType7() {
        double[] sorted = {1, 2, 3, 4};
        assertThat(NumberLearner.quantile(sorted, 0)).isEqualTo(1);
        assertThat(NumberLearner.quantile(sorted, 0.5)).isEqualTo(2.5);
        assertThat(NumberLearner.quantile(sorted, 0.25)).isEqualTo(1.75);
        assertThat(NumberLearner.quantile(sorted, 1)).isEqualTo(4);
        assertThat(NumberLearner.quantile(new double[] {9}, 0.99)).isEqualTo(9);
    }

    @Test
    void lists_areCopied() {
        List<String> mine = new ArrayList<>(Arrays.asList("OWN", "RENT"));
        Guardrail<Map<String, String>> copied = FeatureRails.<Map<String, String>>schema()
                .category("housing", row -> row.get("housing"))
                .oneOf(mine)
                .rail();
        mine.clear();
        assertThat(copied.check(new HashMap<>(Map.of("housing", "OWN")))).isSameAs(Verdict.pass());
    }

    private String judged(@Nullable Object income, @Nullable Object children, @Nullable Object housing) {
        Verdict<Application> verdict = rail.check(new Application(income, children, housing));
        Finding finding = finding(verdict);
        assertThat(finding.rule()).isEqualTo("features");
        return (verdict instanceof Verdict.Block ? "block " : "flag ") + finding.category();
    }

    private static String categoryOf(Guardrail<Application> rail, Application input) {
        Verdict<Application> verdict = rail.check(input);
        return verdict instanceof Verdict.Pass ? "pass" : finding(verdict).category();
    }

    private static Finding finding(Verdict<?> verdict) {
        if (verdict instanceof Verdict.Flag<?> flag) {
            return flag.finding();
        }
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<?>) verdict).finding();
    }
}
