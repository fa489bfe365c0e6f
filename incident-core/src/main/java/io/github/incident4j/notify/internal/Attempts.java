// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a channel may be tried: not more often than its rate allows, and after failures with pauses that double, up to
 * five minutes, of which a random half is left out so that many processes do not come back at once. What the receiver
 * asked for counts where it is longer. Times are of a monotonic clock, in nanoseconds. Not thread-safe.
 */
final class Attempts {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    static final Duration LONGEST_ASKED = Duration.ofHours(1);
    static final Duration ALARM_AFTER = Duration.ofMinutes(10);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int MOST_DOUBLED = 20;

    private final RandomGenerator random;
    private final int perMinute;
    private double tokens;
    private long counted;
    private long notBefore;
    private int failures;
    private long failingSince;

    Attempts(int perMinute, RandomGenerator random, long now) {
        this.perMinute = perMinute;
        this.random = random;
        this.tokens = perMinute;
        this.counted = now;
        this.notBefore = now;
    }

    /** For how long to wait yet; zero or less if not at all. */
    long untilNext(long now) {
        refill(now);
        long untilToken = tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) * MINUTE / perMinute);
        return Math.max(untilToken, notBefore - now);
    }

    /** Whether it rests after a failure. */
    boolean isPausing(long now) {
        return notBefore - now > 0;
    }

    private void refill(long now) {
        tokens = Math.min(perMinute, tokens + Math.max(0, now - counted) * (double) perMinute / MINUTE);
        counted = now;
    }

    /** An attempt begins. */
    void begin(long now) {
        refill(now);
        tokens--;
    }

    /** The receiver has taken it, or has answered at least. */
    void succeeded() {
        failures = 0;
    }

    /** The receiver has not taken it. */
    void failed(long now, Optional<Duration> asked) {
        if (failures++ == 0) {
            failingSince = now;
        }
        long longest = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures - 1, MOST_DOUBLED));
        long pause = longest / 2 + (long) (random.nextDouble() * (longest / 2.0));
        long least = asked.map(wish -> wish.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : wish)
                .filter(wish -> !wish.isNegative())
                .map(Duration::toNanos)
                .orElse(0L);
        notBefore = now + Math.max(pause, least);
    }

    /** Whether nothing was taken for so long that others should know. */
    boolean isAlarming(long now) {
        return failures > 0 && now - failingSince >= ALARM_AFTER.toNanos();
    }
}
