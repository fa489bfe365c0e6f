// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.detect.Detection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the columns of a history hold, as its first rows tell. */
final class Columns {
    private static final int MANY = 10; // numbers: fewer different ones are categories

    private final Map<String, Column> columns = new LinkedHashMap<>();

    private static final class Column {
        private final Set<String> texts = new HashSet<>();
        private boolean numbers = true;

        void take(@Nullable String text) {
            if (text != null) {
                texts.add(text);
                numbers &= Double.isFinite(Row.numberOf(text));
            }
        }

        boolean isOfNumbers() {
            return numbers && texts.size() > MANY;
        }
    }

    private Columns() {}

    static Columns of(Rows rows, long lookAhead) throws IOException {
        Columns found = new Columns();
        rows.read(
                lookAhead,
                row -> row.texts()
                        .keySet()
                        .forEach(name -> found.columns
                                .computeIfAbsent(name, each -> new Column())
                                .take(row.text(name))));
        if (found.columns.isEmpty()) {
            throw new IllegalArgumentException("there are no rows");
        }
        return found;
    }

    List<String> names() {
        return List.copyOf(columns.keySet());
    }

    /** A detector for each column, and for what the score, the label and the groups tell together. */
    List<Detection<Row, Row>> detections(
            @Nullable String time, @Nullable String score, @Nullable String label, List<String> groups) {
        List<Detection<Row, Row>> all = new ArrayList<>();
        columns.forEach((name, column) -> {
            if (name.equals(time) || name.equals(label)) {
                return;
            }
            boolean numbers = column.isOfNumbers();
            all.add((numbers ? DetectorExpression.drift(name) : DetectorExpression.categories(name))
                    .named(DetectorExpression.nameOf((numbers ? "drift-" : "categories-") + name)));
        });
        if (score != null && label != null) {
            all.add(DetectorExpression.errors(score, label).named("errors"));
        }
        String outcome = score == null ? label : score;
        if (outcome != null) {
            for (String group : groups) {
                all.add(disparity(group, outcome));
            }
        }
        return all;
    }

    /**
     * Where nobody says what is favourable: a score of a half and more, or the first of the label's texts in their
     * order.
     */
    private Detection<Row, Row> disparity(String group, String outcome) {
        Column column = Objects.requireNonNull(columns.get(outcome), "it was looked for");
        String favourable = column.texts.stream().sorted().findFirst().orElse("");
        boolean numbers = column.numbers
                && column.texts.stream().mapToDouble(Row::numberOf).allMatch(x -> x >= 0 && x <= 1);
        return DetectorExpression.disparity(
                        group, row -> numbers ? row.number(outcome) >= 0.5 : favourable.equals(row.text(outcome)))
                .named(DetectorExpression.nameOf("disparity-" + group));
    }
}
