// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.incident4j.audit.internal.Text;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.notify.Notification;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record that a channel is done with a notification.
 *
 * @param channel the channel
 * @param notification the notification's id
 * @param told which entries of which incidents it told, up to one each
 * @param given why it was given up, or null if the receiver has taken it
 * @param nanoTime when, on the monotonic clock
 */
record Delivery(
        String channel,
        String notification,
        List<Told> told,
        @Nullable String given,
        long nanoTime) implements TrailEntry {
    static final String TAKEN = "notify.taken";
    static final String GIVEN_UP = "notify.given-up";

    /** Up to which entry an incident was told. */
    record Told(String incident, int number) {}

    static List<Told> told(Notification notification) {
        if (notification instanceof Notification.OfStorm storm) {
            return storm.incidents().stream()
                    .map(incident -> new Told(incident.id(), newest(incident)))
                    .toList();
        }
        Notification.OfIncident one = (Notification.OfIncident) notification;
        return List.of(new Told(
                one.incident().id(), one.news().get(one.news().size() - 1).number()));
    }

    private static int newest(Incident incident) {
        List<TimelineEntry> timeline = incident.timeline();
        return timeline.isEmpty() ? 0 : timeline.get(timeline.size() - 1).number();
    }

    @Override
    public String type() {
        return given == null ? TAKEN : GIVEN_UP;
    }

    @Override
    public void writeMembers(JsonGenerator json) throws IOException {
        json.writeStringField("channel", channel);
        json.writeStringField("notification", notification);
        json.writeArrayFieldStart("told");
        for (Told each : told) {
            json.writeStartObject();
            json.writeStringField("incident", each.incident());
            json.writeNumberField("number", each.number());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (given != null) {
            json.writeStringField("because", Text.clean(given));
        }
    }
}
