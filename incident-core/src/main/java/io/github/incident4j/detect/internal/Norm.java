// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/** What is normal of one stream of numbers: learned over a warm-up or given, and then what others are compared with. */
interface Norm extends Memory.Kept {
    /** Takes a number of the warm-up. */
    void learn(double x);

    /** Whether the warm-up is over. */
    boolean isReady();

    /** A statistic without observations; only where the norm is ready. */
    Statistic statistic();
}
