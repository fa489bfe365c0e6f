// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.internal.Misconfigured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Guardrails on numbers.
 *
 * <pre>{@code
 * .output(within(0.0, 1.0, Score::probabilityOfDefault))
 * }</pre>
 *
 * <p>No method here throws because of what it is given: see {@link Guardrail#faults()}. A guardrail with faults blocks
 * everything.
 */
public final class NumericRails {

    private static final int MOST_SEGMENTS = 100_000;

    private NumericRails() {}

    /**
     * Passes a finite number from {@code min} to {@code max}, both included, and blocks every other, NaN and the
     * infinities too. A limit may be infinite, which leaves that side open; the number itself must be finite all the
     * same.
     *
     * <p>The guardrail's name and the rule of its findings is {@code within}; the category is {@code not-a-number} or
     * {@code out-of-range}. A finding holds the limits, never the number. Judging allocates nothing. Faults are limits
     * between which no finite number lies, a limit that is NaN, and a missing function.
     *
     * @param min the smallest number that passes
     * @param max the largest number that passes
     * @param value takes the number out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> within(double min, double max, ToDoubleFunction<? super T> value) {
        List<String> faults = new ArrayList<>();
        String call = Within.NAME + "(" + min + ", " + max + ")";
        if (Double.isNaN(min) || Double.isNaN(max)) {
            faults.add(call + ": a limit is NaN; give two numbers, the smaller first");
        } else if (min > max) {
            faults.add(call + ": the minimum " + min + " is above the maximum " + max + "; give the smaller first");
        } else if (min == Double.POSITIVE_INFINITY || max == Double.NEGATIVE_INFINITY) {
            faults.add(call + ": no finite number lies between the limits; give at least one finite limit");
        }
        if (value == null) {
            faults.add(call + ": the function that takes out the number is null; give one, such as Score::probability");
        }
        return faults.isEmpty() ? new Within<>(min, max, value) : new Misconfigured<>(Within.NAME, faults);
    }

    /**
     * Passes every finite number and blocks NaN and the infinities: {@link #within} without limits. Its name is
     * {@code within}, too.
     *
     * @param value takes the number out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @return the guardrail
     */
    public static <T> Guardrail<T> finite(ToDoubleFunction<? super T> value) {
        return within(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, value);
    }

    /**
     * Passes a number that is plausible for its segment: a rent of 9,000 may be right in one city and absurd in
     * another. A value of no segment that is listed, or of none at all (null), is blocked, because it was not checked.
     *
     * <p>The guardrail's name and the rule of its findings is {@code within-segment}; the category is
     * {@code not-a-number}, {@code unknown-segment} or {@code implausible-for-segment}. A finding names neither the
     * segment nor its limits, because the segment may be personal. Judging allocates nothing. Faults are an empty map,
     * limits between which no finite number lies, more than 100,000 segments, and what is null.
     *
     * @param segment takes the segment out of the value that is judged; compared by {@code equals}
     * @param bounds the limits of each segment; copied
     * @param value takes the number out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @param <S> the type of the segments
     * @return the guardrail
     */
    public static <T, S> Guardrail<T> withinSegment(
            Function<? super T, ? extends @Nullable S> segment,
            Map<? extends S, Bounds> bounds,
            ToDoubleFunction<? super T> value) {
        return segments(segment, bounds, null, value);
    }

    /**
     * As {@link #withinSegment(Function, Map, ToDoubleFunction)}, with limits for every segment that is not listed and
     * for values of none.
     *
     * @param segment takes the segment out of the value that is judged; compared by {@code equals}
     * @param bounds the limits of each segment; copied
     * @param others the limits of all other segments
     * @param value takes the number out of the value that is judged
     * @param <T> the type of the values that the guardrail judges
     * @param <S> the type of the segments
     * @return the guardrail
     */
    public static <T, S> Guardrail<T> withinSegment(
            Function<? super T, ? extends @Nullable S> segment,
            Map<? extends S, Bounds> bounds,
            Bounds others,
            ToDoubleFunction<? super T> value) {
        if (others == null) {
            return new Faults(WithinSegment.NAME)
                    .whenNull(null, "the limits of the other segments", "new Bounds(0, 100)")
                    .or(WithinSegment.NAME, () -> finite(value));
        }
        return segments(segment, bounds, others, value);
    }

    private static <T> Guardrail<T> segments(
            Function<? super T, ? extends @Nullable Object> segment,
            @Nullable Map<?, Bounds> bounds,
            @Nullable Bounds others,
            ToDoubleFunction<? super T> value) {
        Map<Object, Bounds> copy = new HashMap<>();
        Faults faults = new Faults(WithinSegment.NAME)
                .whenNull(segment, "the function that takes out the segment", "Quote::city")
                .whenNull(value, "the function that takes out the number", "Quote::rent")
                .when(bounds == null || bounds.isEmpty(), "there are no segments; give the limits of at least one")
                .when(others != null && !others.areLegal(), "no finite number lies between the limits of the others");
        if (bounds != null && bounds.size() > MOST_SEGMENTS) {
            faults.when(true, bounds.size() + " segments are too many; give at most " + MOST_SEGMENTS);
        } else if (bounds != null) {
            bounds.forEach((key, limits) -> copy.put(key, limits));
            long bad = copy.entrySet().stream()
                    .filter(entry -> entry.getKey() == null
                            || entry.getValue() == null
                            || !entry.getValue().areLegal())
                    .count();
            faults.when(
                    bad > 0,
                    bad + " of the segments are null or have limits between which no finite number lies;"
                            + " give two numbers, the smaller first");
        }
        return faults.or(WithinSegment.NAME, () -> new WithinSegment<>(segment, copy, others, value));
    }
}
