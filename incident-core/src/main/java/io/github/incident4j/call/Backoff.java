// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call;

import io.github.incident4j.model.internal.Durations;
import java.time.Duration;

/**
 * How long to wait before a retry: {@code first · factor^(n − 1)} before the n-th, at most {@code longest}, of which a
 * random part between half and all is waited, so that callers do not come back all at once.
 *
 * @param first the first wait, zero or more
 * @param factor by how much each wait is longer than the one before, 1 to 10
 * @param longest the longest wait, at most 10 minutes
 */
public record Backoff(Duration first, double factor, Duration longest) {
    private static final Duration MAX = Duration.ofMinutes(10);

    /**
     * Checks the numbers.
     *
     * @param first the first wait
     * @param factor by how much each wait is longer than the one before
     * @param longest the longest wait
     */
    public Backoff {
        if (first.isNegative() || longest.compareTo(first) < 0 || longest.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("a backoff from " + Durations.text(first) + " to "
                    + Durations.text(longest) + " is out of range; use zero to " + Durations.text(MAX));
        }
        if (!(factor >= 1 && factor <= 10)) {
            throw new IllegalArgumentException("a backoff factor of " + factor + " is out of range; use 1 to 10");
        }
    }

    /** {@return no wait} */
    public static Backoff none() {
        return new Backoff(Duration.ZERO, 1, Duration.ZERO);
    }

    /**
     * The same wait each time.
     *
     * @param wait how long
     * @return the backoff
     */
    public static Backoff fixed(Duration wait) {
        return new Backoff(wait, 1, wait);
    }

    /**
     * Waits that double.
     *
     * @param first the first wait
     * @param longest the longest wait
     * @return the backoff
     */
    public static Backoff doubling(Duration first, Duration longest) {
        return new Backoff(first, 2, longest);
    }

    /** The wait before the n-th retry, with {@code random} from 0 to 1. */
    long nanosBefore(int retry, double random) {
        double whole = Math.min(first.toNanos() * Math.pow(factor, retry - 1.0), (double) longest.toNanos());
        return (long) (whole * (0.5 + random / 2));
    }
}
