// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import java.time.Duration;

/**
 * What a plug has done since it was made. The numbers are read one after the other while others may be judging.
 *
 * @param checks the texts that it was asked about
 * @param hits those of them that the cache answered
 * @param timeouts those that were not answered within the time limit
 * @param failures those for which the model threw or gave an answer that is none
 * @param refusals those that found no thread and no place in the queue
 * @param interrupts those whose caller was interrupted
 * @param batches the calls of the model that have returned or thrown
 * @param latencySum how long these took, in sum
 * @param latencyMax how long the longest of them took
 */
public record PlugMetrics(
        long checks,
        long hits,
        long timeouts,
        long failures,
        long refusals,
        long interrupts,
        long batches,
        Duration latencySum,
        Duration latencyMax) {}
