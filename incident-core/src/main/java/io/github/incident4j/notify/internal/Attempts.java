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
    private static final long BETWEEN_NEW = Duration.ofSeconds(10).toNanos();

    private final RandomGenerator random;
    private final int perMinute;
    private double tokens;
    private long counted;
    private long begun;
    private boolean early; // the attempt began within a pause
    private long notBefore;
    private long askedUntil; // by the receiver
    private int failures;
    private boolean suspect; // that it does not work at all
    private long suspectSince;

    Attempts(int perMinute, RandomGenerator random, long now) {
        this.perMinute = perMinute;
        this.random = random;
        this.tokens = perMinute;
        this.counted = now;
        this.begun = now - BETWEEN_NEW;
        this.notBefore = now;
        this.askedUntil = now;
    }

    /** For how long to wait yet; zero or less if not at all. */
    long untilNext(long now) {
        return Math.max(untilToken(now), failures == 0 ? 0 : notBefore - now);
    }

    /**
     * For how long what was never tried has to wait: pauses are for what has failed, as that may be all that the
     * receiver does not like; but new attempts are ten seconds apart then, and what the receiver asked for counts.
     */
    long untilNew(long now) {
        long untilSeldom = Math.max(begun + BETWEEN_NEW - now, askedUntil - now);
        return Math.min(untilNext(now), Math.max(untilToken(now), untilSeldom));
    }

    private long untilToken(long now) {
        refill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) * MINUTE / perMinute);
    }

    /** Whether it rests after a failure. */
    boolean isPausing(long now) {
        return failures > 0 && notBefore - now > 0;
    }

    /** Whether the receiver wants to be left alone. */
    boolean isToWait(long now) {
        return failures > 0 && askedUntil - now > 0;
    }

    private void refill(long now) {
        tokens = Math.min(perMinute, tokens + Math.max(0, now - counted) * (double) perMinute / MINUTE);
        counted = now;
    }

    /** An attempt begins. */
    void begin(long now) {
        refill(now);
        tokens--;
        begun = now;
        early = isPausing(now);
    }

    /** A repetition begins, which the rate does not count. */
    void beginRepetition(long now) {
        early = isPausing(now);
    }

    /** The receiver has taken it, or has answered at least. */
    void succeeded() {
        failures = 0;
        early = false;
        suspect = false;
    }

    /**
     * The receiver has not taken it.
     *
     * @param asked for how long it wants to be left alone
     * @param alone whether it takes others, so that this says nothing of the channel
     */
    void failed(long now, Optional<Duration> asked, boolean alone) {
        if (!alone && !suspect) {
            suspect = true;
            suspectSince = now;
        }
        if (!early) { // else the pause goes on
            notBefore = now + pause(failures++);
        }
        early = false;
        long least = asked.map(wish -> wish.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : wish)
                .filter(wish -> !wish.isNegative())
                .map(Duration::toNanos)
                .orElse(0L);
        askedUntil = now + least;
        notBefore = now + Math.max(notBefore - now, least);
    }

    /** How long to rest when something has failed so often before; another time each time it is asked. */
    long pause(int before) {
        long longest = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(before, MOST_DOUBLED));
        return longest / 2 + (long) (random.nextDouble() * (longest / 2.0));
    }

    /** Whether nothing was taken for so long that others should know. */
    boolean isAlarming(long now) {
        return suspect && now - suspectSince >= ALARM_AFTER.toNanos();
    }
}
