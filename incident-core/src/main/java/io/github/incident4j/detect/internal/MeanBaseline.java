// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The normal mean of observations in [0, 1], learned from a warm-up or given by the user, with an upper confidence
 * bound. The plain mean as the null of an {@link EDetector} raises false alarms early; its upper bound does not.
 *
 * <p>The upper bound holds with probability {@code 1 − alpha} if the observations of the warm-up are independent. It is
 * the better of two, at {@code alpha / 2} each: {@linkplain MeanBounds#chernoff Chernoff}, the narrower one for rates,
 * and {@linkplain BettingBound betting}, where the variance is smaller than that of a rate. For a given mean, whose
 * variance is not known, it is Chernoff's alone at {@code alpha}.
 */
final class MeanBaseline implements Memory.Kept {
    private final BettingBound betting;
    private long count;
    private double mean = Double.NaN;
    private boolean given;

    /**
     * An empty baseline that is to learn.
     *
     * @param expected about how many observations it will learn; the better the guess, the narrower the bound
     */
    MeanBaseline(long expected) {
        this.betting = new BettingBound(expected);
    }

    /**
     * A user's baseline.
     *
     * @param mean the mean, from 0 to 1
     * @param n on how many observations it was measured, 1 or more
     * @throws IllegalArgumentException if either is out of range
     */
    static MeanBaseline given(double mean, long n) {
        if (!(mean >= 0 && mean <= 1)) {
            throw new IllegalArgumentException("a baseline mean must lie within [0, 1] but is " + mean);
        }
        if (n < 1) {
            throw new IllegalArgumentException("a baseline needs a sample size of 1 or more but has " + n);
        }
        MeanBaseline baseline = new MeanBaseline(n);
        baseline.count = n;
        baseline.mean = mean;
        baseline.given = true;
        return baseline;
    }

    /**
     * Learns one observation.
     *
     * @throws IllegalArgumentException if it is NaN or outside [0, 1]
     * @throws IllegalStateException if the baseline was given
     */
    void add(double x) {
        EDetector.requireUnit(x);
        if (given) {
            throw new IllegalStateException("a given baseline does not learn");
        }
        betting.add(x);
        count++;
        double before = count == 1 ? 0 : mean;
        mean = before + (x - before) / count;
    }

    /** How many observations it rests on. */
    long count() {
        return count;
    }

    /** The mean; NaN if there are no observations. */
    double mean() {
        return mean;
    }

    /**
     * What the true mean exceeds with a probability of at most {@code alpha}; at most 1, and 1 without observations.
     *
     * @throws IllegalArgumentException if {@code alpha} is not between 0 and 1
     */
    double upperBound(double alpha) {
        MeanBounds.requireProbability(alpha);
        if (count == 0) {
            return 1;
        }
        return given
                ? MeanBounds.chernoff(mean, count, alpha)
                : Math.min(MeanBounds.chernoff(mean, count, alpha / 2), betting.upper(alpha / 2));
    }

    @Override
    public void save(ObjectNode into) {
        into.put("count", count);
        into.put("mean", Double.isNaN(mean) ? null : (Double) mean);
        Memory.put(into, "betting", betting);
    }

    @Override
    public void load(JsonNode from) {
        count = Memory.whole(from, "count");
        mean = Memory.decimal(from, "mean");
        Memory.take(from, "betting", betting);
    }
}
