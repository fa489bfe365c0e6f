// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Interval;
import java.util.Optional;

/**
 * A change that a {@link Statistic} has seen.
 *
 * @param onsetDecision the number of the decision with which it is estimated to have begun
 * @param onsetTime when that was made
 * @param baseline the watched mean at the baseline
 * @param current the watched mean since the onset
 * @param count how many observations there are since the onset
 * @param interval where the current mean lies, if that can be said
 */
record Change(
        long onsetDecision, long onsetTime, double baseline, double current, long count, Optional<Interval> interval) {}
