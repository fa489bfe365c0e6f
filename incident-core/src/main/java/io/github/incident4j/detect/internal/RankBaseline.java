// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The normal distribution of a number: a bounded sample of a warm-up, against which new values are ranked. A warm-up
 * beyond 2,048 values is thinned by reservoir sampling (Algorithm R, J. Vitter 1985) with a seed of its own, so that
 * the sample remains one of independent values if the warm-up was.
 *
 * <h2>Ranks</h2>
 *
 * Let {@code a} be the share of the sample below {@code x} and {@code b} the share not above it. {@link #rank} is the
 * mean of {@code u} and {@link #spread} the mean of {@code |2u − 1|} over {@code u} in [a, b]. Averaging over ties
 * makes both keep their meaning for any distribution, a constant one included.
 *
 * <h2>The bounds</h2>
 *
 * Let {@code X} be a new value, independent of the sample {@code x_1 … x_n} and distributed alike. The null mean of an
 * {@link EDetector} over ranks is the mean <em>given the sample</em>, {@code R = E[rank(X) | sample]} or {@code S =
 * E[spread(X) | sample]}. Give each value its place {@code W} on the scale of the true distribution, uniform within the
 * jump of an atom (the distributional transform): {@code W} is uniform on [0, 1]. In the following {@code w_i} is
 * uniform and {@code E_i} its mean given {@code x_i}.
 *
 * <ul>
 *   <li><b>Mean rank.</b> {@code R = (1/n) Σ [P(X > x_i) + P(X = x_i)/2] = (1/n) Σ E_i[1 − w_i]}: a mean of {@code n}
 *       independent variables with mean 1/2. A uniform variable is sub-Gaussian with its own variance: {@code E exp(s
 *       (w − 1/2)) = Σ (s/2)^2k / (2k+1)! ≤ Σ (s²/24)^k / k! = exp(s²/24)}, since {@code (2k+1)! ≥ 6^k k!}; by Jensen
 *       the same holds for its conditional mean. Hence {@code P(R − 1/2 ≥ √(ln(1/α) / 6n)) ≤ α}, and likewise for
 *       {@code 1/2 − R}. (Bernstein's bound with variance 1/12 has a further {@code ln(1/α) / 6n}.)
 *   <li><b>Spread, below 1/2.</b> {@code |2u − 1|} is the largest {@code φ (2u − 1)} over signs {@code φ}, and the rank
 *       rises with {@code W}; so {@code S = max over c of (1/n) Σ E_i[1 − 2 |w_i − c|]}. With {@code c = 1/2} alone:
 *       {@code S ≥ (1/n) Σ E_i[1 − |2 w_i − 1|]}, where {@code |2 w_i − 1|} is uniform. Hence, as before, {@code P(1/2
 *       − S ≥ √(ln(1/α) / 6n)) ≤ α}.
 *   <li><b>Spread, above 1/2.</b> Let {@code H(t) = (1/n) Σ P(w_i ≤ t | x_i)}, {@code Δ = sup |H(t) − t|}, {@code c}
 *       the best one, {@code H(c) = 1/2}, and {@code D(c) = (1/n) Σ E_i|w_i − c| − (1/4 + (c − 1/2)²)}, whose
 *       derivative is {@code 2 (H(c) − c)}. Then {@code S − 1/2 = −2 D(1/2) − 2 (D(c) − D(1/2)) − 2 (c − 1/2)² ≤ −2
 *       D(1/2) + 4 Δ |c − 1/2| − 2 (c − 1/2)² ≤ −2 D(1/2) + 2 Δ²}. The first part is bounded as before. {@code Δ} is
 *       the distance of the sample's distribution function from the true one ({@code H} is linear within an atom), so
 *       that {@code 2 Δ² ≤ ln(2/α) / n} but with probability {@code α} (Dvoretzky, Kiefer, Wolfowitz 1956; P. Massart
 *       1990). With half of {@code α} for each: {@code P(S − 1/2 ≥ √(ln(2/α) / 6n) + ln(4/α) / n) ≤ α}.
 * </ul>
 */
final class RankBaseline implements Memory.Kept {
    /** How many values are kept at most. */
    static final int CAPACITY = 2_048;

    private final double[] sample = new double[CAPACITY];
    private final SplittableRandom random;
    private long count;
    private boolean frozen;

    /**
     * An empty baseline.
     *
     * @param seed decides which values of a long warm-up are kept
     */
    RankBaseline(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /**
     * Learns one value.
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     * @throws IllegalStateException if the baseline is frozen
     */
    void add(double value) {
        requireFinite(value);
        if (frozen) {
            throw new IllegalStateException("a frozen baseline does not learn");
        }
        if (count < CAPACITY) {
            sample[(int) count] = value;
        } else {
            long place = random.nextLong(count + 1);
            if (place < CAPACITY) {
                sample[(int) place] = value;
            }
        }
        count++;
    }

    /**
     * Ends the warm-up; from now on values can be ranked.
     *
     * @throws IllegalStateException if no value was learned
     */
    void freeze() {
        if (count == 0) {
            throw new IllegalStateException("a baseline without values cannot be frozen");
        }
        if (!frozen) {
            Arrays.sort(sample, 0, size());
            frozen = true;
        }
    }

    /** Whether the warm-up has ended. */
    boolean isFrozen() {
        return frozen;
    }

    /** How many values were learned. */
    long count() {
        return count;
    }

    /** How many of them are kept. */
    int size() {
        return (int) Math.min(count, CAPACITY);
    }

    /**
     * The mid-rank of a value, from 0 (below the whole sample) to 1 (above it).
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     * @throws IllegalStateException if the baseline is not frozen
     */
    double rank(double x) {
        int below = below(x);
        return (below + notAbove(x, below)) / (2.0 * size());
    }

    /**
     * How far a value lies from the middle of the sample, from 0 (in the middle) to 1 (outside).
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     * @throws IllegalStateException if the baseline is not frozen
     */
    double spread(double x) {
        int below = below(x);
        int notAbove = notAbove(x, below);
        double a = (double) below / size();
        double b = (double) notAbove / size();
        return below == notAbove ? Math.abs(2 * a - 1) : (integral(b) - integral(a)) / (b - a);
    }

    /** The bound for the mean rank of new values given the sample, in either direction; see the class comment. */
    double meanRankUpperBound(double alpha) {
        return 0.5 + radius(alpha);
    }

    /** What the mean spread of new values given the sample exceeds with a probability of at most {@code alpha}. */
    double meanSpreadUpperBound(double alpha) {
        return 0.5 + radius(alpha / 2) + Math.log(4 / alpha) / size();
    }

    /** What the mean spread of new values given the sample falls below with a probability of at most {@code alpha}. */
    double meanSpreadLowerBound(double alpha) {
        return 0.5 - radius(alpha);
    }

    /**
     * A quantile of the sample, for messages.
     *
     * @param p from 0 (the smallest value) to 1 (the largest)
     */
    double quantile(double p) {
        requireFrozen();
        EDetector.requireUnit(p);
        return sample[Math.min((int) (p * size()), size() - 1)];
    }

    private double radius(double alpha) {
        requireFrozen();
        MeanBounds.requireProbability(alpha);
        return Math.sqrt(Math.log(1 / alpha) / (6.0 * size()));
    }

    /** The integral of |2u − 1|. */
    private static double integral(double u) {
        double z = 2 * u - 1;
        return z * Math.abs(z) / 4;
    }

    private int below(double x) {
        requireFinite(x);
        requireFrozen();
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sample[middle] < x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int notAbove(double x, int below) {
        int low = below;
        int high = size();
        if (low == high || sample[low] > x) {
            return low; // no ties
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sample[middle] <= x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void requireFrozen() {
        if (!frozen) {
            throw new IllegalStateException("the baseline is not frozen yet");
        }
    }

    private static void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a value must be finite but is " + value);
        }
    }

    @Override
    public void save(ObjectNode into) {
        into.put("count", count);
        into.put("frozen", frozen);
        Memory.put(into, "sample", Arrays.copyOf(sample, size()));
    }

    /** A long warm-up that is not over goes on with other random numbers, as good as those of the first run. */
    @Override
    public void load(JsonNode from) {
        count = Memory.whole(from, "count");
        frozen = from.path("frozen").asBoolean();
        double[] values = new double[size()];
        Memory.take(from, "sample", values);
        System.arraycopy(values, 0, sample, 0, values.length);
    }
}
