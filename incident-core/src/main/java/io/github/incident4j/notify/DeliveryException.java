// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Thrown by a {@link Channel} whose receiver has not taken a notification, and knows more about it. */
public final class DeliveryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient boolean useless;
    private final transient Optional<Duration> retryAfter;

    private DeliveryException(String message, boolean useless, Optional<Duration> retryAfter) {
        super(message);
        this.useless = useless;
        this.retryAfter = retryAfter;
    }

    /**
     * The receiver will never take this notification, as it does not understand it: it is not sent again.
     *
     * @param message what the receiver said, and what to do
     * @return the exception
     */
    public static DeliveryException refused(String message) {
        return new DeliveryException(message, true, Optional.empty());
    }

    /**
     * The receiver takes nothing at the moment.
     *
     * @param message what the receiver said
     * @param retryAfter when it is worth another attempt, from now on; empty if it has not said
     * @return the exception
     */
    public static DeliveryException busy(String message, Optional<Duration> retryAfter) {
        return new DeliveryException(message, false, retryAfter);
    }

    /** {@return whether another attempt with the same notification is useless} */
    public boolean isUseless() {
        return useless;
    }

    /** {@return when another attempt is worth it, from the moment of the exception on; empty if nobody has said} */
    @SuppressWarnings("OptionalAssignedToNull") // as it is after a serialization, which nothing of ours does
    public Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }
}
