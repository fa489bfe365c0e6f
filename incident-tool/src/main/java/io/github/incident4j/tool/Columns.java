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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the columns of a history hold, as its first rows tell. */
final class Columns {
    private static final int MANY = 10; // numbers: fewer different ones are categories
    private static final int FEW = 4; // outcomes

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

    /** A legal name for each column, of which no two are the same: names of detectors are of few signs. */
    Map<String, String> legalNames() {
        Map<String, String> legal = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (String column : columns.keySet()) {
            legal.put(column, DetectorExpression.unlike(DetectorExpression.nameOf(column), taken));
        }
        return legal;
    }

    /** A detector for each column, and for what the score, the label and the groups tell together. */
    List<Detection<Row, Row>> detections(
            @Nullable String time, @Nullable String score, @Nullable String label, List<String> groups) {
        Map<String, String> legal = legalNames();
        List<Detection<Row, Row>> all = new ArrayList<>();
        columns.forEach((name, column) -> {
            if (!name.equals(time) && !name.equals(label)) {
                boolean numbers = column.isOfNumbers();
                all.add((numbers ? DetectorExpression.drift(name) : DetectorExpression.categories(name))
                        .named((numbers ? "drift-" : "categories-") + legal.get(name)));
            }
        });
        if (score != null && label != null) {
            all.add(DetectorExpression.errors(score, label).named("errors"));
        }
        String outcome = score == null ? label : score;
        for (String group : outcome == null ? List.<String>of() : groups) {
            String attribute = Objects.requireNonNull(legal.get(group), "it was looked for");
            outcomes(outcome == null ? "" : outcome)
                    .forEach((name, isIt) -> all.add(DetectorExpression.disparity(attribute, isIt)
                            .named("disparity-" + attribute + "-" + name)));
        }
        return all;
    }

    /**
     * Nobody has said which outcome is favourable, so each is watched for becoming rarer: a score of a half and more,
     * one below, or each text where there are few.
     */
    private Map<String, Predicate<Row>> outcomes(String outcome) {
        Column column = Objects.requireNonNull(columns.get(outcome), "it was looked for");
        boolean probability = column.numbers
                && column.texts.size() > 2
                && column.texts.stream().mapToDouble(Row::numberOf).allMatch(x -> x >= 0 && x <= 1);
        Map<String, Predicate<Row>> outcomes = new LinkedHashMap<>();
        if (probability) {
            outcomes.put("high", row -> row.number(outcome) >= 0.5);
            outcomes.put("low", row -> row.number(outcome) < 0.5);
        } else if (column.texts.size() <= FEW) {
            Set<String> taken = new HashSet<>();
            column.texts.stream()
                    .sorted()
                    .forEach(text -> outcomes.put(
                            DetectorExpression.unlike(DetectorExpression.nameOf(text), taken),
                            row -> text.equals(row.text(outcome))));
        }
        return outcomes;
    }
}
