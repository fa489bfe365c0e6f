// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrail;

import java.util.List;

/** A guardrail with a name of its own. */
record NamedGuardrail<T>(String name, Guardrail<T> rail) implements Guardrail<T> {
    @Override
    public Verdict<T> check(T value) {
        return rail.check(value);
    }

    @Override
    public Cost cost() {
        return rail.cost();
    }

    @Override
    public List<String> faults() {
        return rail.faults();
    }
}
