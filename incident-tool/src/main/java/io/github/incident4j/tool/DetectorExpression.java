// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Detectors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A detector in words, as it is typed: {@code KIND[:COLUMN[CONDITION]][,SETTING=VALUE…]}, such as
 * {@code drift:amount,tolerance=0.05} or {@code disparity:approved=yes,by=sex}.
 */
final class DetectorExpression {
    private static final int LONGEST = 48; // so that a kind before it and a number behind it leave it legal
    private static final Pattern SHAPE = Pattern.compile("(?<kind>[a-z]+)(?::(?<what>[^,]*))?(?<settings>(?:,[^,]*)*)");
    private static final Pattern CONDITION = Pattern.compile("(?<column>.+?)(?<operator>!=|<=|>=|=|<|>)(?<value>.*)");
    private static final String HELP = "use drift:COLUMN, categories:COLUMN, missing:COLUMN, rate:COLUMN=VALUE,"
            + " disparity:COLUMN=VALUE or errors";

    private final List<String> columns;
    private final Map<String, String> legal; // names of columns as attributes
    private final Set<String> taken = new HashSet<>();
    private final @Nullable String score;
    private final @Nullable String label;
    private final List<String> groups;

    /**
     * Words about a history.
     *
     * @param columns what the columns hold
     * @param score the column of what the model said, if one is named
     * @param label the column of what turned out to be true, if one is named
     * @param groups the columns of groups
     */
    DetectorExpression(Columns columns, @Nullable String score, @Nullable String label, List<String> groups) {
        this.columns = columns.names();
        this.legal = columns.legalNames();
        this.score = score;
        this.label = label;
        this.groups = groups;
    }

