// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;
import java.util.List;

/** What a guardrail does with a value in which it has found something. */
public enum Action {
    /** Stops. */
    BLOCK,
    /** Goes on, on record. */
    FLAG,
    /** Asks the same route once more. */
    RETRY;

    /**
     * The verdict.
     *
     * @param finding why
     * @param <T> the type of the value
     * @return the verdict
     */
    public <T> Verdict<T> on(Finding finding) {
        return on(finding, List.of());
    }

    /**
     * The verdict, with more on record.
     *
     * @param finding why
     * @param remarks what else was found; the value stays as it is, so none of them is one of a rewritten value
     * @param <T> the type of the value
     * @return the verdict
     */
    public <T> Verdict<T> on(Finding finding, List<Remark> remarks) {
        List<Remark> stay = remarks.stream()
                .map(remark -> new Remark(remark.finding(), false))
                .toList();
        return switch (this) {
            case BLOCK -> Verdict.block(finding, stay);
            case FLAG -> Verdict.flag(finding, stay);
            case RETRY -> Verdict.retry(finding, stay);
        };
    }
}
