// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.Segment;
import java.util.Optional;

/**
 * Where a detector stands.
 *
 * @param detector the detector's name
 * @param route the route that is watched
 * @param segment the part of the traffic that is watched, if not all of it is
 * @param statistic the statistic, 0 at the start
 * @param threshold at which it is an alarm
 * @param baseline the watched mean at the baseline
 * @param current the watched mean since the change that is most likely, if there is one; NaN before the first decision
 * @param sampleSize of how many decisions that is
 * @param interval where that lies, if it can be said; see {@link Signal.Evidence}
 * @param labelling how labels come in, where it watches labels
 */
public record Reading(
        String detector,
        String route,
        Optional<Segment> segment,
        double statistic,
        double threshold,
        double baseline,
        double current,
        long sampleSize,
        Optional<Interval> interval,
        Optional<Labelling> labelling) {

    /**
     * One that watches no labels.
     *
     * @param detector the detector's name
     * @param route the route that is watched
     * @param segment the part of the traffic that is watched, if not all of it is
     * @param statistic the statistic, 0 at the start
     * @param threshold at which it is an alarm
     * @param baseline the watched mean at the baseline
     * @param current the watched mean since the change that is most likely
     * @param sampleSize of how many decisions that is
     */
    public Reading(
            String detector,
            String route,
            Optional<Segment> segment,
            double statistic,
            double threshold,
            double baseline,
            double current,
            long sampleSize) {
        this(
                detector,
                route,
                segment,
                statistic,
                threshold,
                baseline,
                current,
                sampleSize,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Says how labels come in.
     *
     * @param soFar how they have come in until now
     * @return this reading with that
     */
    public Reading with(Labelling soFar) {
        return new Reading(
                detector,
                route,
                segment,
                statistic,
                threshold,
                baseline,
                current,
                sampleSize,
                interval,
                Optional.of(soFar));
    }
}
