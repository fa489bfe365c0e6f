// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Direction;
import io.github.incident4j.detect.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
final class DriftStatistic implements OnsetStatistic {
    private final RankBaseline baseline;
    private final List<Side> sides;

    /** One direction that is watched. */
    private record Side(Direction direction, EDetector mean) {
        void observe(double rank, double spread, long decision, long time) {
            double x = switch (direction) {
                case HIGHER -> rank;
                case LOWER -> 1 - rank;
                case WIDER -> spread;
                case NARROWER -> 1 - spread;
            };
            mean.observe(x, rank, decision, time);
        }
    }

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
        double each = alpha / directions.size();
        List<Side> watched = new ArrayList<>();
        for (Direction direction : directions) {
            double bound = switch (direction) {
                case HIGHER, LOWER -> baseline.meanRankUpperBound(each);
                case WIDER -> baseline.meanSpreadUpperBound(each);
                case NARROWER -> 1 - baseline.meanSpreadLowerBound(each);
            };
            watched.add(new Side(direction, EDetector.atLeast(bound + tolerance)));
        }
        this.sides = List.copyOf(watched);
    }

    /**
     * Takes the next value.
     *
     * @throws IllegalArgumentException if it is NaN or infinite; nothing has changed then
     */
    @Override
    public void observe(double value, long decision, long time) {
        double rank = baseline.rank(value);
        double spread = baseline.spread(value);
        for (int i = 0; i < sides.size(); i++) {
            sides.get(i).observe(rank, spread, decision, time);
        }
    }

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. */
    @Override
    public double statistic() {
        double sum = 0;
        for (int i = 0; i < sides.size(); i++) {
            sum += sides.get(i).mean.statistic();
        }
        return sum / sides.size();
    }

    /** In which way the distribution has changed, if it has: the direction with the largest part of the statistic. */
    Direction direction() {
        return winner().direction;
    }

    /** The number of the decision with which the change is estimated to have begun. */
    @Override
    public long onsetDecision() {
        return winner().mean.onsetDecision();
    }

    /** The time of {@link #onsetDecision()}. */
    @Override
    public long onsetTime() {
        return winner().mean.onsetTime();
    }

    /** How many values there are since the onset. */
    @Override
    public long onsetCount() {
        return winner().mean.onsetCount();
    }

    /** The mean rank since the onset; 1/2 is the baseline. NaN before the first value. */
    double onsetMeanRank() {
        return winner().mean.onsetCompanionMean();
    }

    /**
     * The mean since the onset of what {@link #direction()} watches (rank, 1 − rank, spread or 1 − spread); 1/2 is the
     * baseline. NaN before the first value.
     */
    double onsetMean() {
        return winner().mean.onsetMean();
    }

    /** Where {@link #onsetMean()} lies, if the distribution has been the same since; empty before the first value. */
    Optional<Interval> onsetInterval() {
        return winner().mean.onsetInterval(sides.size());
    }

    /** The evidence that the distribution is unchanged since the start: that of the direction that has least of it. */
    @Override
    public double recovery() {
        return sides.stream().mapToDouble(side -> side.mean.recovery()).min().orElseThrow();
    }

    /** Forgets all observations; the baseline remains. */
    @Override
    public void reset() {
        sides.forEach(side -> side.mean.reset());
    }

    private Side winner() {
        return sides.stream()
                .max(Comparator.comparingDouble(side -> side.mean.statistic()))
                .orElseThrow();
    }

    @Override
    public void save(ObjectNode into) {
        sides.forEach(side -> Memory.put(into, side.direction.name(), side.mean));
    }

    @Override
    public void load(JsonNode from) {
        sides.forEach(side -> Memory.take(from, side.direction.name(), side.mean));
    }
}
