// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/**
 * Notices that the distribution of a number has moved up or down, or become wider or narrower, against a
 * {@link RankBaseline}: four {@link EDetector}s over rank, 1 − rank, spread and 1 − spread. All four lie in [0, 1] and
 * have a mean of 1/2 as long as nothing has changed; the null mean of each is the bound of {@link RankBaseline} for the
 * estimated baseline, plus the tolerance.
 *
 * <p>The statistic is the average of the four and so keeps the guarantee of one: with a budget {@code A}, an alarm
 * within {@code n} values has a probability of at most {@code n / A}, as long as the four means given the past stay
 * within their null means. That these cover an unchanged distribution fails for a share of at most {@code alpha} of all
 * baselines (a quarter of it for each of the four).
 */
final class DriftStatistic {
    /** In which way a distribution has changed. */
    enum Direction {
        /** The values are higher. */
        HIGHER,
        /** The values are lower. */
        LOWER,
        /** The values lie further out on both sides. */
        WIDER,
        /** The values lie closer to the middle. */
        NARROWER
    }

    private static final int DIRECTIONS = 4;

    private final RankBaseline baseline;
    private final EDetector higher;
    private final EDetector lower;
    private final EDetector wider;
    private final EDetector narrower;

    /**
     * A statistic without observations.
     *
     * @param baseline a frozen baseline
     * @param tolerance how far a mean may leave 1/2 before it is a change, 0 or more, in points of the mean rank
     * @param alpha with which probability the baseline's bounds may fail
     */
    DriftStatistic(RankBaseline baseline, double tolerance, double alpha) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance must be 0 or more but is " + tolerance);
        }
        this.baseline = baseline;
        double each = alpha / DIRECTIONS;
        double rank = baseline.meanRankUpperBound(each) + tolerance;
        higher = EDetector.atLeast(rank);
        lower = EDetector.atLeast(rank);
        wider = EDetector.atLeast(baseline.meanSpreadUpperBound(each) + tolerance);
        narrower = EDetector.atLeast(1 - baseline.meanSpreadLowerBound(each) + tolerance);
    }

    /**
     * Takes the next value.
     *
     * @throws IllegalArgumentException if it is NaN or infinite; nothing has changed then
     */
    void observe(double value, long decision, long time) {
        double rank = baseline.rank(value);
        double spread = baseline.spread(value);
        higher.observe(rank, rank, decision, time);
        lower.observe(1 - rank, rank, decision, time);
        wider.observe(spread, rank, decision, time);
        narrower.observe(1 - spread, rank, decision, time);
    }

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. */
    double statistic() {
        return (higher.statistic() + lower.statistic() + wider.statistic() + narrower.statistic()) / DIRECTIONS;
    }

    /** In which way the distribution has changed, if it has: the direction with the largest part of the statistic. */
    Direction direction() {
        EDetector winner = winner();
        if (winner == higher) {
            return Direction.HIGHER;
        } else if (winner == lower) {
            return Direction.LOWER;
        }
        return winner == wider ? Direction.WIDER : Direction.NARROWER;
    }

    /** The number of the decision with which the change is estimated to have begun. */
    long onsetDecision() {
        return winner().onsetDecision();
    }

    /** The time of {@link #onsetDecision()}. */
    long onsetTime() {
        return winner().onsetTime();
    }

    /** How many values there are since the onset. */
    long onsetCount() {
        return winner().onsetCount();
    }

    /** The mean rank since the onset; 1/2 is the baseline. NaN before the first value. */
    double onsetMeanRank() {
        return winner().onsetCompanionMean();
    }

    /**
     * The mean since the onset of what {@link #direction()} watches (rank, 1 − rank, spread or 1 − spread); 1/2 is the
     * baseline. NaN before the first value.
     */
    double onsetMean() {
        return winner().onsetMean();
    }

    /** The evidence that the distribution is unchanged since the start: that of the direction that has least of it. */
    double recovery() {
        return Math.min(Math.min(higher.recovery(), lower.recovery()), Math.min(wider.recovery(), narrower.recovery()));
    }

    /** Forgets all observations; the baseline remains. */
    void reset() {
        higher.reset();
        lower.reset();
        wider.reset();
        narrower.reset();
    }

    private EDetector winner() {
        EDetector move = higher.statistic() >= lower.statistic() ? higher : lower;
        EDetector width = wider.statistic() >= narrower.statistic() ? wider : narrower;
        return move.statistic() >= width.statistic() ? move : width;
    }
}
