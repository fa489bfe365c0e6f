// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.TimeSource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Knows what each listener was told, across restarts: every delivery is a record in the trail. What the timeline of an
 * open incident holds beyond that was not delivered.
 */
public final class Outbox {
    private static final String TOLD = "notify.told";

    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Map<Delivery, Instant> toldUntil = new HashMap<>();

    private record Delivery(String listener, String incident) {}

    /**
     * Creates an outbox.
     *
     * @param time the clocks
     * @param trail takes the records
     */
    public Outbox(TimeSource time, Consumer<TrailEntry> trail) {
        this.time = time;
        this.trail = trail;
    }

    /**
     * Takes a record of an earlier run into account.
     *
     * @param record any record of the trail
     */
    public synchronized void replay(StoredRecord record) {
        if (record.type().equals(TOLD)) {
            try {
                toldUntil.put(
                        new Delivery(
                                record.json().path("listener").asText(),
                                record.json().path("incident").asText()),
                        Instant.parse(record.json().path("until").asText()));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("a delivery has no readable time", e);
            }
        }
    }

    /** A listener was told. */
    void delivered(String listener, IncidentEvent event) {
        synchronized (this) {
            Delivery delivery = new Delivery(listener, event.incident().id());
            if (event.incident().isOpen()) {
                toldUntil.put(delivery, event.entry().time());
            } else {
                toldUntil.remove(delivery); // what is over is not told again
            }
        }
        trail.accept(new Told(listener, event.incident().id(), event.entry().time(), time.nanoTime()));
    }

    /**
     * The newest thing about an incident that a listener was never told. Signals that joined do not count: what they
     * led to does.
     */
    synchronized Optional<IncidentEvent> untold(String listener, Incident incident) {
        Instant until = toldUntil.getOrDefault(new Delivery(listener, incident.id()), Instant.MIN);
        List<TimelineEntry> timeline = incident.timeline();
        for (int i = timeline.size() - 1; i >= 0; i--) {
            TimelineEntry entry = timeline.get(i);
            if (entry.kind() != TimelineEntry.Kind.SIGNAL) {
                return entry.time().isAfter(until) ? Optional.of(new IncidentEvent(incident, entry)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private record Told(String listener, String incident, Instant until, long nanoTime) implements TrailEntry {
        @Override
        public String type() {
            return TOLD;
        }

        @Override
        public void writeMembers(JsonGenerator json) throws IOException {
            json.writeStringField("listener", listener);
            json.writeStringField("incident", incident);
            json.writeStringField("until", until.toString());
        }
    }
}
