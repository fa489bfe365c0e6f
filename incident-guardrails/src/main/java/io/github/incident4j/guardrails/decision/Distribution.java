// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.function.Function;

/** A vector of probabilities. */
final class Distribution<T> implements Guardrail<T> {
    static final String NAME = "probabilities";

    private final Function<? super T, double[]> vector;
    private final double tolerance;
    private final Verdict<T> missing = Rail.block(NAME, "missing", "there is no vector of probabilities");
    private final Verdict<T> notANumber = Rail.block(NAME, "not-a-number", "a probability is NaN");
    private final Verdict<T> outOfRange = Rail.block(NAME, "out-of-range", "a probability lies outside 0 to 1");
    private final Verdict<T> noSum;

    Distribution(Function<? super T, double[]> vector, double tolerance) {
        this.vector = vector;
        this.tolerance = tolerance;
        noSum = Rail.block(
                NAME, "not-a-distribution", "the probabilities do not sum to 1 within a tolerance of " + tolerance);
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
        double[] probabilities = vector.apply(judged);
        if (probabilities == null // of a host that is not checked for null
                || probabilities.length == 0) {
            return missing;
        }
        double sum = 0;
        boolean inside = true;
        for (double probability : probabilities) {
            if (Double.isNaN(probability)) {
                return notANumber;
            }
            inside &= probability >= -tolerance && probability <= 1 + tolerance;
            sum += probability;
        }
        if (!inside) {
            return outOfRange;
        }
        return Math.abs(sum - 1) <= tolerance ? Verdict.pass() : noSum;
    }
}
