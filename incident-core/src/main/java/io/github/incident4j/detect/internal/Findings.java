// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Signal;

/** Takes what monitors find; on the detector thread. */
public interface Findings {
    /**
     * Takes a change of what is watched.
     *
     * @param signal the signal
     */
    void signal(Signal signal);

    /**
     * Takes a fault of a detector itself, which says nothing of the model.
     *
     * @param what the fault, in words
     */
    void fault(String what);
}
