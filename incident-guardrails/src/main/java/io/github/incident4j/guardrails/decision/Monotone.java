// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Two calls of a key: the number must follow what drives it. Remembers. */
final class Monotone<T> implements Guardrail<T> {
    static final String NAME = "monotone";

    private final Function<? super T, ? extends @Nullable Object> key;
    private final ToDoubleFunction<? super T> driver;
    private final ToDoubleFunction<? super T> value;
    private final double sign;
    private final double tolerance;
    private final Memory memory;
    private final long keepNanos;
    private final RecentKeys<Pair> pairs;
    private final Verdict<T> missing = Rail.block(NAME, "missing", "there is no key by which to compare two calls");
    private final Verdict<T> notANumber =
            Rail.block(NAME, "not-a-number", "the number or what drives it is NaN or infinite");
    private final Verdict<T> against;

    Monotone(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> driver,
            ToDoubleFunction<? super T> value,
            boolean rising,
            double tolerance,
            Memory memory) {
        this.key = key;
        this.driver = driver;
        this.value = value;
        this.tolerance = tolerance;
        this.memory = memory;
        sign = rising ? 1 : -1;
        keepNanos = memory.keep().toNanos();
        pairs = new RecentKeys<>(memory.keys());
        against = Rail.block(
                NAME,
                "not-monotone",
                "between two calls of this key the number moved against what drives it; it must "
                        + (rising ? "not fall where that rises" : "not rise where that rises"));
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
        double x = driver.applyAsDouble(judged);
        double y = sign * value.applyAsDouble(judged);
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            return notANumber;
        }
        Object who = key.apply(judged);
        if (who == null) {
            return missing;
        }
        return pairs.update(who, known -> step(known, x, y)).passed ? Verdict.pass() : against;
    }

    private Pair step(@Nullable Pair known, double x, double y) {
        long now = memory.time().nanoTime();
        if (known == null || now - known.at > keepNanos || follows(known, x, y)) {
            return new Pair(now, x, y, true);
        }
        return new Pair(known.at, known.x, known.y, false);
    }

    /** The same for both orders of the two. */
    private boolean follows(Pair known, double x, double y) {
        boolean up = known.x > x || known.y - y <= tolerance;
        boolean down = x > known.x || y - known.y <= tolerance;
        return up && down;
    }

    /** The last two numbers that passed, and whether the last that came did. */
    private record Pair(long at, double x, double y, boolean passed) {}
}
