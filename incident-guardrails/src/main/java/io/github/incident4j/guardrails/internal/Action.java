// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.internal;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;

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
        return switch (this) {
            case BLOCK -> Verdict.block(finding);
            case FLAG -> Verdict.flag(finding);
            case RETRY -> Verdict.retry(finding);
        };
    }
}
