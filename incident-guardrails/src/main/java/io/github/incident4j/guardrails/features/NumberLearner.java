// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.features;

import io.github.incident4j.guardrails.internal.Faults;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Learns a number's range and scale from its extremes and a sample of its sizes. */
final class NumberLearner<T> implements Feature.Learner<T> {
    static final int SAMPLE = 10_000;

    private static final int FEWEST = 20;
    private static final double MARGIN = 0.5;
    private static final double SLACK = 2;

    private final Feature.OfNumber<T> feature;
    private final SplittableRandom random = new SplittableRandom(42); // the same rows teach the same
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double[] sizes = new double[FEWEST];
    private long seen;

    NumberLearner(Feature.OfNumber<T> feature) {
        this.feature = feature;
    }

    @Override
    public void see(Object value) {
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        if (!Double.isFinite(number)) {
            return;
        }
        min = Math.min(min, number);
        max = Math.max(max, number);
        if (number != 0) {
            sample(Math.abs(number));
        }
    }

    /** Algorithm R: each size that was seen is in the sample with the same probability. */
    private void sample(double size) {
        long place = seen < SAMPLE ? seen : random.nextLong(seen + 1);
        seen++;
        if (place >= SAMPLE) {
            return;
        }
        if (place >= sizes.length) {
            sizes = Arrays.copyOf(sizes, Math.min(SAMPLE, 2 * sizes.length));
        }
        sizes[(int) place] = size;
    }

    @Override
    public Feature<T> learned(Faults faults) {
        if (min > max) {
            faults.when(true, "feature '" + feature.name() + "' has no number in the rows; give rows that hold it");
            return feature;
        }
        Feature.OfNumber<T> learned = feature;
        if (!learned.ranged()) {
            double margin = MARGIN * (max - min);
            learned = learned.withRange(min >= 0 ? Math.max(0, min - margin) : min - margin, max + margin);
        }
        if (!learned.scaled() && seen >= FEWEST) {
            double[] sorted = Arrays.copyOf(sizes, (int) Math.min(seen, SAMPLE));
            Arrays.sort(sorted);
            double typical = quantile(sorted, 0.5);
            double spread = Math.max(quantile(sorted, 0.99) / typical, typical / quantile(sorted, 0.01));
            if (Double.isFinite(SLACK * spread)) {
                learned = learned.withScale(typical, SLACK * spread);
            }
        }
        return learned;
    }

    /** Linear between the two order statistics beside it: type 7 of Hyndman and Fan, the default of R and NumPy. */
    static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        double weight = place - below;
        return (1 - weight) * sorted[below] + weight * sorted[above];
    }
}
