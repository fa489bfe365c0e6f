// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.tools;

import io.github.incident4j.guardrails.decision.Memory;
import io.github.incident4j.guardrails.internal.BoundedCalls;
import io.github.incident4j.guardrails.internal.Faults;
import java.time.Duration;
import java.util.List;

/**
 * How approval is asked for. Immutable; each method gives new options.
 *
 * @param longestWait the longest that a call's thread waits for {@link Approval#ask}, in real time; above 0 and at most
 *     10 minutes
 * @param expiry how long after a call was asked about first it can still be approved, by the clock of the memory; above
 *     0 and at most the memory's time
 * @param memory which requests are remembered, by their ids, and for how long; a request that is not remembered any
 *     more begins anew
 * @param threads the most threads of the gate's own, daemons that end when idle; 1 to 256
 * @param queue the most requests that wait for a thread; 1 to 100,000
 */
public record ApprovalOptions(Duration longestWait, Duration expiry, Memory memory, int threads, int queue) {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /**
     * The options that hold unless changed.
     *
     * @return a wait of one second, an expiry of 15 minutes, 10,000 requests remembered for a day, 4 threads, a queue
     *     of 64
     */
    public static ApprovalOptions options() {
        return new ApprovalOptions(
                Duration.ofSeconds(1), Duration.ofMinutes(15), Memory.of(10_000, Duration.ofDays(1)), 4, 64);
    }

    /**
     * These options with another wait.
     *
     * @param longest the longest that a call's thread waits
     * @return the new options
     */
    public ApprovalOptions longestWait(Duration longest) {
        return new ApprovalOptions(longest, expiry, memory, threads, queue);
    }

    /**
     * These options with another expiry.
     *
     * @param after how long a call can be approved
     * @return the new options
     */
    public ApprovalOptions expiry(Duration after) {
        return new ApprovalOptions(longestWait, after, memory, threads, queue);
    }

    /**
     * These options with another memory.
     *
     * @param next which requests are remembered; its clock is the one of the expiry
     * @return the new options
     */
    public ApprovalOptions memory(Memory next) {
        return new ApprovalOptions(longestWait, expiry, next, threads, queue);
    }

    /**
     * These options with other threads.
     *
     * @param most the most threads
     * @param waiting the most requests that wait for one
     * @return the new options
     */
    public ApprovalOptions threads(int most, int waiting) {
        return new ApprovalOptions(longestWait, expiry, memory, most, waiting);
    }

    BoundedCalls.Limits limits() {
        return new BoundedCalls.Limits("approval", longestWait, 1, Duration.ZERO, threads, queue, null, memory.time());
    }

    List<String> faults() {
        Faults faults = new Faults("options")
                .when(
                        !isPositive(longestWait) || longestWait.compareTo(LONGEST_WAIT) > 0,
                        "the wait " + longestWait + " is none; give above 0 and at most 10 minutes")
                .all(BoundedCalls.Limits.faultsOf(threads, queue))
                .whenNull(memory, "the memory", "Memory.of(10_000, Duration.ofDays(1))");
        if (memory != null) {
            Duration keep = memory.keep();
            faults.all(memory.faults())
                    .when(
                            !isPositive(expiry) || (keep != null && expiry.compareTo(keep) > 0),
                            "the expiry " + expiry + " is none; give above 0 and at most the memory's " + keep);
        }
        return faults.found();
    }

    private static boolean isPositive(Duration given) {
        return given != null && !given.isZero() && !given.isNegative();
    }
}
