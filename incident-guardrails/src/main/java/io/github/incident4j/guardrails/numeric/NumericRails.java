// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Misconfigured;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

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
}
