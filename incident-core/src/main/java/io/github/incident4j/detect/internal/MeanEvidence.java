// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * The evidence that the mean of observations in [0, 1] lies on one side of a limit: an e-process by betting (I.
 * Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", 2024).
 *
 * <p>The null is that the mean of each observation, given all earlier ones, is {@code m0} or lies on the other side. It
 * is the average over four bets of {@code ∏ (1 + λ (m0 − x))} for a mean below, {@code ∏ (1 + λ (x − m0))} for one
 * above; by Ville's inequality it exceeds {@code 1/α} ever with a probability of at most {@code α}, whenever one looks.
 */
public final class MeanEvidence {
    private static final double[] STAKES = {0.05, 0.1, 0.2, 0.4}; // in 1 / standard deviation of a rate m0
    private static final double LARGEST_STAKE = 0.9; // so that no observation loses everything
    private static final double EDGE = 1e-6; // bets are made as if m0 kept this distance from 0 and 1
    private static final double CAP = 1e100; // far above any threshold, far below infinity

    private final double limit;
    private final double sign;
    private final double[] bets = new double[STAKES.length];
    private final double[] capital = new double[STAKES.length];

    private MeanEvidence(double limit, double sign) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException("the limit of a mean must be above 0 but is " + limit);
        }
        this.limit = Math.min(limit, 1);
        this.sign = sign;
        double mean = Math.min(Math.max(limit, EDGE), 1 - EDGE);
        double mostToLose = sign < 0 ? 1 - mean : mean;
        for (int k = 0; k < bets.length; k++) {
            bets[k] = Math.min(STAKES[k] / Math.sqrt(mean * (1 - mean)), LARGEST_STAKE / mostToLose);
        }
        reset();
    }

    /**
     * Evidence that the mean is below a limit.
     *
     * @param limit the smallest mean that is not below, above 0
     * @return no evidence yet
     */
    public static MeanEvidence below(double limit) {
        return new MeanEvidence(limit, -1);
    }

    /**
     * Evidence that the mean is above a limit.
     *
     * @param limit the largest mean that is not above, above 0
     * @return no evidence yet
     */
    public static MeanEvidence above(double limit) {
        return new MeanEvidence(limit, 1);
    }

    /**
     * Takes the next observation.
     *
     * @param x the observation, from 0 to 1
     */
    public void observe(double x) {
        for (int k = 0; k < bets.length; k++) {
            capital[k] = Math.min(capital[k] * (1 + sign * bets[k] * (x - limit)), CAP);
        }
    }

    /** {@return the e-value: 1 without observations; at {@code 1/α} or more it is shown at the level {@code α}} */
    public double value() {
        double sum = 0;
        for (double each : capital) {
            sum += each;
        }
        return sum / capital.length;
    }

    /** Forgets all observations. */
    public void reset() {
        Arrays.fill(capital, 1);
    }

    /** What is remembered of it. */
    Memory.Kept kept() {
        return new Memory.Kept() {
            @Override
            public void save(ObjectNode into) {
                Memory.put(into, "capital", capital);
            }

            @Override
            public void load(JsonNode from) {
                Memory.take(from, "capital", capital);
            }
        };
    }
}
