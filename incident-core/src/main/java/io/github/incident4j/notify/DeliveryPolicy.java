// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a channel is told: of what, how often, and for how long it is tried. Immutable. */
public final class DeliveryPolicy {
    private static final int A_MINUTE = 30;
    private static final int MOST_A_MINUTE = 6_000;
    private static final Duration THREE_DAYS = Duration.ofDays(3);
    private static final Duration MOST_DAYS = Duration.ofDays(30);

    private final Severity least;
    private final int perMinute;
    private final Duration giveUpAfter;

    private DeliveryPolicy(Severity least, int perMinute, Duration giveUpAfter) {
        this.least = least;
        this.perMinute = perMinute;
        this.giveUpAfter = giveUpAfter;
    }

    /** {@return all severities, at most 30 notifications a minute, tried for three days} */
    public static DeliveryPolicy standard() {
        return new DeliveryPolicy(Severity.P3, A_MINUTE, THREE_DAYS);
    }

    /**
     * Only incidents that are as bad. One that becomes as bad is told then, and all that follows of it.
     *
     * @param severity the least severity
     * @return the policy with it
     */
    public DeliveryPolicy from(Severity severity) {
        if (severity == null) {
            throw new ConfigurationException("delivery policy", List.of("the least severity is null; use P0 to P3"));
        }
        return new DeliveryPolicy(severity, perMinute, giveUpAfter);
    }

    /**
     * No more notifications than the receiver can stand. What has to wait is told together: the news of an incident in
     * one notification, and where more than ten new incidents wait all but those of P0 in one.
     *
     * @param notifications the most in a minute, 1 to 6,000
     * @return the policy with it
     */
    public DeliveryPolicy atMostPerMinute(int notifications) {
        if (notifications < 1 || notifications > MOST_A_MINUTE) {
            throw new ConfigurationException(
                    "delivery policy",
                    List.of(notifications + " notifications a minute are not possible; use 1 to " + MOST_A_MINUTE));
        }
        return new DeliveryPolicy(least, notifications, giveUpAfter);
    }

    /**
     * How old news may be that the receiver did not take. What is older is given up once the channel has failed for ten
     * minutes: it is recorded, logged, and an incident tells the other channels.
     *
     * @param age the age, a minute to 30 days
     * @return the policy with it
     */
    public DeliveryPolicy givingUpAfter(Duration age) {
        List<String> faults = new ArrayList<>();
        if (age == null || age.compareTo(Duration.ofMinutes(1)) < 0 || age.compareTo(MOST_DAYS) > 0) {
            faults.add("giving up after " + age + " is not possible; use one minute to 30 days");
            throw new ConfigurationException("delivery policy", faults);
        }
        return new DeliveryPolicy(least, perMinute, age);
    }

    /** {@return the least severity that is told} */
    public Severity least() {
        return least;
    }

    /** {@return the most notifications in a minute} */
    public int perMinute() {
        return perMinute;
    }

    /** {@return how old news may be that the receiver did not take} */
    public Duration giveUpAfter() {
        return giveUpAfter;
    }
}
