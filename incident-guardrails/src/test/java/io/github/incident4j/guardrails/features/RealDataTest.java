// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Learns from the first half of real rows and judges the second half, as it is and after a change of one feature. */
class RealDataTest {
    private static final Set<String> GERMAN_NUMBERS = Set.of("month", "credit_amount", "age");
    private static final Set<String> ADULT_NUMBERS = Set.of("age", "education-num", "hours-per-week", "fnlwgt");

    @Test
    void german_changesOfOneFeatureAreNoticedAtOnce() throws IOException {
        List<Map<String, Object>> rows = read("german.csv", GERMAN_NUMBERS);
        FeatureSchema<Map<String, Object>> schema = learned(rows, GERMAN_NUMBERS);
        List<Map<String, Object>> fresh = rows.subList(rows.size() / 2, rows.size());
        assertThat(shareOfFindings(schema, fresh)).isLessThan(0.01);

        assertThat(shareOfFindings(schema, changed(fresh, "credit_amount", times(100))))
                .isGreaterThan(0.99);
        assertThat(shareOfFindings(schema, changed(fresh, "credit_amount", times(1e-3))))
                .isEqualTo(1);
        assertThat(shareOfFindings(schema, changed(fresh, "age", times(12)))).isEqualTo(1);
        assertThat(shareOfFindings(schema, changed(fresh, "month", times(30)))).isGreaterThan(0.99);
        noticedInEachInput(
                schema, changed(fresh, "housing", value -> value.toString().substring(1)));
        noticedInEachInput(schema, changed(fresh, "savings", value -> 3));
        noticedInEachInput(schema, changed(fresh, "age", value -> "" + value));
        noticedInEachInput(schema, changed(fresh, "purpose", value -> ""));
    }

    @Test
    void adult_changesOfOneFeatureAreNoticedAtOnce() throws IOException {
        List<Map<String, Object>> rows = read("adult.csv", ADULT_NUMBERS);
        FeatureSchema<Map<String, Object>> schema = learned(rows, ADULT_NUMBERS);
        List<Map<String, Object>> fresh = rows.subList(rows.size() / 2, rows.size());
        assertThat(shareOfFindings(schema, fresh)).isLessThan(0.01);

        assertThat(shareOfFindings(schema, changed(fresh, "age", times(12)))).isEqualTo(1);
        assertThat(shareOfFindings(schema, changed(fresh, "hours-per-week", times(60))))
                .isGreaterThan(0.99);
        assertThat(shareOfFindings(schema, changed(fresh, "fnlwgt", times(1e-3))))
                .isGreaterThan(0.99);
        noticedInEachInput(
                schema, changed(fresh, "sex", value -> value.toString().toLowerCase(Locale.ROOT)));
        noticedInEachInput(
                schema, changed(fresh, "race", value -> value.toString().length()));
        noticedInEachInput(schema, changed(fresh, "education-num", value -> Double.NaN));
    }

    private static void noticedInEachInput(FeatureSchema<Map<String, Object>> schema, List<Map<String, Object>> rows) {
        assertThat(shareOfFindings(schema, rows)).isEqualTo(1);
    }

    private static UnaryOperator<Object> times(double factor) {
        return value -> ((Number) value).doubleValue() * factor;
    }

    private static double shareOfFindings(FeatureSchema<Map<String, Object>> schema, List<Map<String, Object>> rows) {
        Guardrail<Map<String, Object>> rail = schema.rail();
        assertThat(rail.faults()).isEmpty();
        long found = rows.stream()
                .filter(row -> !(rail.check(row) instanceof Verdict.Pass))
                .count();
        return (double) found / rows.size();
    }

    private static List<Map<String, Object>> changed(
            List<Map<String, Object>> rows, String feature, UnaryOperator<Object> change) {
        List<Map<String, Object>> changed = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> copy = new HashMap<>(row);
            copy.computeIfPresent(feature, (name, value) -> change.apply(value));
            changed.add(copy);
        }
        return changed;
    }

    private static FeatureSchema<Map<String, Object>> learned(List<Map<String, Object>> rows, Set<String> numbers) {
        FeatureSchema<Map<String, Object>> schema = FeatureRails.schema();
        for (String name : rows.get(0).keySet()) {
            schema = numbers.contains(name)
                    ? schema.number(name, row -> row.get(name))
                    : schema.category(name, row -> row.get(name));
        }
        return schema.learn(rows.subList(0, rows.size() / 2));
    }

    private static List<Map<String, Object>> read(String file, Set<String> numbers) throws IOException {
        Path path = Path.of(System.getProperty("incident4j.shared", "../../shared"), "data", file);
        assumeTrue(Files.exists(path), "the data " + path + " is not there; set -Dincident4j.shared=DIR");
        List<String> lines = Files.readAllLines(path);
        String[] names = lines.get(0).split(",", -1);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 0; i < names.length && cells.length == names.length; i++) {
                if (!Set.of("credit", "income-per-year", "capital-gain", "capital-loss")
                        .contains(names[i])) {
                    row.put(names[i], numbers.contains(names[i]) ? (Object) Double.valueOf(cells[i]) : cells[i]);
                }
            }
            if (!row.isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
