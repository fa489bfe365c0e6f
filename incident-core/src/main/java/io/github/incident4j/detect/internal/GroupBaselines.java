// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far each group normally falls behind (or leads) all others: a {@link MeanBaseline} of its {@link GroupPairs},
 * learned in a warm-up that all routes of a guard share. A group's baseline is frozen as soon as the warm-up is over
 * and it has 100 pairs; until then the group is too small to tell and goes on learning.
 *
 * <p>A frozen baseline enters by its upper confidence bound. The bound of the k-th group fails with a probability of at
 * most {@code alpha} times its {@linkplain FalseAlarmBudget share}, so that the bounds of all groups hold together with
 * probability {@code 1 − alpha}.
 */
final class GroupBaselines implements Memory.Kept {
    /** How many pairs a group needs. */
    static final int MIN_PAIRS = 100;

    private static final int TYPICAL_SHARE = 8; // a group has about one of so many decisions

    private final double alpha;
    private final GroupPairs pairs = new GroupPairs();
    private final long expectedPairs;
    private final @Nullable MeanBaseline[] learned = new MeanBaseline[GroupPairs.MAX_GROUPS]; // null until seen
    private final double[] ownSum = new double[GroupPairs.MAX_GROUPS];
    private final double[] upperBound = new double[GroupPairs.MAX_GROUPS]; // NaN until frozen
    private final long[] warmCount = new long[GroupPairs.MAX_GROUPS]; // all decisions of the warm-up
    private final double[] warmSum = new double[GroupPairs.MAX_GROUPS];
    private final boolean[] leftOut = new boolean[GroupPairs.MAX_GROUPS];
    private long warmCountOfAll;
    private double warmSumOfAll;
    private boolean warm;

    /**
     * Empty baselines.
     *
     * @param alpha with which probability any of the upper bounds may fail
     * @param warmUp of about how many decisions the groups will learn together
     */
    GroupBaselines(double alpha, long warmUp) {
        MeanBounds.requireProbability(alpha);
        this.alpha = alpha;
        this.expectedPairs = Math.max(MIN_PAIRS, warmUp / TYPICAL_SHARE);
        Arrays.fill(upperBound, Double.NaN);
    }

    /**
     * Learns one decision; frozen baselines remain as they are.
     *
     * @param group the group's number, from 0 in the order in which groups appear
     * @param favourable how favourable the outcome was, from 0 to 1
     * @throws IllegalArgumentException if either is out of range; nothing has changed then
     */
    void observe(int group, double favourable) {
        double pair = pairs.observe(group, favourable);
        if (!warm) {
            warmCountOfAll++;
            warmSumOfAll += favourable;
            if (GroupPairs.isWatched(group)) {
                warmCount[group]++;
                warmSum[group] += favourable;
            }
        }
        if (!Double.isNaN(pair) && !isFrozen(group)) {
            MeanBaseline baseline = learned[group];
            if (baseline == null) {
                baseline = new MeanBaseline(expectedPairs);
                learned[group] = baseline;
            }
            baseline.add(pair);
            ownSum[group] += favourable;
            freezeIfReady(group);
        }
    }

    /** Ends the warm-up. */
    void endWarmUp() {
        warm = true;
        for (int group = 0; group < learned.length; group++) {
            freezeIfReady(group);
        }
    }

    /** Whether the warm-up is over. */
    boolean isWarm() {
        return warm;
    }

    /** Whether the group can be compared. */
    boolean isFrozen(int group) {
        return GroupPairs.isWatched(group) && !Double.isNaN(upperBound[group]);
    }

    /** How many pairs of the group were learned. */
    long pairs(int group) {
        MeanBaseline baseline = learned[group];
        return baseline == null ? 0 : baseline.count();
    }

    /** The mean of the group's pairs; NaN without pairs. */
    double mean(int group) {
        MeanBaseline baseline = learned[group];
        return baseline == null ? Double.NaN : baseline.mean();
    }

    /** Whether the group can be compared now: enough of its others remain where some groups are left out. */
    boolean isComparable(int group) {
        if (!isFrozen(group)) {
            return false;
        }
        Others remaining = remainingOthers(group);
        return remaining.equals(allOthers(group)) || remaining.count() >= MIN_PAIRS;
    }

    /**
     * The upper confidence bound of {@link #mean}, moved by what the others' rate may have changed at most without the
     * groups that are left out; NaN while the group is not frozen.
     */
    double upperBound(int group) {
        return Math.min(1, upperBound[group] + shift(group));
    }

