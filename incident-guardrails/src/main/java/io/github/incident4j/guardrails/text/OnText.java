// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;
import java.util.function.Function;

/** Judges a value by a guardrail on its text. */
record OnText<T>(Function<? super T, String> text, Guardrail<String> rail) implements Guardrail<T> {
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
        Verdict<String> verdict = rail.check(text.apply(value));
        if (verdict instanceof Verdict.Block<String> block) {
            return Verdict.block(block.finding(), block.remarks());
        } else if (verdict instanceof Verdict.Retry<String> retry) {
            return Verdict.retry(retry.finding(), retry.remarks());
        } else if (verdict instanceof Verdict.Rewrite<String> rewrite) {
            return Verdict.block(rewrite.finding(), rewrite.remarks());
        } else if (verdict instanceof Verdict.Flag<String> flag) {
            return Verdict.flag(flag.finding(), flag.remarks());
        }
        return Verdict.pass();
    }
}
