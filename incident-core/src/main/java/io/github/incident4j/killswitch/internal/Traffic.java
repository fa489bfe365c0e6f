// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.killswitch.internal;

import org.jspecify.annotations.Nullable;

/** Deals the traffic into shares: the same key always gets the same place between 0 and 1. */
final class Traffic {
    private static final double UNIT = 0x1.0p-53;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Traffic() {}

    /**
     * The place of a call.
     *
     * @param model the model, so that not the same users are first everywhere
     * @param key the call's traffic key, or null
     * @param number the decision's number, which stands in for a missing key
     * @return from 0 inclusive to 1 exclusive; a share {@code s} holds the places below {@code s}
     */
    static double place(String model, @Nullable String key, long number) {
        long seed = key == null ? mix(number) : hash(key);
        return (mix(seed ^ (model.hashCode() * GOLDEN)) >>> 11) * UNIT;
    }

    /** FNV-1a over the characters: fixed for ever, as the same user must stay on the same side across versions. */
    private static long hash(String key) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /** The finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood 2014). */
    private static long mix(long z) {
        z = (z + GOLDEN);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