    /** The detection that a text asks for. */
    Detection<Row, Row> parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no detector; " + HELP);
        }
        String kind = shape.group("kind");
        String what = shape.group("what");
        Detection<Row, Row> detection = switch (kind) {
            case "drift" -> drift(column(what == null ? score : what, text));
            case "categories" -> categories(column(what, text));
            case "missing" -> missing(column(what, text));
            case "rate" -> rate(condition(what, text));
            case "disparity" -> disparity(condition(what, text));
            case "errors" -> errors(text);
            default -> throw new IllegalArgumentException("there is no detector '" + kind + "'; " + HELP);
        };
        for (String setting : shape.group("settings").split(",", -1)) {
            if (!setting.isEmpty()) {
                detection = set(detection, setting);
            }
        }
        return detection.named(unlike(nameOf(text), taken));
    }

    /** Names are of letters, digits and few signs, and short; the text itself is what a person knows it by. */
    static String nameOf(String text) {
        String name = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
        return name.isEmpty() ? "column" : name.substring(0, Math.min(name.length(), LONGEST));
    }

    /** A name that is not taken, and is from now on. */
    static String unlike(String name, Set<String> taken) {
        String unlike = name;
        for (int i = 2; !taken.add(unlike); i++) {
            unlike = name + "-" + i;
        }
        return unlike;
    }

    static Detection<Row, Row> drift(String column) {
        return widened(Detectors.<Row>inputDrift(nameOf(column), row -> row.number(column)));
    }

    static Detection<Row, Row> categories(String column) {
        return widened(Detectors.<Row>inputCategories(nameOf(column), row -> row.text(column)));
    }

    static Detection<Row, Row> missing(String column) {
        return widened(Detectors.<Row>inputRate(nameOf(column), row -> row.text(column) == null));
    }

    private static Detection<Row, Row> rate(Predicate<Row> condition) {
        return widened(Detectors.<Row>inputRate("rate", condition));
    }

    private Detection<Row, Row> disparity(Predicate<Row> favourable) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a disparity needs --group: the column that tells the groups apart");
        }
        return disparity(attribute(groups.get(0)), favourable);
    }

    static Detection<Row, Row> disparity(String group, Predicate<Row> favourable) {
        @SuppressWarnings("unchecked") // a detection only consumes rows
        Detection<Row, Row> detection =
                (Detection<Row, Row>) (Detection<?, Row>) Detectors.<Row>groupDisparity(group, favourable);
        return detection;
    }

    private Detection<Row, Row> errors(String text) {
        String said = score;
        String truth = label;
        if (said == null || truth == null) {
            throw new IllegalArgumentException("'" + text + "' needs --score and --label");
        }
        return errors(said, truth);
    }

    /** Where the score is a probability and the label 0 or 1, it is wrong on the other side of a half. */
    static Detection<Row, Row> errors(String score, String label) {
        return widened(Detectors.<Row>inputRate("errors", row -> isWrong(row.text(score), row.text(label))));
    }

    private static boolean isWrong(@Nullable String said, @Nullable String truth) {
        if (said == null || truth == null) {
            throw new IllegalStateException("nothing can be said"); // which counts as missing
        }
        double probability = Row.numberOf(said);
        double outcome = Row.numberOf(truth);
        boolean binary = (outcome == 0 || outcome == 1) && probability >= 0 && probability <= 1;
        return binary ? (probability >= 0.5) != (outcome == 1) : !said.strip().equals(truth.strip());
    }

    @SuppressWarnings("unchecked") // a detection only consumes rows
    private static Detection<Row, Row> widened(Detection<Row, Object> detection) {
        return (Detection<Row, Row>) (Detection<Row, ?>) detection;
    }

    private String column(@Nullable String name, String text) {
        if (name == null || !columns.contains(name)) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no column that there is; there are " + String.join(", ", columns));
        }
        return name;
    }

    private Predicate<Row> condition(@Nullable String what, String text) {
        Matcher condition = CONDITION.matcher(what == null ? "" : what);
        if (!condition.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' needs a condition, such as approved=yes or amount>1000; operators are = != < <= > >=");
        }
        String column = column(condition.group("column").strip(), text);
        String value = condition.group("value").strip();
        double limit = Row.numberOf(value);
        String operator = condition.group("operator");
        if (Double.isNaN(limit) && !operator.equals("=") && !operator.equals("!=")) {
            throw new IllegalArgumentException("'" + text + "' compares with '" + value + "', which is no number");
        }
        return row -> switch (operator) {
            case "=" -> isEqual(present(row, column), value);
            case "!=" -> !isEqual(present(row, column), value);
            case "<" -> Row.numberOf(present(row, column)) < limit;
            case "<=" -> Row.numberOf(present(row, column)) <= limit;
            case ">" -> Row.numberOf(present(row, column)) > limit;
            default -> Row.numberOf(present(row, column)) >= limit;
        };
    }

    private static boolean isEqual(String text, String value) {
        return text.strip().equals(value) || Row.numberOf(text) == Row.numberOf(value);
    }

    private static String present(Row row, String column) {
        String text = row.text(column);
        if (text == null) {
            throw new IllegalStateException("nothing can be said"); // which counts as missing
        }
        return text;
    }

    private String attribute(String column) {
        return Objects.requireNonNull(legal.get(column), "it was looked for");
    }

    private Detection<Row, Row> set(Detection<Row, Row> detection, String setting) {
        String[] parts = setting.split("=", 2);
        String value = parts.length == 2 ? parts[1].strip() : "";
        try {
            return switch (parts[0].strip()) {
                case "tolerance" -> detection.tolerance(Double.parseDouble(value));
                case "budget" -> detection.falseAlarmAtMostOncePer(Long.parseLong(value.replace("_", "")));
                case "warm-up" -> detection.warmUp(Integer.parseInt(value.replace("_", "")));
                case "baseline" -> baseline(detection, value.split("/", -1));
                case "by" -> detection.by(attribute(column(value, setting)));
                default ->
                    throw new IllegalArgumentException("there is no setting '" + parts[0]
                            + "'; use tolerance, budget, warm-up, baseline (such as 0.3/5000) or by");
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + setting + "' is no number", e);
        }
    }

    private static Detection<Row, Row> baseline(Detection<Row, Row> detection, String[] parts) {
        if (parts.length != 2) {
            throw new IllegalArgumentException("a baseline is a mean and on how many rows it was measured, such as"
                    + " 0.3/5000, and not " + Arrays.toString(parts));
        }
        return detection.baseline(Double.parseDouble(parts[0]), Long.parseLong(parts[1]));
    }
}