    /**
     * How the mean pair of a group changes at most when some groups are no longer among the others: by half of the
     * change of the others' rate, within the bounds that the warm-up gives, which may fail with another {@code alpha}.
     * Not downwards, as some calls of such a group may come still.
     */
    private double shift(int group) {
        Others all = allOthers(group);
        Others remaining = remainingOthers(group);
        if (remaining.equals(all) || remaining.count() == 0) {
            return 0;
        }
        double fails = alpha * FalseAlarmBudget.share(group) / 2;
        double most = MeanBounds.chernoff(remaining.rate(), remaining.count(), fails);
        double least = 1 - MeanBounds.chernoff(1 - all.rate(), all.count(), fails);
        return Math.max(0, (most - least) / 2);
    }

    /** The others of a group in the warm-up. */
    private record Others(long count, double sum) {
        double rate() {
            return sum / count;
        }
    }

    private Others allOthers(int group) {
        return new Others(warmCountOfAll - warmCount[group], warmSumOfAll - warmSum[group]);
    }

    private Others remainingOthers(int group) {
        Others all = allOthers(group);
        long count = all.count();
        double sum = all.sum();
        for (int each = 0; each < leftOut.length; each++) {
            if (leftOut[each] && each != group) {
                count -= warmCount[each];
                sum -= warmSum[each];
            }
        }
        return new Others(count, sum);
    }

    /** Leaves a group out of the others of every other group, or not: its calls are answered elsewhere. */
    void leaveOut(int group, boolean out) {
        if (GroupPairs.isWatched(group)) {
            leftOut[group] = out;
        }
    }

    /** Whether the group is left out. */
    boolean isLeftOut(int group) {
        return GroupPairs.isWatched(group) && leftOut[group];
    }

    /** The favourable rate of the group in its pairs; NaN without pairs. */
    double favourableRate(int group) {
        return ownSum[group] / pairs(group);
    }

    /** The favourable rate of all others in the group's pairs; NaN without pairs. */
    double othersFavourableRate(int group) {
        return GroupPairs.othersRate(mean(group), favourableRate(group));
    }

    /** How many decisions there were of groups that are not watched. */
    long unwatched() {
        return pairs.unwatched();
    }

    private void freezeIfReady(int group) {
        MeanBaseline baseline = learned[group];
        if (warm && !isFrozen(group) && baseline != null && baseline.count() >= MIN_PAIRS) {
            upperBound[group] = baseline.upperBound(alpha * FalseAlarmBudget.share(group));
        }
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "pairs", pairs);
        Memory.put(into, "ownSum", ownSum);
        Memory.put(into, "upperBound", upperBound);
        Memory.put(into, "warmCount", warmCount);
        Memory.put(into, "warmSum", warmSum);
        Memory.put(into, "leftOut", leftOut);
        into.put("warmCountOfAll", warmCountOfAll);
        into.put("warmSumOfAll", warmSumOfAll);
        into.put("warm", warm);
        ObjectNode baselines = into.putObject("learned");
        for (int group = 0; group < learned.length; group++) {
            MeanBaseline baseline = learned[group];
            if (baseline == null) {
                continue;
            }
            if (isFrozen(group)) { // of which no bound is asked any more
                baselines
                        .putObject(String.valueOf(group))
                        .put("n", baseline.count())
                        .put("mean", baseline.mean());
            } else {
                Memory.put(baselines, String.valueOf(group), baseline);
            }
        }
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "pairs", pairs);
        Memory.take(from, "ownSum", ownSum);
        Memory.take(from, "upperBound", upperBound);
        Memory.take(from, "warmCount", warmCount);
        Memory.take(from, "warmSum", warmSum);
        Memory.take(from, "leftOut", leftOut);
        warmCountOfAll = Memory.whole(from, "warmCountOfAll");
        warmSumOfAll = Memory.decimal(from, "warmSumOfAll");
        warm = from.path("warm").asBoolean();
        for (int group = 0; group < learned.length; group++) {
            JsonNode known = from.path("learned").path(String.valueOf(group));
            if (isFrozen(group)) {
                learned[group] = MeanBaseline.given(Memory.decimal(known, "mean"), Memory.whole(known, "n"));
            } else if (known.isObject()) {
                MeanBaseline baseline = new MeanBaseline(expectedPairs);
                baseline.load(known);
                learned[group] = baseline;
            }
        }
    }
}
