// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // such a clock may overflow

    private final Attempts attempts = new Attempts(30, new Random(1), START);

    private static Duration of(long nanos) {
        return Duration.ofNanos(nanos);
    }

    @Test
    void pauses_doubleUpToFiveMinutesAndAreNeverAllTheSame() {
        long now = START;
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            attempts.failed(now, Optional.empty(), false);
            long pause = attempts.untilNext(now);
            pauses.add(of(pause));
            now += pause;
        }
        for (int i = 0; i < pauses.size(); i++) {
            Duration most = Duration.ofSeconds(Math.min(300, 1L << i));
            assertThat(pauses.get(i)).as("pause " + i).isBetween(most.dividedBy(2), most);
        }
        assertThat(pauses.subList(9, 14)).doesNotHaveDuplicates();
    }

    @Test
    void success_endsThePausesOfFailures() {
        attempts.failed(START, Optional.empty(), false);
        attempts.failed(START, Optional.empty(), false);
        attempts.succeeded();
        attempts.failed(START, Optional.empty(), false);
        assertThat(of(attempts.untilNext(START))).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatTheReceiverAsksFor_isHonouredForAnHourAtMost() {
        attempts.failed(START, Optional.of(Duration.ofSeconds(90)), false);
        assertThat(of(attempts.untilNext(START))).isEqualTo(Duration.ofSeconds(90));
        attempts.failed(START, Optional.of(Duration.ofDays(9_999)), false);
        assertThat(of(attempts.untilNext(START))).isEqualTo(Duration.ofHours(1));
        attempts.failed(START, Optional.of(Duration.ZERO), false);
        assertThat(of(attempts.untilNext(START))).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void rate_isHeldOverTime() {
        long now = START;
        int sent = 0;
        for (long end = now + Duration.ofMinutes(10).toNanos(); now - end < 0; ) {
            long wait = attempts.untilNext(now);
            if (wait <= 0) {
                attempts.begin(now);
                sent++;
            } else {
                now += wait;
            }
        }
        assertThat(sent).isBetween(30 + 299, 30 + 300);
    }

    @Test
    void alarm_isOfTenMinutesWithoutSuccess() {
        assertThat(attempts.isAlarming(START)).isFalse();
        attempts.failed(START, Optional.empty(), false);
        assertThat(attempts.isAlarming(START + Duration.ofMinutes(10).toNanos() - 1))
                .isFalse();
        assertThat(attempts.isAlarming(START + Duration.ofMinutes(10).toNanos()))
                .isTrue();
        attempts.succeeded();
        assertThat(attempts.isAlarming(START + Duration.ofMinutes(20).toNanos()))
                .isFalse();
    }

    @Test
    void whatWasNeverTried_hasItsAttemptWithinAPause() {
        long now = START;
        for (int i = 0; i < 12; i++) {
            attempts.begin(now);
            attempts.failed(now, Optional.empty(), false);
            now += attempts.untilNext(now);
        }
        attempts.begin(now);
        attempts.failed(now, Optional.empty(), false);
        assertThat(of(attempts.untilNew(now))).isEqualTo(Duration.ofSeconds(10));
        now += Duration.ofSeconds(10).toNanos();
        long left = attempts.untilNext(now);
        attempts.begin(now);
        attempts.failed(now, Optional.empty(), false);
        assertThat(attempts.untilNext(now)).as("which does not begin again").isEqualTo(left);
        now += Duration.ofSeconds(10).toNanos();
        attempts.begin(now);
        attempts.succeeded();
        assertThat(attempts.untilNext(now)).as("it works").isLessThanOrEqualTo(0);
        attempts.failed(now, Optional.of(Duration.ofMinutes(2)), false);
        assertThat(of(attempts.untilNew(now)))
                .as("the receiver has asked for it")
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void failureOfOneThatFailsAlone_isNoAlarmOfTheChannel() {
        attempts.failed(START, Optional.empty(), true);
        assertThat(attempts.isAlarming(START + Duration.ofMinutes(20).toNanos()))
                .isFalse();
    }

    @Test
    void retryAfter_isReadInBothForms() {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(RetryAfter.of("120", now)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.of("Fri, 20 Nov 2026 12:01:30 GMT", now)).contains(Duration.ofSeconds(90));
        assertThat(RetryAfter.of("Fri, 20 Nov 2026 11:01:30 GMT", now)).contains(Duration.ZERO);
        assertThat(RetryAfter.of("99999999999999999999", now)).contains(Duration.ofSeconds(Integer.MAX_VALUE));
        assertThat(RetryAfter.of(null, now)).isEmpty();
        assertThat(RetryAfter.of(" ", now)).isEmpty();
        assertThat(RetryAfter.of("-3", now)).isEmpty();
        assertThat(RetryAfter.of("soon", now)).isEmpty();
    }
}
