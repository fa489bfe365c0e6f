// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;
import java.time.Duration;

/** The shape in which a kind of receiver wants to be told. */
public interface Format {

    /**
     * A message in that shape.
     *
     * @param uri where it goes
     * @param contentType what the body is
     * @param body the body
     */
    @SuppressWarnings("ArrayRecordComponent") // it is sent at once and never compared
    record Post(URI uri, String contentType, byte[] body) {}

    /**
     * Puts a notification into the shape.
     *
     * @param notification the notification
     * @param message it in words
     * @return what to send
     */
    Post of(Notification notification, Wording.Message message);

    /** {@return what the receiver is, in a word} */
    String name();

    /** {@return after how long an open incident is told again; zero for never} */
    default Duration repeatEvery() {
        return Duration.ZERO;
    }
}
