// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;

/** Puts on record what another guardrail would have stopped. */
record Flagging<T>(Guardrail<T> rail) implements Guardrail<T> {
    @Override
    public String name() {
        return rail.name();
    }

    @Override
    public List<String> faults() {
        return rail.faults();
    }

    @Override
    public Verdict<T> check(T value) {
        Verdict<T> verdict = rail.check(value);
        if (verdict instanceof Verdict.Block<T> block) {
            return Verdict.flag(block.finding());
        } else if (verdict instanceof Verdict.Retry<T> retry) {
            return Verdict.flag(retry.finding());
        } else if (verdict instanceof Verdict.Rewrite<T> rewrite) {
            return Verdict.flag(rewrite.finding());
        }
        return verdict;
    }
}
