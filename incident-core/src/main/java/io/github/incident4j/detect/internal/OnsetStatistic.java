// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

/** A statistic that estimates since when its null has no longer held. */
interface OnsetStatistic extends Memory.Kept {
    /**
     * Takes the next observation.
     *
     * @param x the observation
     * @param decision the number of its decision
     * @param time when that was made, in the caller's unit
     */
    void observe(double x, long decision, long time);

    /** The statistic; at {@code A} or more it is an alarm with the budget {@code A}. Finite, 0 at the start. */
    double statistic();

    /** The evidence that all has held since the start: 1 at the start. */
    double recovery();

    /** Forgets all observations. */
    void reset();

    /** The number of the decision with which the change is estimated to have begun; 0 before the first observation. */
    long onsetDecision();

    /** The time of {@link #onsetDecision()}. */
    long onsetTime();

    /** How many observations there are since the onset, the first included. */
    long onsetCount();
}
