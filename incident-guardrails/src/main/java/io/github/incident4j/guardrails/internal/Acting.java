// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.List;

/**
 * Judges as another guardrail does, and acts otherwise on what that one has found. To ask again takes the place of a
 * stop only: a value that may pass, on record or rewritten, needs no other.
 *
 * @param rail the other guardrail
 * @param action what to do in place of what that one would do
 * @param <T> the type of the values
 */
public record Acting<T>(Guardrail<T> rail, Action action) implements Guardrail<T> {

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
        if (verdict instanceof Verdict.Block<T> block) {
            return action.on(block.finding(), block.remarks());
        } else if (action == Action.RETRY) {
            return verdict;
        } else if (verdict instanceof Verdict.Retry<T> retry) {
            return action.on(retry.finding(), retry.remarks());
        } else if (verdict instanceof Verdict.Rewrite<T> rewrite) {
            return action.on(rewrite.finding(), rewrite.remarks());
        } else if (verdict instanceof Verdict.Flag<T> flag) {
            return action.on(flag.finding(), flag.remarks());
        }
        return verdict;
    }
}
