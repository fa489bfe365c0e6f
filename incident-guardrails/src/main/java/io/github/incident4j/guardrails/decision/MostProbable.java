// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The chosen class against the probabilities of all. */
final class MostProbable<T> implements Guardrail<T> {
    static final String NAME = "most-probable";

    private final Function<? super T, double[]> vector;
    private final ToIntFunction<? super T> chosen;
    private final Verdict<T> missing = Rail.block(NAME, "missing", "there is no vector of probabilities");
    private final Verdict<T> notANumber = Rail.block(NAME, "not-a-number", "a probability is NaN");
    private final Verdict<T> outOfRange =
            Rail.block(NAME, "out-of-range", "the chosen class has no place in the vector of probabilities");
    private final Verdict<T> another =
            Rail.block(NAME, "inconsistent", "the chosen class is not the one with the largest probability");

    MostProbable(Function<? super T, double[]> vector, ToIntFunction<? super T> chosen) {
        this.vector = vector;
        this.chosen = chosen;
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
        double largest = Double.NEGATIVE_INFINITY;
        for (double probability : probabilities) {
            if (Double.isNaN(probability)) {
                return notANumber;
            }
            largest = Math.max(largest, probability);
        }
        int index = chosen.applyAsInt(judged);
        if (index < 0 || index >= probabilities.length) {
            return outOfRange;
        }
        return probabilities[index] == largest ? Verdict.pass() : another;
    }
}
