// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.Optional;

/**
 * A detector's finding.
 *
 * @param detector the detector's name
 * @param model the guarded model
 * @param route the route whose answers changed
 * @param type what kind of harm it points at
 * @param severity how bad that is by default
 * @param segment the part of the traffic that is affected, if the detector can tell
 * @param time when the decision that raised it was made
 * @param decision the number of that decision within the runtime
 * @param onset since when the change is estimated to be there
 * @param onsetDecision the number of the decision at the onset
 * @param evidence the numbers behind it
 * @param sentence the finding in one sentence for a person
 */
public record Signal(
        String detector,
        String model,
        String route,
        IncidentType type,
        Severity severity,
        Optional<Segment> segment,
        Instant time,
        long decision,
        Instant onset,
        long onsetDecision,
        Evidence evidence,
        String sentence) {

    /**
     * The numbers behind a signal.
     *
     * @param statistic the detector's statistic
     * @param threshold the threshold that it passed, which stands for the false alarm budget
     * @param baseline the watched mean at the baseline
     * @param current the watched mean since the onset
     * @param sampleSize how many observations there are since the onset
     * @param interval where the watched mean since the onset lies, if it has been the same since and that can be said:
     *     at its level for this detector and all onsets that it may estimate until it begins anew
     */
    public record Evidence(
            double statistic,
            double threshold,
            double baseline,
            double current,
            long sampleSize,
            Optional<Interval> interval) {

        /**
         * Numbers without an interval.
         *
         * @param statistic the detector's statistic
         * @param threshold the threshold that it passed
         * @param baseline the watched mean at the baseline
         * @param current the watched mean since the onset
         * @param sampleSize how many observations there are since the onset
         */
        public Evidence(double statistic, double threshold, double baseline, double current, long sampleSize) {
            this(statistic, threshold, baseline, current, sampleSize, Optional.empty());
        }
    }
}
