// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.detect.Labelling;
import java.time.Duration;

/**
 * An answer of which it is known by now what is true.
 *
 * @param decision the answer, without what only the trail wants of it
 * @param decidedNanos when it was given
 * @param label what is true
 * @param toldNanos when that was told
 * @param soFar how labels have come in until now, this one included
 */
record Labelled(DecisionRecord decision, long decidedNanos, String label, long toldNanos, Labelling soFar) {

    /** What must be known of labels to judge a finding by them, in words that follow it. */
    String caveat() {
        if (soFar.longestDelay().isZero()) { // as in a history, where labels stand beside the decisions
            return "";
        }
        String missing = soFar.unlabelled() == 0
                ? ""
                : ", and " + Monitor.percent(soFar.unlabelledShare()) + " of the decisions got none";
        return "; labels came " + text(soFar.meanDelay()) + " after the decision on average" + missing;
    }

    private static String text(Duration delay) {
        if (delay.toDays() >= 2) {
            return delay.toDays() + " days";
        }
        if (delay.toHours() >= 2) {
            return delay.toHours() + " h";
        }
        return delay.toMinutes() >= 2 ? delay.toMinutes() + " min" : delay.toSeconds() + " s";
    }
}
