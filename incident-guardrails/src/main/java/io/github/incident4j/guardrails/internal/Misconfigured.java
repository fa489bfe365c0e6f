// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.List;

/**
 * Stands in for a guardrail that cannot be made from what it was given. A guard is never built with it, because its
 * builder reports the faults; whoever uses it without a guard finds everything blocked.
 *
 * @param name the name of the guardrail that it stands in for
 * @param faults what is wrong, never empty
 * @param <T> the type of the values
 */
public record Misconfigured<T>(String name, List<String> faults) implements Guardrail<T> {

    /** Keeps a copy of the faults. */
    public Misconfigured {
        faults = List.copyOf(faults);
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<T> check(T value) {
        return Verdict.block(new Finding(name, "misconfigured", String.join("; ", faults)));
    }
}
