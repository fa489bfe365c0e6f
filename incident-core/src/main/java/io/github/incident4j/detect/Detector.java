// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.util.Optional;

/**
 * A detector of your own: reads one stream of numbers and says when it has changed. {@link Detectors#custom} puts it to
 * work; {@link DetectorCheck} says whether it keeps what is asked of it here.
 *
 * <p>There is one for each route, and for each value where the detection is {@linkplain Detection#by by} an attribute;
 * each is used by one thread at a time. It must be bounded in memory and quick (a microsecond, not a millisecond), must
 * not block, and its answers must depend on nothing but what it was shown. One that throws, or that takes its time, is
 * switched off after a while, and an incident of type compliance says so; the others go on.
 */
public interface Detector {
    /**
     * Takes the next number.
     *
     * @param observation the number, with the decision that it is of
     * @return the change that it has seen, if this number was the last piece of evidence; the detector is then
     *     {@linkplain #reset() reset}
     */
    Optional<Alarm> observe(Observation observation);

    /** Forgets what it was shown since its baseline was known, as after a containment; the baseline remains. */
    void reset();

    /**
     * Tells what it knows, for the trail.
     *
     * @return its state, from which an equal detector goes on as if nothing had happened
     */
    DetectorState save();

    /**
     * Takes up a state; called before the first observation.
     *
     * @param state what {@link #save()} of an equal detector has told, perhaps of an older version of your code
     * @throws IllegalArgumentException if it is of no use; another detector then begins anew
     */
    void restore(DetectorState state);
}
