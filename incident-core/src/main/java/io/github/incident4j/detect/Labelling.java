// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.time.Duration;

/**
 * How the labels of a model's decisions come in. What a detector of labels says holds for decisions that get one: where
 * the others differ, as a refused credit that nobody sees default, it says nothing of them.
 *
 * @param labelled how many decisions have got their label
 * @param waiting how many still may
 * @param unlabelled how many got none while they were remembered
 * @param unknown how many labels were of decisions that are not remembered: too old, not answered by a version of the
 *     model, or made before the detectors began anew
 * @param repeated how many labels came for decisions that had theirs; the first counts
 * @param meanDelay how long labels took to come, on average; zero without labels
 * @param longestDelay how long the slowest took
 */
public record Labelling(
        long labelled,
        long waiting,
        long unlabelled,
        long unknown,
        long repeated,
        Duration meanDelay,
        Duration longestDelay) {

    /** {@return the share of decisions without a label, of those that wait for none any more; NaN without any} */
    public double unlabelledShare() {
        return (double) unlabelled / (labelled + unlabelled);
    }
}
