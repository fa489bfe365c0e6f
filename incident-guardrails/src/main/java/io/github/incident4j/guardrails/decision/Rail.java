// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.function.Function;

/** A guardrail out of its name and its check. */
record Rail<T>(String name, Function<T, Verdict<T>> judge) implements Guardrail<T> {
    static <T> Verdict<T> block(String rule, String category, String message) {
        return Verdict.block(new Finding(rule, category, message));
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<T> check(T value) {
        return judge.apply(value);
    }
}
