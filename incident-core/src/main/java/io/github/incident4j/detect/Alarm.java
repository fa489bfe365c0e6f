// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.time.Instant;
import java.util.Objects;

/**
 * A change that a {@link Detector} has seen.
 *
 * @param onsetDecision the number of the decision with which it is estimated to have begun
 * @param onset when that was made
 * @param evidence the numbers behind it
 * @param words what has changed, in words that follow the detector's name, such as {@code rose from 2 % to 9 %}
 */
public record Alarm(long onsetDecision, Instant onset, Signal.Evidence evidence, String words) {
    /**
     * Checks that nothing is missing.
     *
     * @param onsetDecision the number of the decision with which it is estimated to have begun
     * @param onset when that was made
     * @param evidence the numbers behind it
     * @param words what has changed
     */
    public Alarm {
        Objects.requireNonNull(onset, "the onset of an alarm is null");
        Objects.requireNonNull(evidence, "the evidence of an alarm is null");
        Objects.requireNonNull(words, "the words of an alarm are null");
    }
}
