// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The normal shares of some categories, learned from a warm-up, with confidence bounds. Each of {@code K} categories
 * has an upper and a lower bound for its share, the {@linkplain MeanBounds#chernoff Chernoff bounds} at {@code α / 2K}:
 * by the union bound all of them hold together with probability {@code 1 − α} if the warm-up's observations are
 * independent.
 */
final class CategoryBaseline implements Memory.Kept {
    private final long[] counts;
    private long count;

    /**
     * An empty baseline.
     *
     * @param categories how many categories there can be
     */
    CategoryBaseline(int categories) {
        this.counts = new long[categories];
    }

    /** Learns one observation. */
    void add(int category) {
        counts[category]++;
        count++;
    }

    /** How many observations it rests on. */
    long count() {
        return count;
    }

    /** How many categories there can be. */
    int categories() {
        return counts.length;
    }

    /** The share of a category; NaN without observations. */
    double share(int category) {
        return (double) counts[category] / count;
    }

    /** What the true share of a category exceeds with a probability of at most {@code alpha / 2K}. */
    double upperBound(int category, double alpha) {
        return MeanBounds.chernoff(share(category), count, alpha / (2 * counts.length));
    }

    /** What the true share of a category falls below with a probability of at most {@code alpha / 2K}. */
    double lowerBound(int category, double alpha) {
        return 1 - MeanBounds.chernoff(1 - share(category), count, alpha / (2 * counts.length));
    }

    @Override
    public void save(ObjectNode into) {
        Memory.put(into, "counts", counts);
        into.put("count", count);
    }

    @Override
    public void load(JsonNode from) {
        Memory.take(from, "counts", counts);
        count = Memory.whole(from, "count");
    }
}
