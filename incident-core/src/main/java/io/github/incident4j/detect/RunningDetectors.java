// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.model.Cause;
import java.util.List;

/** The detectors of a running system: where they stand, and what a person tells them. Thread-safe. */
public interface RunningDetectors {

    /**
     * Where the detectors of a model stand, at most about a second ago.
     *
     * @param model the model's name
     * @return the readings; empty where nothing watches it, or everything still learns
     */
    List<Reading> readings(String model);

    /**
     * Announces a planned change: until it is over, the model's detectors raise no signal. What they would have raised
     * is on record as {@code signal.maintenance}; afterwards they start anew against their baselines. What is learned
     * is not learned from it. A second announcement takes the place of the first; one with an end that has passed ends
     * it.
     *
     * @param model the model's name
     * @param cause who announces it, why, and until when
     * @throws IllegalArgumentException if the cause has no end
     */
    void maintenance(String model, Cause cause);

    /**
     * Has the model's detectors learn their baselines anew: what they see from now on is the norm, as after a change
     * that was accepted.
     *
     * @param model the model's name
     * @param cause who wants it and why
     */
    void relearn(String model, Cause cause);
}
