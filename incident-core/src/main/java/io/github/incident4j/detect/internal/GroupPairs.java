// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * Makes one stream of decisions in groups into one stream of comparisons for each group: a decision of a group is
 * paired with the mean of all decisions of others since the group's last pair. What happens to everybody at the same
 * time happens to both sides of a pair.
 *
 * <p>A pair is the number {@code (1 − own + others) / 2} from 0 to 1, where 1 is the favourable outcome. Its mean is
 * {@code (1 − p + q) / 2} for the favourable rates {@code p} of the group and {@code q} of the others: 1/2 where they
 * are equal, and higher by half of what the group falls behind. A group's pairs have no decision in common. The group's
 * first decision only starts its first pair; a decision that follows one of its own group directly makes no pair.
 *
 * <p>Groups are numbered from 0 in the order in which they appear. The first 32 are watched; later ones count as
 * others.
 */
final class GroupPairs implements Memory.Kept {
    /** How many groups are watched at most. */
    static final int MAX_GROUPS = 32;

    private final long[] ownCount = new long[MAX_GROUPS];
    private final double[] ownSum = new double[MAX_GROUPS];
    private final long[] pairedCount = new long[MAX_GROUPS]; // of the others, up to the last pair
    private final double[] pairedSum = new double[MAX_GROUPS];
    private final boolean[] started = new boolean[MAX_GROUPS];
    private long count;
    private double sum;
    private long unwatched;

    /**
     * Takes the next decision.
     *
     * @param group the group's number
     * @param favourable how favourable the outcome was, from 0 to 1
     * @return the pair that the decision completes, or NaN if it completes none
     * @throws IllegalArgumentException if the number is negative, or the outcome NaN or outside [0, 1]; nothing has
     *     changed then
     */
    double observe(int group, double favourable) {
        EDetector.requireUnit(favourable);
        requireGroup(group);
        count++;
        sum += favourable;
        if (!isWatched(group)) {
            unwatched++;
            return Double.NaN;
        }
        ownCount[group]++;
        ownSum[group] += favourable;
        if (!started[group]) {
            started[group] = true;
            mark(group);
            return Double.NaN;
        }
        long others = count - ownCount[group] - pairedCount[group];
        if (others == 0) {
            return Double.NaN;
        }
        double mean = (sum - ownSum[group] - pairedSum[group]) / others;
        mark(group);
        return (1 - favourable + Math.min(Math.max(mean, 0), 1)) / 2; // rounding may take the mean out of [0, 1]
    }

    /** The others' favourable rate, from the mean of pairs and the group's own rate in them. */
    static double othersRate(double pairMean, double ownRate) {
        return Math.min(Math.max(2 * pairMean - 1 + ownRate, 0), 1);
    }

    /** Whether the group is among the first 32. */
    static boolean isWatched(int group) {
        return group < MAX_GROUPS;
    }

    static void requireGroup(int group) {
        if (group < 0) {
            throw new IllegalArgumentException("a group's number must be 0 or more but is " + group);
        }
    }

    /** How many decisions there were of groups that are not watched. */
    long unwatched() {
        return unwatched;
    }

    /** Lets the group's next decision start a new pair, as if it were its first. */
    void restart(int group) {
        started[group] = false;
    }

    /** Lets every group start anew. The number of unwatched decisions remains. */
    void restart() {
        Arrays.fill(started, false);
    }

    private void mark(int group) {
        pairedCount[group] = count - ownCount[group];
        pairedSum[group] = sum - ownSum[group];
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "ownCount", ownCount);
        Memory.put(into, "ownSum", ownSum);
        Memory.put(into, "pairedCount", pairedCount);
        Memory.put(into, "pairedSum", pairedSum);
        Memory.put(into, "started", started);
        into.put("count", count);
        into.put("sum", Double.isNaN(sum) ? null : (Double) sum);
        into.put("unwatched", unwatched);
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "ownCount", ownCount);
        Memory.take(from, "ownSum", ownSum);
        Memory.take(from, "pairedCount", pairedCount);
        Memory.take(from, "pairedSum", pairedSum);
        Memory.take(from, "started", started);
        count = Memory.whole(from, "count");
        sum = Memory.decimal(from, "sum");
        unwatched = Memory.whole(from, "unwatched");
    }
}
