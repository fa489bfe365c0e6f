// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** A notification as a CloudEvent (CNCF CloudEvents 1.0.2, JSON format, structured mode). */
public final class CloudEvents implements Format {
    private static final String TYPE = "io.github.incident4j.incident.";

    private static final int MOST_OF_A_STORM = 100;

    private final URI uri;

    /**
     * Creates the format.
     *
     * @param uri where events go
     */
    public CloudEvents(URI uri) {
        this.uri = uri;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public Post of(Notification notification, Wording.Message message) {
        return new Post(uri, "application/cloudevents+json", Bodies.bytes(event(notification, message)));
    }

    static ObjectNode event(Notification notification, Wording.Message message) {
        ObjectNode event = Bodies.object()
                .put("specversion", "1.0")
                .put("id", notification.id())
                .put("source", "/incident4j")
                .put("time", notification.time().toString())
                .put("datacontenttype", Bodies.JSON);
        ObjectNode data;
        if (notification instanceof Notification.OfIncident told) {
            event.put("type", TYPE + lower(told.kind()))
                    .put("subject", told.incident().id());
            data = event.putObject("data");
            data.set("incident", incident(told.incident()));
            ArrayNode news = data.putArray("news");
            for (TimelineEntry entry : told.news()) {
                news.addObject()
                        .put("number", entry.number())
                        .put("time", entry.time().toString())
                        .put("kind", lower(entry.kind()))
                        .put("by", entry.by())
                        .put("what", entry.what());
            }
            ObjectNode said = data;
            told.link().ifPresent(link -> said.put("link", link.toString()));
        } else {
            event.put("type", TYPE + "storm");
            data = event.putObject("data");
            ArrayNode incidents = data.putArray("incidents");
            List<Incident> all = ((Notification.OfStorm) notification).incidents();
            data.put("count", all.size());
            all.stream().limit(MOST_OF_A_STORM).forEach(each -> incidents.add(incident(each)));
        }
        data.put("title", message.title()).put("text", message.text());
        return event;
    }

    private static ObjectNode incident(Incident incident) {
        ObjectNode json = Bodies.object()
                .put("id", incident.id())
                .put("fingerprint", incident.fingerprint())
                .put("model", incident.model())
                .put("type", lower(incident.type()))
                .put("severity", incident.severity().name())
                .put("state", lower(incident.state()))
                .put("finding", incident.finding())
                .put("onset", incident.onset().toString())
                .put("detected", incident.detected().toString())
                .put("signals", incident.signals())
                .put(
                        "entries",
                        incident.timeline().isEmpty()
                                ? 0
                                : incident.timeline()
                                        .get(incident.timeline().size() - 1)
                                        .number());
        incident.segment()
                .ifPresent(segment -> json.putObject("segment")
                        .put("attribute", segment.attribute())
                        .put("value", segment.value()));
        return json;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
