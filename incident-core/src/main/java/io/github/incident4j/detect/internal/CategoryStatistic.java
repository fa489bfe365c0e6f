// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Interval;
import java.util.Arrays;
import java.util.Optional;

/**
 * Notices that the share of a category has risen or fallen: a mixture Shiryaev-Roberts e-detector (J. Shin, A. Ramdas,
 * A. Rinaldo, "E-detectors", 2024) over all categories and both directions, as {@link EDetector} is over one mean.
 *
 * <p>The null is that the share of each category {@code j}, given all earlier observations, lies within {@code [l_j,
 * u_j]}. For the observation {@code x} and every bet {@code 0 ≤ λ ≤ 1/u_j}, {@code e = 1 + λ (1{x = j} − u_j)} then has
 * a conditional mean of at most 1; and so has {@code e = 1 + λ (1{x ≠ j} − (1 − l_j))}. Each of four bets on each side
 * of each category runs {@code M ← (1 + M) · e}; the statistic is their average, so statistic minus number of
 * observations is a supermartingale, and the guarantee is that of {@link EDetector}. A side whose null excludes nothing
 * ({@code u_j ≥ 1}, {@code l_j ≤ 0}) takes no part.
 *
 * <p>Since an {@code e} depends on the observation only by whether it is of the category, the two factors of each bet
 * are computed once.
 */
final class CategoryStatistic implements OnsetStatistic {
    private static final int BETS = 4;
    private static final int ONSET_BET = 1; // the one of which the onset is kept
    private static final double SMALLEST_CHANGE = 0.15; // in standard deviations of a rate m0
    private static final double LARGEST_STAKE = 0.9; // of 1/m0; below 1, so that no observation loses everything
    private static final double SPREAD = 8;
    private static final double EDGE = 1e-6; // bets are made as if m0 kept this distance from 0 and 1
    private static final double CAP = 1e100; // far above any threshold, far below infinity
    private static final double RECOVERY_STAKE = 0.2; // in 1 / standard deviation of a rate m0

    private final int categories;
    private final int sides; // first that a share has risen, for each category, then that it has fallen
    private final double weight;
    private final double[] same; // by side and bet: the factor of an observation of the category
    private final double[] other; // of any other
    private final double[] sums; // M
    private final double[] recoverySame; // by side
    private final double[] recoveryOther;
    private final double[] capital;
    private final double[] ratios; // CUSUM of the middle bet, by side
    private final long[] sinceDecision;
    private final long[] sinceTime;
    private final long[] sinceCount;
    private final long[] sinceSeen;
    private final long[] seen; // by category
    private long count;
    private double sum;

