// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;

/** Asks once more where another guardrail would block. */
record Retrying<T>(Guardrail<T> rail) implements Guardrail<T> {
    @Override
    public String name() {
        return rail.name();
    }

    @Override
    public List<String> faults() {
        return rail.faults();
    }

    @Override
    public Cost cost() {
        return rail.cost();
    }

    @Override
    public Verdict<T> check(T value) {
        Verdict<T> verdict = rail.check(value);
        return verdict instanceof Verdict.Block<T> block ? Verdict.retry(block.finding()) : verdict;
    }
}
