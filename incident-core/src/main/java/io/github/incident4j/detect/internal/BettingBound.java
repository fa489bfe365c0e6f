// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * An upper confidence bound for the mean of independent observations in [0, 1] by betting (I. Waudby-Smith and A.
 * Ramdas, "Estimating means of bounded random variables by betting", 2024): about as narrow as a bound from the normal
 * distribution, and valid for every sample size.
 *
 * <p>For each candidate {@code m} on a grid a gambler bets that the mean is below {@code m}: its capital is {@code K(m)
 * = ∏ (1 + λ_t (m − x_t))}, where {@code λ_t} depends on earlier observations only. If the mean is {@code m} or more,
 * the capital is a supermartingale, so that it exceeds {@code 1/α} with a probability of at most {@code α} (Markov).
 * The {@code λ_t} do not depend on {@code m}; the capital therefore rises with {@code m}, and the first candidate at
 * which it has reached {@code 1/α} is the bound.
 *
 * <p>The stake is the one that is best for the expected number of observations, {@code λ_t = √(2 ln(1/α) / (v n))} with
 * {@code v} the variance so far. A wrong expectation makes the bound wider, never invalid: by about a quarter where it
 * is off by a factor of four.
 */
final class BettingBound implements Memory.Kept {
    private static final int GRID = 512;
    private static final double MAX_STAKE = 0.95; // of everything, so that no observation loses everything
    private static final double PRIOR_VARIANCE = 0.25; // the largest possible, weighing as much as one observation
    private static final double CAP = 1e100; // far above 1/α, far below infinity; a capped supermartingale is one
    private static final double STAKE_ALPHA = 0.001; // for which failure probability the stakes are best

    private final double[] capital = new double[GRID]; // far below the mean it underflows to 0, which is conservative
    private final double expected;
    private long count;
    private double mean;
    private double squares;

    /**
     * A bound without observations.
     *
     * @param expected about how many observations there will be, 1 or more
     */
    BettingBound(long expected) {
        this.expected = Math.max(1, expected);
        Arrays.fill(capital, 1);
    }

    /** Takes the next observation, from 0 to 1. */
    void add(double x) {
        double variance = (PRIOR_VARIANCE + squares) / (count + 1);
        double stake = Math.min(
                MAX_STAKE, Math.sqrt(2 * Math.log(1 / STAKE_ALPHA) / (variance * Math.max(expected, (double) count))));
        for (int j = 0; j < GRID; j++) {
            capital[j] = Math.min(capital[j] * (1 + stake * (candidate(j) - x)), CAP);
        }
        count++;
        double deviation = x - mean;
        mean += deviation / count;
        squares += deviation * (x - mean);
    }

    /** What the true mean exceeds with a probability of at most {@code alpha}; at most 1. */
    double upper(double alpha) {
        double enough = 1 / alpha;
        for (int j = 0; j < GRID; j++) {
            if (capital[j] >= enough) {
                return candidate(j);
            }
        }
        return 1;
    }

    private static double candidate(int j) {
        return (j + 1.0) / GRID;
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "capital", capital);
        into.put("count", count);
        into.put("mean", Double.isNaN(mean) ? null : (Double) mean);
        into.put("squares", Double.isNaN(squares) ? null : (Double) squares);
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "capital", capital);
        count = Memory.whole(from, "count");
        mean = Memory.decimal(from, "mean");
        squares = Memory.decimal(from, "squares");
    }
}
