// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.numeric;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Bounds for one number, by the segment of the value. */
final class WithinSegment<T> implements Guardrail<T> {
    static final String NAME = "within-segment";

    private final Function<? super T, ? extends @Nullable Object> segment;
    private final Map<?, Bounds> bounds;
    private final @Nullable Bounds others;
    private final ToDoubleFunction<? super T> value;
    private final Verdict<T> notANumber = block("not-a-number", "the number is NaN or infinite");
    private final Verdict<T> unknown =
            block("unknown-segment", "no limits are given for the segment, so the number was not checked");
    private final Verdict<T> implausible =
            block("implausible-for-segment", "the number lies outside the limits of its segment");

    WithinSegment(
            Function<? super T, ? extends @Nullable Object> segment,
            Map<?, Bounds> bounds,
            @Nullable Bounds others,
            ToDoubleFunction<? super T> value) {
        this.segment = segment;
        this.bounds = bounds;
        this.others = others;
        this.value = value;
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
        if (!Double.isFinite(number)) {
            return notANumber;
        }
        Object key = segment.apply(judged);
        Bounds own = key == null ? null : bounds.get(key);
        Bounds limits = own != null ? own : others;
        if (limits == null) {
            return unknown;
        }
        return limits.include(number) ? Verdict.pass() : implausible;
    }
}
