// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.decision;

import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.TimeSource;
import java.time.Duration;
import java.util.List;

/**
 * How much a guardrail that remembers may remember, and for how long. The keys are kept in memory, in this process
 * only, never in a finding; a key that identifies a person is personal data that stays there until it is forgotten. A
 * key that nobody asks for any more keeps its place until a newer one takes it.
 *
 * @param keys the most keys that are remembered, from 1 to 10,000,000; a new key takes the place of the one that was
 *     not asked for the longest (from 1,024 keys on: the longest in its one of 16 parts, which are full one by one)
 * @param keep how long what is known of a key is compared with
 * @param time the clocks; the monotonic one is read
 */
public record Memory(int keys, Duration keep, TimeSource time) {
    private static final int MOST_KEYS = 10_000_000;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * A memory by the clocks of the system.
     *
     * @param keys the most keys
     * @param keep how long what is known of a key is compared with
     * @return the memory
     */
    public static Memory of(int keys, Duration keep) {
        return new Memory(keys, keep, TimeSource.system());
    }

    /** {@return what is wrong with it; empty when all is well} */
    public List<String> faults() {
        return new Faults("memory")
                .when(keys < 1 || keys > MOST_KEYS, keys + " keys cannot be remembered; give 1 to " + MOST_KEYS)
                .when(
                        keep == null || keep.isZero() || keep.isNegative() || keep.compareTo(LONGEST) > 0,
                        "the time " + keep + " is none to remember for; give more than 0 and at most 36500 days")
                .whenNull(time, "the clock", "TimeSource.system()")
                .found();
    }
}
