// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.RecentKeys;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How far a key's number may move within a time. Remembers. */
final class RateOfChange<T> implements Guardrail<T> {
    static final String NAME = "rate-of-change";

    private final Function<? super T, ? extends @Nullable Object> key;
    private final ToDoubleFunction<? super T> value;
    private final double most;
    private final Memory memory;
    private final long keepNanos;
    private final RecentKeys<Window> windows;
    private final Verdict<T> missing = Rail.block(NAME, "missing", "there is no key by which to compare the number");
    private final Verdict<T> notANumber = Rail.block(NAME, "not-a-number", "the number is NaN or infinite");
    private final Verdict<T> moved;

    RateOfChange(
            Function<? super T, ? extends @Nullable Object> key,
            ToDoubleFunction<? super T> value,
            double most,
            Memory memory) {
        this.key = key;
        this.value = value;
        this.most = most;
        this.memory = memory;
        keepNanos = memory.keep().toNanos();
        windows = new RecentKeys<>(memory.keys());
        moved = Rail.block(
                NAME,
                "moved-too-fast",
                "the number of this key has moved by more than " + most + " within " + memory.keep());
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
        Object who = key.apply(judged);
        if (who == null) {
            return missing;
        }
        Window window = windows.update(who, known -> step(known, number));
        return window.passed ? Verdict.pass() : moved;
    }

    private Window step(@Nullable Window known, double number) {
        long now = memory.time().nanoTime();
        if (known == null || now - known.start > keepNanos) {
            return new Window(now, number, number, true);
        }
        double min = Math.min(known.min, number);
        double max = Math.max(known.max, number);
        return max - min <= most
                ? new Window(known.start, min, max, true)
                : new Window(known.start, known.min, known.max, false);
    }

    /** What passed since the start; and whether the last number did. */
    private record Window(long start, double min, double max, boolean passed) {}
}
