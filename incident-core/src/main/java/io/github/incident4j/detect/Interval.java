// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

/**
 * Where a mean lies, as far as the observations tell.
 *
 * @param low it is not below
 * @param high nor above
 * @param level with which probability that holds, such as 0.99, whenever and however often one has looked
 */
public record Interval(double low, double high, double level) {
    /**
     * Checks the numbers.
     *
     * @param low it is not below
     * @param high nor above
     * @param level with which probability that holds
     * @throws IllegalArgumentException if an end is not finite, or the level is not between 0 and 1
     */
    public Interval {
        if (!Double.isFinite(low) || !Double.isFinite(high) || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "an interval has finite ends and a level between 0 and 1, but this one is" + " from " + low + " to "
                            + high + " at " + level);
        }
    }

    /** {@return where one minus the mean lies} */
    public Interval mirrored() {
        return new Interval(1 - high, 1 - low, level);
    }
}
