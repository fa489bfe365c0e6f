// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import java.time.Duration;
import java.util.List;

/**
 * A way to tell people of incidents, such as a pager or a chat; {@link Channels} has the usual ones, and a lambda makes
 * another.
 *
 * <p>What a channel is told comes from an outbox that lies in the audit trail: at least once, in order for each
 * incident, across restarts and crashes, by a thread of the channel's own. Whatever {@link #send} throws means that the
 * notification has not arrived: it is tried again after a pause that grows, with what has happened since. A send that
 * takes longer than a minute is interrupted and counts as failed.
 *
 * @see DeliveryException how a channel says that trying again is useless, or when it is worth it
 */
@FunctionalInterface
public interface Channel {

    /**
     * Sends a notification; returns once the receiver has taken it.
     *
     * @param notification what to tell; its id is the same when it is sent again
     * @throws Exception if the receiver has not taken it
     */
    void send(Notification notification) throws Exception;

    /** {@return after how long an incident that is open is told again although nothing has happened; zero for never} */
    default Duration repeatEvery() {
        return Duration.ZERO;
    }

    /** {@return what is wrong with the channel's settings, a sentence each; the runtime is not built with any} */
    default List<String> faults() {
        return List.of();
    }
}
