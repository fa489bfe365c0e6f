// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import java.util.SplittableRandom;

/** Seeded streams for the tests of the statistical core. */
final class Simulation {
    private Simulation() {}

    /** How often something is simulated: more in the full tier. */
    static int runs(int fast) {
        return Boolean.getBoolean("incident4j.full") ? 10 * fast : fast;
    }

    /** 1 with probability p, else 0. */
    static double bernoulli(SplittableRandom random, double p) {
        return random.nextDouble() < p ? 1 : 0;
    }

    /** A standard normal value (Box and Muller). */
    static double normal(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
