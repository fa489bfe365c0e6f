// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

/**
 * An interval for the mean of observations in [0, 1] that holds at all times at once: one may look after every
 * observation, and stop when one likes (I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by
 * betting", Journal of the Royal Statistical Society B, 2024). It assumes that the mean of each observation, given all
 * earlier ones, is the same; neither independence nor a distribution.
 *
 * <p>For a {@link Detector} of your own, an experiment, or the accuracy of a model since its release:
 *
 * <pre>{@code
 * ConfidenceSequence accuracy = ConfidenceSequence.betting(0.99);
 * labelled.forEach(each -> accuracy.observe(each.isRight() ? 1 : 0));
 * Interval interval = accuracy.interval();
 * }</pre>
 *
 * <p>The difference of the means of two groups lies, at the level {@code 1 − 2 (1 − level)}, between the difference of
 * one's low and the other's high end, and that of one's high and the other's low end. Not thread-safe.
 */
public sealed interface ConfidenceSequence permits BettingSequence, EmpiricalBernsteinSequence {

    /**
     * The predictable plug-in empirical Bernstein confidence sequence (there, Theorem 2): eight numbers, less than a
     * microsecond an observation.
     *
     * @param level with which probability it holds at all times, such as 0.99
     * @return a sequence without observations
     * @throws IllegalArgumentException if the level is not between 0 and 1
     */
    static ConfidenceSequence empiricalBernstein(double level) {
        return new EmpiricalBernsteinSequence(level);
    }

    /**
     * The hedged capital confidence sequence, by betting (there, Theorem 3): narrower for up to some hundred
     * observations, for 1,024 numbers and some microseconds an observation. Its ends lie on a grid of 512 steps.
     *
     * @param level with which probability it holds at all times, such as 0.99
     * @return a sequence without observations
     * @throws IllegalArgumentException if the level is not between 0 and 1
     */
    static ConfidenceSequence betting(double level) {
        return new BettingSequence(level);
    }

    /**
     * Takes the next observation.
     *
     * @param x the observation
     * @throws IllegalArgumentException if it is NaN or outside [0, 1]; nothing has changed then
     */
    void observe(double x);

    /** {@return how many observations there were} */
    long count();

    /**
     * Where the mean lies.
     *
     * @return the interval; it never becomes wider, and is from 0 to 1 without observations. A low end above the high
     *     one says that the mean has not been the same
     */
    Interval interval();
}
