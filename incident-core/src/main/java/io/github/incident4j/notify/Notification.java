// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a {@link Channel} is to tell: the news of one incident, or of many at once in a storm. */
public sealed interface Notification {

    /** {@return the same for the same notification however often it is sent, and no other's: an idempotency key} */
    String id();

    /** {@return when the newest of it happened} */
    Instant time();

    /** Why an incident is told of. */
    enum Kind {
        /** The channel has not heard of it before. */
        OPENED,
        /** Something has happened in it. */
        UPDATED,
        /** A person has taken it up. */
        ACKNOWLEDGED,
        /** It is still open, and nothing new is told; for channels that want to be told again. */
        REPEATED,
        /** It is over. */
        RESOLVED
    }

    /**
     * The news of one incident.
     *
     * @param id the idempotency key
     * @param kind why it is told of
     * @param incident the incident as it was after the newest of the news
     * @param news what has happened since the channel was told last, oldest first, signals that joined left out; of a
     *     repetition the newest entry
     * @param link where people find the incident, if the host has said so
     */
    record OfIncident(String id, Kind kind, Incident incident, List<TimelineEntry> news, Optional<URI> link)
            implements Notification {
        @Override
        public Instant time() {
            return news.get(news.size() - 1).time();
        }
    }

    /**
     * So many incidents have news at once that telling each would drown people.
     *
     * @param id the idempotency key
     * @param incidents the incidents as they are, the worst first
     * @param time when the newest of it happened
     */
    record OfStorm(String id, List<Incident> incidents, Instant time) implements Notification {}
}
