// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.grounding.Figure.Reading;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks for numbers of an answer that stand in no source. A number is in a source when it is what one there comes to,
 * rounded to the last digit that the answer shows, in the same unit or in one that can be converted, or where one of
 * the two has no unit.
 */
final class Numbers {
    static final String NAME = "numbers";

    /** What multiplying by a unit's factor may be off, in units of the last place. */
    private static final int ROUNDING = 4;

    /** The sources' values as written, whatever the unit; those without a unit; and those of each dimension. */
    private final TreeSet<Double> all = new TreeSet<>();

    private final TreeSet<Double> withoutUnit = new TreeSet<>();
    private final Map<String, TreeSet<Double>> ofDimension = new HashMap<>();

    private Numbers(Collection<String> sources) {
        for (String source : sources) {
            Words words = Words.of(source);
            Figures.in(words.view()).forEach(this::add);
            Figures.inWords(words).forEach(this::add);
            for (Dates.Date date : Dates.in(words)) {
                date.readings().forEach(this::add);
            }
        }
    }

    private void add(int date) {
        for (int part : new int[] {date / 10_000, date / 100 % 100, date % 100}) {
            all.add((double) part);
            withoutUnit.add((double) part);
        }
    }

    private void add(Figure figure) {
        Unit unit = figure.unit();
        figure.row().forEach(reading -> all.add(reading.value()));
        figure.row().forEach(reading -> withoutUnit.add(reading.value()));
        for (Reading reading : figure.readings()) {
            all.add(reading.value());
            if (unit == null) {
                withoutUnit.add(reading.value());
            } else {
                ofDimension
                        .computeIfAbsent(unit.dimension(), dimension -> new TreeSet<>())
                        .add(reading.value() * unit.factor());
                if (unit.dimension().equals(Unit.PERCENT)) {
                    all.add(reading.value() * unit.factor());
                }
            }
        }
    }

    private boolean has(Figure figure) {
        Unit unit = figure.unit();
        for (Reading reading : figure.readings()) {
            if (unit == null ? isIn(all, reading) : isIn(withoutUnit, reading)) {
                return true;
            }
            if (unit != null) {
                Reading scaled = reading.times(unit.factor());
                if (isIn(ofDimension.get(unit.dimension()), scaled)
                        || (unit.dimension().equals(Unit.PERCENT) && isIn(withoutUnit, scaled))) {
                    return true;
                }
            }
        }
        return !figure.row().isEmpty() && figure.row().stream().allMatch(reading -> isIn(all, reading));
    }

    private static boolean isIn(@Nullable NavigableSet<Double> values, Reading reading) {
        if (values == null) {
            return false;
        }
        double tolerance = reading.step() / 2 + ROUNDING * Math.ulp(reading.value());
        Double next = values.ceiling(reading.value() - tolerance);
        return next != null && next <= reading.value() + tolerance;
    }

    static @Nullable Finding missing(String answer, Collection<String> sources) {
        Words words = Words.of(answer);
        List<Figure> figures = claimed(words);
        if (figures.isEmpty()) {
            return null;
        }
        Numbers numbers = new Numbers(sources);
        List<Figure> missing =
                figures.stream().filter(figure -> !numbers.has(figure)).toList();
        return missing.isEmpty()
                ? null
                : Unsupported.finding(
                        NAME,
                        "number",
                        missing.size(),
                        figures.size(),
                        words.view(),
                        missing.get(0).start(),
                        missing.get(0).end());
    }

    /** Numbers but for those of dates, which are another guardrail's, of lists and of citations. */
    private static List<Figure> claimed(Words words) {
        List<Figure> claimed = new ArrayList<>();
        List<Dates.Date> dates = Dates.in(words);
        int date = 0;
        for (Figure figure : Figures.in(words.view())) {
            while (date < dates.size() && dates.get(date).end() <= figure.start()) {
                date++;
            }
            boolean inDate = date < dates.size() && dates.get(date).start() < figure.end();
            if (!inDate && !isOfList(words.view(), figure) && !isInBrackets(words.view(), figure)) {
                claimed.add(figure);
            }
        }
        return claimed;
    }

    /** Whether it numbers an item, as in "2. " or "2) " where a line begins. */
    private static boolean isOfList(View view, Figure figure) {
        char after = view.charAt(figure.end());
        if (figure.end() - figure.start() > 3
                || (after != '.' && after != ')')
                || !isBlank(view.charAt(figure.end() + 1))) {
            return false;
        }
        int i = figure.start() - 1;
        int least = i - 16;
        while (i > least && " \t*#>-(".indexOf(view.charAt(i)) >= 0) {
            i--;
        }
        return view.charAt(i) == '\n';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\t';
    }

    /** Whether it stands in brackets with nothing but other numbers, as a citation does. */
    private static boolean isInBrackets(View view, Figure figure) {
        int i = figure.start() - 1;
        int least = i - 32;
        while (i > least && "0123456789, ;^-".indexOf(view.charAt(i)) >= 0) {
            i--;
        }
        int end = figure.end();
        int most = end + 32;
        while (end < most && "0123456789, ;-".indexOf(view.charAt(end)) >= 0) {
            end++;
        }
        return view.charAt(i) == '[' && view.charAt(end) == ']';
    }
}
