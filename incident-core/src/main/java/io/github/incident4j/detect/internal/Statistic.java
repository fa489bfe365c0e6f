// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Signal;
import java.util.Optional;

/**
 * Compares one stream of numbers with its {@link Norm}, in constant time for each. Under the null its value minus the
 * number of observations is a supermartingale, so that an alarm at {@code A} or more keeps a false alarm budget of one
 * in {@code A}.
 */
interface Statistic extends Memory.Kept {
    /**
     * Takes the next number.
     *
     * @param x the number
     * @param decision the number of its decision
     * @param time when that was made, in nanoseconds since the epoch
     */
    void observe(double x, long decision, long time);

    /** The present value; finite, 0 at the start. */
    double value();

    /** The change that is most likely, if there is one; its means are NaN before the first number. */
    Change change();

    /** What has changed, in words that follow the detector's name; for an alarm. */
    String words();

    /** The numbers behind an alarm. */
    default Signal.Evidence evidence(double threshold) {
        Change change = change();
        return new Signal.Evidence(
                value(), threshold, change.baseline(), change.current(), change.count(), change.interval());
    }

    /** The evidence that nothing has changed since the start, an e-value: 1 at the start. */
    double recovery();

    /** What has gone wrong with it by the last number, once; it says nothing of what is watched. */
    default Optional<String> fault() {
        return Optional.empty();
    }

    /** Forgets all observations; the norm remains. */
    void reset();
}
