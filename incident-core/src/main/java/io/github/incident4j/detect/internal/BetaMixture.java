// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Interval;

/**
 * A confidence sequence for the mean of observations in [0, 1] from their number and sum alone: the beta-binomial
 * mixture (H. Robbins 1970; S. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", 2021, Proposition 7).
 *
 * <p>For every {@code p} the factor {@code (p/m)^x ((1−p)/(1−m))^(1−x)} is convex in {@code x}, so that for
 * observations in [0, 1] whose mean, given all earlier ones, is {@code m} its conditional mean is at most {@code p + (1
 * − p) = 1}. The average of their products over {@code p} from a beta distribution, {@code M(m) = B(a+S, b+n−S) / (B(a,
 * b) m^S (1−m)^(n−S))}, therefore is a supermartingale that begins at 1, and exceeds {@code 1/α} ever with a
 * probability of at most {@code α} (Ville). The interval holds all {@code m} that it has not ruled out. It is narrow
 * for rates; where the variance is much smaller than that of a rate,
 * {@link io.github.incident4j.detect.ConfidenceSequence} is narrower, and needs each observation.
 *
 * <h2>Since an onset</h2>
 *
 * An estimated onset is chosen for what came behind it, and an interval that takes it as given is wrong too often.
 * {@link #since} holds for all beginnings at once: of the {@code s}-th observation it is asked at the level {@code α
 * w(s)}, where {@code w(s) = 1 / (2.2 (s + 1) ln²(s + 1))} adds up to less than 1 over all {@code s}.
 *
 * @param a how many ones the mixture expects, above 0
 * @param b how many zeros, above 0
 */
record BetaMixture(double a, double b) {
    /** Knows nothing of the mean: the prior of H. Jeffreys. */
    static final BetaMixture UNKNOWING = new BetaMixture(0.5, 0.5);

    /** The level of intervals that signals have. */
    static final double LEVEL = 0.99;

    private static final int BISECTIONS = 40;
    private static final double WEIGHTS = 2.2; // above the sum over s of 1 / ((s + 1) ln²(s + 1)), which is 2.11
    private static final double FAR = 12; // from where on Stirling's series is exact to 1e-12

    /**
     * The interval of the mean since an onset that was chosen by what came behind it.
     *
     * @param n how many observations there are since the onset, 1 or more
     * @param mean their mean
     * @param start which observation since the detector began the onset is, from 1
     * @param chosen among how many means this one was chosen by what they are, 1 or more
     */
    static Interval since(long n, double mean, long start, int chosen) {
        double s = Math.max(1, (double) start) + 1;
        double weight = 1 / (WEIGHTS * s * Math.log(s) * Math.log(s));
        double count = (double) n;
        return UNKNOWING.interval(count, mean * count, Math.log(chosen / ((1 - LEVEL) * weight)), LEVEL);
    }

    /**
     * The interval of the mean.
     *
     * @param n how many observations there are
     * @param sum their sum
     * @param enough the logarithm of {@code 1/α}
     * @param level what it says of itself
     */
    Interval interval(double n, double sum, double enough, double level) {
        double whole = ofAll(n, sum);
        double mean = Math.min(Math.max(sum / n, 0), 1);
        double low = mean;
        double least = 0;
        double high = mean;
        double most = 1;
        for (int i = 0; i < BISECTIONS; i++) { // the evidence is convex in m, and below 0 at the mean
            double below = (least + low) / 2;
            double above = (high + most) / 2;
            if (whole - ofOne(n, sum, below) >= enough) {
                least = below;
            } else {
                low = below;
            }
            if (whole - ofOne(n, sum, above) >= enough) {
                most = above;
            } else {
                high = above;
            }
        }
        return new Interval(least, most, level);
    }

    /** The logarithm of the evidence against a mean of {@code m}. */
    double logEvidence(double n, double sum, double m) {
        return ofAll(n, sum) - ofOne(n, sum, m);
    }

    /** The likelihood of the whole mixture. */
    private double ofAll(double n, double sum) {
        return logBeta(a + sum, b + n - sum) - logBeta(a, b);
    }

    private static double ofOne(double n, double sum, double m) {
        return times(sum, Math.log(m)) + times(n - sum, Math.log1p(-m));
    }

    private static double times(double count, double logarithm) {
        return count <= 0 ? 0 : count * logarithm;
    }

    private static double logBeta(double x, double y) {
        return logGamma(x) + logGamma(y) - logGamma(x + y);
    }

    /** Stirling's series, for large arguments; smaller ones by the recurrence. */
    static double logGamma(double x) {
        double shift = 0;
        double z = x;
        while (z < FAR) {
            shift -= Math.log(z);
            z++;
        }
        double square = 1 / (z * z);
        double series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square / 1_680))) / z;
        return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
    }
}
