// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Interval;
import java.util.Optional;

/**
 * Notices that the mean of observations in [0, 1] has risen above a limit: the mixture Shiryaev-Roberts e-detector of
 * J. Shin, A. Ramdas and A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection" (2024).
 *
 * <p>The null is that the mean of each observation <em>given all earlier ones</em> is at most {@code m0}. Under it
 * {@code e(x) = 1 + λ (x − m0)} has a conditional mean of at most 1 for every bet {@code 0 ≤ λ ≤ 1/m0} (the bets of I.
 * Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", 2024). Each of seven bets runs
 * {@code M ← (1 + M) · e(x)}; the statistic is the average of the seven.
 *
 * <h2>The guarantee</h2>
 *
 * Under the null, statistic minus number of observations is a supermartingale. Optional stopping gives, for an alarm at
 * {@code statistic ≥ A}, for every {@code A} and {@code n} and not only asymptotically: the probability of an alarm
 * within {@code n} observations is at most {@code n / A}, and the average run length to an alarm is at least {@code A}.
 * Neither independence nor a distribution is assumed.
 *
 * <p>What breaks it: autocorrelation (the mean given the past then swings above {@code m0} although the mean over time
 * does not), a plug-in estimate as {@code m0} (use {@link MeanBaseline#upperBound}), and seasons that swing wider than
 * the tolerance in {@code m0}.
 *
 * <h2>The bets</h2>
 *
 * A bet {@code λ} is the best one against a rise by about {@code λ m0 (1 − m0)} of a rate. The seven are spread
 * geometrically from {@code 0.1 / √(m0 (1 − m0))}, for a rise by a tenth of a standard deviation, to {@code 0.9 / m0},
 * for a rise by 0.9 of the way to 1; where these lie close together, the first is an eighth of the last.
 *
 * <h2>The way back</h2>
 *
 * {@link #recovery()} is the opposite test, for recovery ramps: {@link MeanEvidence} against the null that the mean of
 * each observation since the start, given all earlier ones, is {@code m0} or more.
 *
 * <h2>The onset</h2>
 *
 * For each bet, {@code C ← max(C, 1) · e(x)} is the likelihood ratio of the best starting point so far (CUSUM; E. Page
 * 1954). Where the largest {@code C} last restarted is the estimated onset. The mean since the onset is a description,
 * no unbiased estimate: at the moment of an alarm it lies, by selection, somewhat too far from the null.
 */
final class EDetector implements OnsetStatistic {
    private static final int BETS = 7;
    private static final double SMALLEST_RISE = 0.1; // in standard deviations of a rate m0
    private static final double LARGEST_STAKE = 0.9; // of 1/m0; below 1, so that no observation loses everything
    private static final double SPREAD = 8;
    private static final double EDGE = 1e-6; // bets are made as if m0 kept this distance from 0 and 1
    private static final long COUNT_OF_OLD = 10_000_000; // of states that do not tell: more than there were
    private static final double CAP = 1e100; // far above any threshold, far below infinity

    private final double nullMean;
    private final MeanEvidence recovery;
    private final double weight;
    private final double[] bets = new double[BETS];
    private final double[] sums = new double[BETS]; // M
    private final double[] ratios = new double[BETS]; // C
    private final long[] sinceDecision = new long[BETS];
    private final long[] sinceTime = new long[BETS];
    private final long[] sinceCount = new long[BETS];
    private final double[] sinceSum = new double[BETS];
    private final double[] sinceCompanionSum = new double[BETS];
    private long count;

    private EDetector(double nullMean) {
        this.nullMean = nullMean;
        this.weight = nullMean < 1 ? 1.0 / BETS : 0;
        double mean = Math.min(Math.max(nullMean, EDGE), 1 - EDGE);
        double last = LARGEST_STAKE / mean;
        double first = Math.min(SMALLEST_RISE / Math.sqrt(mean * (1 - mean)), last / SPREAD);
        for (int k = 0; k < BETS; k++) {
            bets[k] = first * Math.pow(last / first, k / (BETS - 1.0));
        }
        this.recovery = MeanEvidence.below(nullMean);
        reset();
    }

    /**
     * A detector of means above {@code nullMean}.
     *
     * @param nullMean the largest mean that is no change, above 0; at 1 or more, which no mean exceeds, the statistic
     *     remains 0
     * @throws IllegalArgumentException if the null mean is NaN, 0 or less
     */
    static EDetector atLeast(double nullMean) {
        if (!(nullMean > 0)) {
            throw new IllegalArgumentException("the null mean must be above 0 but is " + nullMean);
        }
        return new EDetector(nullMean);
    }

    /** {@link #observe(double, double, long, long)} with a companion of 0. */
    @Override
    public void observe(double x, long decision, long time) {
        observe(x, 0, decision, time);
    }

