// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.function.ToDoubleFunction;

/** Bounds for one number. */
final class Within<T> implements Guardrail<T> {
    static final String NAME = "within";

    private final double min;
    private final double max;
    private final ToDoubleFunction<? super T> value;
    private final Verdict<T> notANumber;
    private final Verdict<T> infinite;
    private final Verdict<T> outOfRange;

    Within(double min, double max, ToDoubleFunction<? super T> value) {
        this.min = min;
        this.max = max;
        this.value = value;
        String must = "it must be a finite number from " + min + " to " + max;
        notANumber = block("not-a-number", "the number is NaN; " + must);
        infinite = block("out-of-range", "the number is infinite; " + must);
        outOfRange = block("out-of-range", "the number lies outside its limits; " + must);
    }

    private static <T> Verdict<T> block(String category, String message) {
        return Verdict.block(new Finding(NAME, category, message));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<T> check(T judged) {
        double number = value.applyAsDouble(judged);
        if (number >= min && number <= max && Double.isFinite(number)) {
            return Verdict.pass();
        }
        if (Double.isNaN(number)) {
            return notANumber;
        }
        return Double.isInfinite(number) ? infinite : outOfRange;
    }
}