    /**
     * A statistic without observations.
     *
     * @param baseline what is normal
     * @param tolerance how far a share may leave its bounds before it is a change, 0 or more
     * @param alpha with which probability the baseline's bounds may fail
     */
    CategoryStatistic(CategoryBaseline baseline, double tolerance, double alpha) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance must be 0 or more but is " + tolerance);
        }
        this.categories = baseline.categories();
        this.sides = 2 * categories;
        this.same = new double[sides * BETS];
        this.other = new double[sides * BETS];
        this.sums = new double[sides * BETS];
        this.recoverySame = new double[sides];
        this.recoveryOther = new double[sides];
        this.capital = new double[sides];
        this.ratios = new double[sides];
        this.sinceDecision = new long[sides];
        this.sinceTime = new long[sides];
        this.sinceCount = new long[sides];
        this.sinceSeen = new long[sides];
        this.seen = new long[categories];
        int active = 0;
        for (int j = 0; j < categories; j++) {
            active += prepare(j, baseline.upperBound(j, alpha) + tolerance) ? 1 : 0;
            active += prepare(categories + j, 1 - baseline.lowerBound(j, alpha) + tolerance) ? 1 : 0;
        }
        this.weight = active == 0 ? 0 : 1.0 / (active * BETS);
        reset();
    }

    /** Computes the factors of a side whose mean is at most {@code limit} under the null. */
    private boolean prepare(int side, double limit) {
        if (limit >= 1) {
            return false; // factors of 0, so that its sums remain 0
        }
        double mean = Math.min(Math.max(limit, EDGE), 1 - EDGE);
        double deviation = Math.sqrt(mean * (1 - mean));
        double last = LARGEST_STAKE / mean;
        double first = Math.min(SMALLEST_CHANGE / deviation, last / SPREAD);
        boolean rise = side < categories;
        for (int k = 0; k < BETS; k++) {
            double bet = first * Math.pow(last / first, k / (BETS - 1.0));
            double hit = 1 + bet * (1 - limit);
            double miss = 1 - bet * limit;
            same[side * BETS + k] = rise ? hit : miss;
            other[side * BETS + k] = rise ? miss : hit;
        }
        double bet = Math.min(RECOVERY_STAKE / deviation, LARGEST_STAKE / (1 - mean));
        double hit = 1 - bet * (1 - limit);
        double miss = 1 + bet * limit;
        recoverySame[side] = rise ? hit : miss;
        recoveryOther[side] = rise ? miss : hit;
        return true;
    }

    private boolean isActive(int side) {
        return same[side * BETS] > 0 || other[side * BETS] > 0;
    }

    /** {@link #observe(int, long, long)} of a category's number. */
    @Override
    public void observe(double x, long decision, long time) {
        observe((int) x, decision, time);
    }

    /**
     * Takes the next observation.
     *
     * @param category its category, from 0
     * @param decision the number of its decision
     * @param time when that was made, in the caller's unit
     */
    void observe(int category, long decision, long time) {
        sum = 0;
        for (int side = 0; side < sides; side++) {
            boolean isSame = side == category || side == categories + category;
            double[] factors = isSame ? same : other;
            int from = side * BETS;
            for (int k = from; k < from + BETS; k++) {
                double next = Math.min((1 + sums[k]) * factors[k], CAP);
                sums[k] = next;
                sum += next;
            }
            if (ratios[side] <= 1) {
                begin(side, decision, time);
            }
            ratios[side] = Math.min(ratios[side] * factors[from + ONSET_BET], CAP);
            capital[side] = Math.min(capital[side] * (isSame ? recoverySame : recoveryOther)[side], CAP);
        }
        seen[category]++;
        count++;
    }

    private void begin(int side, long decision, long time) {
        ratios[side] = 1;
        sinceDecision[side] = decision;
        sinceTime[side] = time;
        sinceCount[side] = count;
        sinceSeen[side] = seen[categoryOf(side)];
    }

    private int categoryOf(int side) {
        return side < categories ? side : side - categories;
    }

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. Finite, 0 at the start. */
    @Override
    public double statistic() {
        return weight * sum;
    }

    /** The category whose share has changed most surely, if any has. */
    int category() {
        return categoryOf(winner());
    }

    /** Whether the share of {@link #category()} has risen; else it has fallen. */
    boolean isRise() {
        return winner() < categories;
    }

    /** The number of the decision with which the change is estimated to have begun; 0 before the first observation. */
    @Override
    public long onsetDecision() {
        return sinceDecision[winner()];
    }

    /** The time of {@link #onsetDecision()}. */
    @Override
    public long onsetTime() {
        return sinceTime[winner()];
    }

    /** How many observations there are since the onset, the first included. */
    @Override
    public long onsetCount() {
        return count - sinceCount[winner()];
    }

    /** The share of {@link #category()} since the onset; NaN before the first observation. */
    double onsetShare() {
        int winner = winner();
        return (double) (seen[categoryOf(winner)] - sinceSeen[winner]) / (count - sinceCount[winner]);
    }

    /** Where {@link #onsetShare()} lies, if it has been the same since; empty before the first observation. */
    Optional<Interval> onsetInterval() {
        long since = onsetCount();
        return since == 0
                ? Optional.empty()
                : Optional.of(BetaMixture.since(since, onsetShare(), count - since + 1, categories));
    }

    /**
     * The evidence that every share has been within its bounds since the start: that of the side that has least of it.
     */
    @Override
    public double recovery() {
        double least = CAP;
        for (int side = 0; side < sides; side++) {
            least = isActive(side) ? Math.min(least, capital[side]) : least;
        }
        return least;
    }

    /** Forgets all observations; the baseline remains. */
    @Override
    public void reset() {
        for (double[] each : new double[][] {sums, ratios}) {
            Arrays.fill(each, 0);
        }
        for (long[] each : new long[][] {sinceDecision, sinceTime, sinceCount, sinceSeen, seen}) {
            Arrays.fill(each, 0);
        }
        Arrays.fill(capital, 1);
        count = 0;
        sum = 0;
    }

    private int winner() {
        int winner = 0;
        double most = -1;
        for (int side = 0; side < sides; side++) {
            double total = 0;
            for (int k = side * BETS; k < (side + 1) * BETS; k++) {
                total += sums[k];
            }
            if (total > most) {
                most = total;
                winner = side;
            }
        }
        return winner;
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "sums", sums);
        Memory.put(into, "capital", capital);
        Memory.put(into, "ratios", ratios);
        Memory.put(into, "sinceDecision", sinceDecision);
        Memory.put(into, "sinceTime", sinceTime);
        Memory.put(into, "sinceCount", sinceCount);
        Memory.put(into, "sinceSeen", sinceSeen);
        Memory.put(into, "seen", seen);
        into.put("count", count);
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "sums", sums);
        Memory.take(from, "capital", capital);
        Memory.take(from, "ratios", ratios);
        Memory.take(from, "sinceDecision", sinceDecision);
        Memory.take(from, "sinceTime", sinceTime);
        Memory.take(from, "sinceCount", sinceCount);
        Memory.take(from, "sinceSeen", sinceSeen);
        Memory.take(from, "seen", seen);
        count = Memory.whole(from, "count");
        sum = 0;
        for (double each : sums) {
            sum += each;
        }
    }
}
