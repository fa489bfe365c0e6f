// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Interval;
import java.util.Optional;

/**
 * What a {@link GroupComparison} knows about one group. Rates and counts are those of the group's {@link GroupPairs}.
 *
 * @param group the group's number
 * @param statistic its statistic
 * @param threshold its threshold, which stands for its share of the false alarm budget
 * @param onsetDecision the number of the decision with which the change is estimated to have begun
 * @param onsetTime the time of that decision
 * @param baselinePairs how many pairs the baseline rests on
 * @param baselineRate the group's favourable rate at the baseline
 * @param baselineOthersRate the others' favourable rate at the baseline
 * @param pairs how many pairs there are since the onset
 * @param rate the group's favourable rate since the onset
 * @param othersRate the others' favourable rate since the onset
 * @param interval where the group's favourable rate lies since the onset
 */
record GroupFinding(
        int group,
        double statistic,
        double threshold,
        long onsetDecision,
        long onsetTime,
        long baselinePairs,
        double baselineRate,
        double baselineOthersRate,
        long pairs,
        double rate,
        double othersRate,
        Optional<Interval> interval) {}
