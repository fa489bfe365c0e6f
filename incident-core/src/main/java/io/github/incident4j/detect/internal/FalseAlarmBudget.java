// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/**
 * The false alarm budget of a detector: at most one false alarm in so many decisions, which is the threshold of an
 * {@link EDetector}.
 *
 * <p>Where several statements share an error probability, the k-th (from 1) has the share {@code w_k = 1 / (k (k + 1))}
 * of it. All shares together are at most 1, however many come, so that by the union bound the probability that any of
 * them fails stays within the whole.
 *
 * @param decisions the budget {@code A}, 100 or more
 */
record FalseAlarmBudget(long decisions) {
    private static final long MIN = 100;

    FalseAlarmBudget {
        if (decisions < MIN) {
            throw new IllegalArgumentException(
                    "a false alarm budget must be one in " + MIN + " decisions or more but is one in " + decisions);
        }
    }

    /** The threshold of a statistic that has the budget for itself. */
    double threshold() {
        return decisions;
    }

    /** The share of one of several statements in an error probability; {@code index} counts from 0. */
    static double share(int index) {
        return 1 / ((index + 1.0) * (index + 2.0));
    }
}