    /**
     * Takes the next observation.
     *
     * @param x the observation, from 0 to 1
     * @param companion another number of the same decision, of which the mean since the onset is kept, too
     * @param decision the number of the decision
     * @param time when it was made, in the caller's unit
     * @throws IllegalArgumentException if {@code x} is NaN or outside [0, 1]; nothing has changed then
     */
    void observe(double x, double companion, long decision, long time) {
        requireUnit(x);
        for (int k = 0; k < BETS; k++) {
            double e = 1 + bets[k] * (x - nullMean);
            sums[k] = Math.min((1 + sums[k]) * e, CAP);
            if (ratios[k] <= 1) {
                ratios[k] = 1;
                sinceDecision[k] = decision;
                sinceTime[k] = time;
                sinceCount[k] = 0;
                sinceSum[k] = 0;
                sinceCompanionSum[k] = 0;
            }
            ratios[k] = Math.min(ratios[k] * e, CAP);
            sinceCount[k]++;
            sinceSum[k] += x;
            sinceCompanionSum[k] += companion;
        }
        count++;
        recovery.observe(x);
    }

    /**
     * The evidence that the mean has been below {@link #nullMean()} since the start: at {@code 1/α} or more it shows
     * that at the level {@code α}, whenever one looks. 1 at the start.
     */
    @Override
    public double recovery() {
        return recovery.value();
    }

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. Finite, 0 at the start. */
    @Override
    public double statistic() {
        double sum = 0;
        for (int k = 0; k < BETS; k++) {
            sum += sums[k];
        }
        return weight * sum;
    }

    /** Forgets all observations. */
    @Override
    public void reset() {
        for (int k = 0; k < BETS; k++) {
            sums[k] = 0;
            ratios[k] = 0;
            sinceDecision[k] = 0;
            sinceTime[k] = 0;
            sinceCount[k] = 0;
            sinceSum[k] = 0;
            sinceCompanionSum[k] = 0;
        }
        count = 0;
        recovery.reset();
    }

    /** The largest mean that is no change. */
    double nullMean() {
        return nullMean;
    }

    /** The number of the decision with which the change is estimated to have begun; 0 before the first observation. */
    @Override
    public long onsetDecision() {
        return sinceDecision[winner()];
    }

    /** The time of {@link #onsetDecision()}; 0 before the first observation. */
    @Override
    public long onsetTime() {
        return sinceTime[winner()];
    }

    /** How many observations there are since the onset, the first included. */
    @Override
    public long onsetCount() {
        return sinceCount[winner()];
    }

    /** The mean of the observations since the onset; NaN before the first observation. */
    double onsetMean() {
        int k = winner();
        return sinceSum[k] / sinceCount[k];
    }

    /** The mean of the companions since the onset; NaN before the first observation. */
    double onsetCompanionMean() {
        int k = winner();
        return sinceCompanionSum[k] / sinceCount[k];
    }

    /**
     * Where the mean since the onset lies, if it has been the same since; empty before the first observation.
     *
     * @param chosen among how many means this one was chosen, by what they are
     */
    Optional<Interval> onsetInterval(int chosen) {
        return interval(sinceSum[winner()], chosen);
    }

    /** The same of the companions, which must be from 0 to 1, too. */
    Optional<Interval> onsetCompanionInterval() {
        return interval(sinceCompanionSum[winner()], 1);
    }

    private Optional<Interval> interval(double ofSum, int chosen) {
        long since = onsetCount();
        return since == 0
                ? Optional.empty()
                : Optional.of(BetaMixture.since(since, ofSum / since, count - since + 1, chosen));
    }

    private int winner() {
        int winner = 0;
        for (int k = 1; k < BETS; k++) {
            if (ratios[k] > ratios[winner]) { // the weights are equal
                winner = k;
            }
        }
        return winner;
    }

    static void requireUnit(double x) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException("an observation must lie within [0, 1] but is " + x);
        }
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "sums", sums);
        Memory.put(into, "ratios", ratios);
        Memory.put(into, "sinceDecision", sinceDecision);
        Memory.put(into, "sinceTime", sinceTime);
        Memory.put(into, "sinceCount", sinceCount);
        Memory.put(into, "sinceSum", sinceSum);
        Memory.put(into, "sinceCompanionSum", sinceCompanionSum);
        Memory.put(into, "recovery", recovery.kept());
        into.put("count", count);
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "sums", sums);
        Memory.take(from, "ratios", ratios);
        Memory.take(from, "sinceDecision", sinceDecision);
        Memory.take(from, "sinceTime", sinceTime);
        Memory.take(from, "sinceCount", sinceCount);
        Memory.take(from, "sinceSum", sinceSum);
        Memory.take(from, "sinceCompanionSum", sinceCompanionSum);
        Memory.take(from, "recovery", recovery.kept());
        count = from.has("count") ? Memory.whole(from, "count") : COUNT_OF_OLD;
    }
}
