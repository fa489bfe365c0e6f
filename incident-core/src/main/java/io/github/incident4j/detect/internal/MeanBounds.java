// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/**
 * Upper confidence bounds for the mean of {@code n} independent observations in [0, 1]. The observations need not be
 * identically distributed; the bounds are then for the average of their means. {@code alpha} is the probability with
 * which a bound may fail.
 */
final class MeanBounds {
    private static final int BISECTIONS = 60; // to less than a double's resolution of [0, 1]

    private MeanBounds() {}

    /**
     * The Chernoff bound in its exact form (W. Hoeffding 1963, Theorem 1): {@code P(kl(mean, μ) ≥ ln(1/α) / n, mean ≤
     * μ) ≤ α} with the relative entropy {@code kl} of two Bernoulli distributions. The largest {@code μ} that this
     * allows; tight for small rates, where its distance from the mean shrinks with the rate.
     *
     * @param mean the observed mean
     * @param n how many observations, 1 or more
     */
    static double chernoff(double mean, long n, double alpha) {
        double limit = Math.log(1 / alpha) / n;
        double inside = Math.min(Math.max(mean, 0), 1);
        double low = inside;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (relativeEntropy(inside, middle) > limit) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    static void requireProbability(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha must lie between 0 and 1 but is " + alpha);
        }
    }

    private static double relativeEntropy(double q, double p) {
        return term(q, p) + term(1 - q, 1 - p);
    }

    private static double term(double q, double p) {
        return q == 0 ? 0 : q * Math.log(q / p);
    }
}
