// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a group falls further behind all others, at the same time, than it did at the baseline: an
 * {@link EDetector} over the {@link GroupPairs} of each group, one comparison for each route.
 *
 * <h2>The guarantee</h2>
 *
 * The null of a group is that the mean of its next pair, given its completed pairs, is at most the upper bound of its
 * baseline plus half the tolerance (the tolerance is in points of the favourable rate, and a pair has half of a
 * difference of rates). Every group alarms at {@code A}. Given which decision belongs to which group, a group that
 * completes {@code n_g} pairs within {@code n} decisions alarms falsely with a probability of at most {@code n_g / A};
 * a decision completes one pair at the most, so the {@code n_g} of all groups add up to {@code n} or less, and by the
 * union bound the probability of <em>any</em> false alarm within {@code n} decisions is at most {@code n / A}.
 *
 * <p>This controls the error over a patience of {@code n} decisions; it is no false discovery rate. Why not one
 * statistic, the sum over the groups, at threshold {@code A}? Each group's statistic keeps its promise in the time of
 * its own pairs. At the clock of all decisions, a half-finished pair has already shown its others, so that the mean of
 * what is still to come, given all that is known, may lie above the null: the sum is no supermartingale, and only the
 * union bound remains.
 *
 * <p>What breaks it, beyond what breaks an {@link EDetector}: a change in who the others are. Where a group with a low
 * rate leaves the traffic, the rate of the others rises for everybody else.
 */
final class GroupComparison implements Memory.Kept {
    private final GroupBaselines baselines;
    private final double margin;
    private final FalseAlarmBudget budget;
    private final GroupPairs pairs = new GroupPairs();
    private final @Nullable EDetector[] detectors = new EDetector[GroupPairs.MAX_GROUPS]; // null until frozen

    /**
     * A comparison without observations.
     *
     * @param baselines the baselines, shared with the guard's other routes
     * @param tolerance how far a group may fall further behind before it is a change, 0 or more, in points of the rate
     * @param budget the false alarm budget of all groups together
     */
    GroupComparison(GroupBaselines baselines, double tolerance, FalseAlarmBudget budget) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance must be 0 or more but is " + tolerance);
        }
        this.baselines = baselines;
        this.margin = tolerance / 2;
        this.budget = budget;
    }

    /**
     * Takes the next decision. A group whose baseline is not frozen yet only counts as others to the rest. When it is,
     * its next decision starts its first pair.
     *
     * @param group the group's number, from 0 in the order in which groups appear
     * @param favourable how favourable the outcome was, from 0 to 1
     * @param decision the number of the decision
     * @param time when it was made, in the caller's unit
     * @return whether the decision completed a pair and the group's statistic is at its threshold or above
     * @throws IllegalArgumentException if group or outcome is out of range; nothing has changed then
     */
    boolean observe(int group, double favourable, long decision, long time) {
        GroupPairs.requireGroup(group);
        EDetector detector = GroupPairs.isWatched(group) ? detectors[group] : null;
        if (detector == null && baselines.isComparable(group)) {
            detector = EDetector.atLeast(baselines.upperBound(group) + margin);
            detectors[group] = detector;
            pairs.restart(group);
        }
        double pair = pairs.observe(group, favourable);
        if (detector == null || Double.isNaN(pair)) {
            return false;
        }
        detector.observe(pair, favourable, decision, time);
        return detector.statistic() >= budget.threshold();
    }

    /** The group's statistic; 0 while the group is not compared. */
    double statistic(int group) {
        EDetector detector = GroupPairs.isWatched(group) ? detectors[group] : null;
        return detector == null ? 0 : detector.statistic();
    }

    /** Whether there is anything to find about a group. */
    boolean isCompared(int group) {
        return GroupPairs.isWatched(group) && detectors[group] != null;
    }

    /**
     * What is known about a group; an alarm's evidence.
     *
     * @throws IllegalStateException if the group is not compared
     */
    GroupFinding finding(int group) {
        EDetector detector = GroupPairs.isWatched(group) ? detectors[group] : null;
        if (detector == null) {
            throw new IllegalStateException("group " + group + " is not compared");
        }
        double rate = detector.onsetCompanionMean();
        return new GroupFinding(
                group,
                detector.statistic(),
                budget.threshold(),
                detector.onsetDecision(),
                detector.onsetTime(),
                baselines.pairs(group),
                baselines.favourableRate(group),
                baselines.othersFavourableRate(group),
                detector.onsetCount(),
                rate,
                GroupPairs.othersRate(detector.onsetMean(), rate),
                detector.onsetCompanionInterval());
    }

    /** The evidence that the group falls no further behind than tolerated; 0 while it is not compared. */
    double recovery(int group) {
        EDetector detector = GroupPairs.isWatched(group) ? detectors[group] : null;
        return detector == null ? 0 : detector.recovery();
    }

    /** How many decisions there were of groups that are not watched. */
    long unwatched() {
        return pairs.unwatched();
    }

    /** Forgets the observations of one group; its baseline remains. */
    void reset(int group) {
        if (GroupPairs.isWatched(group)) {
            detectors[group] = null;
            pairs.restart(group);
        }
    }

    /** Forgets all observations; baselines and the number of unwatched decisions remain. */
    void reset() {
        Arrays.fill(detectors, null);
        pairs.restart();
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "pairs", pairs);
        ObjectNode groups = into.putObject("groups");
        for (int group = 0; group < detectors.length; group++) {
            EDetector detector = detectors[group];
            if (detector != null) {
                Memory.put(groups, String.valueOf(group), detector);
            }
        }
    }

    /** {@inheritDoc} The baselines have been loaded before. */
    @Override
    public void load(JsonNode from) {
        Memory.take(from, "pairs", pairs);
        for (int group = 0; group < detectors.length; group++) {
            if (from.path("groups").has(String.valueOf(group)) && baselines.isComparable(group)) {
                EDetector detector = EDetector.atLeast(baselines.upperBound(group) + margin);
                Memory.take(from.path("groups"), String.valueOf(group), detector);
                detectors[group] = detector;
            }
        }
    }
}
