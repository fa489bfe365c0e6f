// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.model;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How much may pass: a share of the traffic, a rate, or both.
 *
 * <pre>{@code
 * Limit.toShare(0.25)                                  // a quarter of the users
 * Limit.toRate(100, Duration.ofSeconds(1))             // 100 calls a second
 * Limit.toShare(0.25).andRate(100, Duration.ofSeconds(1))
 * }</pre>
 *
 * @param share the share that may pass, from 0 to 1; see {@link Scope#share} for who that is
 * @param rate the rate that may pass, or empty for any
 */
public record Limit(double share, Optional<Rate> rate) {
    /**
     * Checks the share.
     *
     * @param share the share that may pass, from 0 to 1
     * @param rate the rate that may pass, or empty for any
     */
    public Limit {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a limit to a share of " + share + " is out of range; use 0 to 1");
        }
    }

    /**
     * So many calls a period, evenly spread; as many at once as the period has. Counted in this process.
     *
     * @param calls how many, 1 or more
     * @param period in what time, 1 ms to 1 day
     */
    public record Rate(long calls, Duration period) {
        private static final long MAX_CALLS = 1_000_000_000L;

        /**
         * Checks both.
         *
         * @param calls how many, 1 to a billion
         * @param period in what time, 1 ms to 1 day
         */
        public Rate {
            if (calls < 1 || calls > MAX_CALLS) {
                throw new IllegalArgumentException(
                        "a rate of " + calls + " calls is out of range; use 1 to " + MAX_CALLS);
            }
            if (period.compareTo(Duration.ofMillis(1)) < 0 || period.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("a rate per " + period + " is out of range; use 1 ms to 1 day");
            }
        }

        /** {@return how far apart the calls are, if they are evenly spread} */
        public double nanosPerCall() {
            return (double) period.toNanos() / calls;
        }

        @Override
        public String toString() {
            return calls + " calls per " + period.toString().substring(2).toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A limit to a share of the traffic.
     *
     * @param share the share that may pass, from 0 to 1
     * @return the limit
     */
    public static Limit toShare(double share) {
        return new Limit(share, Optional.empty());
    }

    /**
     * A limit to a rate.
     *
     * @param calls how many calls, 1 or more
     * @param period in what time, 1 ms to 1 day
     * @return the limit
     */
    public static Limit toRate(long calls, Duration period) {
        return new Limit(1, Optional.of(new Rate(calls, period)));
    }

    /**
     * This limit, and a rate for what it lets pass.
     *
     * @param calls how many calls, 1 or more
     * @param period in what time, 1 ms to 1 day
     * @return the stricter limit
     */
    public Limit andRate(long calls, Duration period) {
        return new Limit(share, Optional.of(new Rate(calls, period)));
    }

    /**
     * Says whether this limit lets nothing pass that the other would not.
     *
     * @param other the other limit
     * @return whether this one is as strict or stricter
     */
    public boolean isAsStrictAs(Limit other) {
        return share <= other.share && (other.rate.isEmpty() || (rate.isPresent() && slower(other.rate.get())));
    }

    private boolean slower(Rate other) {
        Rate own = rate.orElseThrow();
        return own.calls() <= other.calls() && own.nanosPerCall() >= other.nanosPerCall();
    }

    @Override
    public String toString() {
        String text = share < 1 ? Shares.percent(share) + " of the traffic" : "";
        return text + (rate.isPresent() ? (text.isEmpty() ? "" : ", ") + rate.get() : text.isEmpty() ? "no limit" : "");
    }
}
