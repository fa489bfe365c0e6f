// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Direction;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the distribution of a number has moved up or down, or become wider or narrower, against a
 * {@link RankBaseline}: an {@link EDetector} for each direction that is watched, over rank, 1 − rank, spread and 1 −
 * spread. All four lie in [0, 1] and have a mean of 1/2 as long as nothing has changed; the null mean of each is the
 * bound of {@link RankBaseline} for the estimated baseline, plus the tolerance.
 *
 * <p>The statistic is the average of those and so keeps the guarantee of one: with a budget {@code A}, an alarm within
 * {@code n} values has a probability of at most {@code n / A}, as long as their means given the past stay within their
 * null means. That these cover an unchanged distribution fails for a share of at most {@code alpha} of all baselines
 * (shared equally).
 */
final class DriftStatistic implements Memory.Kept {
    private static final Direction[] DIRECTIONS = Direction.values();

    private final RankBaseline baseline;
    private final @Nullable EDetector[] byDirection = new EDetector[DIRECTIONS.length]; // null where not watched
    private final int watched;

    /**
     * A statistic without observations.
     *
     * @param baseline a frozen baseline
     * @param directions the directions that are watched, one at least
     * @param tolerance how far a mean may leave 1/2 before it is a change, 0 or more, in points of the mean rank
     * @param alpha with which probability the baseline's bounds may fail
     */
    DriftStatistic(RankBaseline baseline, Set<Direction> directions, double tolerance, double alpha) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance must be 0 or more but is " + tolerance);
        }
        this.baseline = baseline;
        this.watched = directions.size();
        double each = alpha / watched;
        for (Direction direction : directions) {
            double bound = switch (direction) {
                case HIGHER, LOWER -> baseline.meanRankUpperBound(each);
                case WIDER -> baseline.meanSpreadUpperBound(each);
                case NARROWER -> 1 - baseline.meanSpreadLowerBound(each);
            };
            byDirection[direction.ordinal()] = EDetector.atLeast(bound + tolerance);
        }
    }

    /**
     * Takes the next value.
     *
     * @throws IllegalArgumentException if it is NaN or infinite; nothing has changed then
     */
    void observe(double value, long decision, long time) {
        double rank = baseline.rank(value);
        double spread = baseline.spread(value);
        observe(Direction.HIGHER, rank, rank, decision, time);
        observe(Direction.LOWER, 1 - rank, rank, decision, time);
        observe(Direction.WIDER, spread, rank, decision, time);
        observe(Direction.NARROWER, 1 - spread, rank, decision, time);
    }

    private void observe(Direction direction, double x, double rank, long decision, long time) {
        EDetector mean = byDirection[direction.ordinal()];
        if (mean != null) {
            mean.observe(x, rank, decision, time);
        }
    }

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. */
    double statistic() {
        double sum = 0;
        for (EDetector mean : byDirection) {
            sum += mean == null ? 0 : mean.statistic();
        }
        return sum / watched;
    }

    /** In which way the distribution has changed, if it has: the direction with the largest part of the statistic. */
    Direction direction() {
        Direction direction = DIRECTIONS[0];
        double most = -1;
        for (Direction each : DIRECTIONS) {
            EDetector mean = byDirection[each.ordinal()];
            if (mean != null && mean.statistic() > most) {
                most = mean.statistic();
                direction = each;
            }
        }
        return direction;
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
        double least = Double.POSITIVE_INFINITY;
        for (EDetector mean : byDirection) {
            least = mean == null ? least : Math.min(least, mean.recovery());
        }
        return least;
    }

    /** Forgets all observations; the baseline remains. */
    void reset() {
        for (EDetector mean : byDirection) {
            if (mean != null) {
                mean.reset();
            }
        }
    }

    private EDetector winner() {
        return Objects.requireNonNull(byDirection[direction().ordinal()], "one at least is watched");
    }

    @Override
    public void save(ObjectNode into) {
        for (Direction direction : DIRECTIONS) {
            EDetector mean = byDirection[direction.ordinal()];
            if (mean != null) {
                Memory.put(into, direction.name(), mean);
            }
        }
    }

    @Override
    public void load(JsonNode from) {
        for (Direction direction : DIRECTIONS) {
            EDetector mean = byDirection[direction.ordinal()];
            if (mean != null) {
                Memory.take(from, direction.name(), mean);
            }
        }
    }
}
