// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * PagerDuty's Events API v2 (developer.pagerduty.com, "Send an Alert Event" and "Send a Change Event"): an alert that
 * is triggered, acknowledged and resolved under one key; what is done in the incident is a change event, so that it
 * pages nobody twice.
 */
public final class PagerDuty implements Format {
    private static final int SUMMARY = 1_024;
    private static final int KEY = 255;
    private static final int DETAILS = 16_384; // an event may have 512 KB in all
    private static final String STORM =
            "incident4j/storm/"; // and how bad, and when: a worse or a later one is another alert

    private final String routingKey;
    private final URI alerts;
    private final URI changes;

    /**
     * Creates the format.
     *
     * @param routingKey the key of the integration
     * @param server the server
     */
    public PagerDuty(String routingKey, URI server) {
        this.routingKey = routingKey;
        this.alerts = server.resolve("/v2/enqueue");
        this.changes = server.resolve("/v2/change/enqueue");
    }

    @Override
    public String name() {
        return "PagerDuty";
    }

    @Override
    public Post of(Notification notification, Wording.Message message) {
        if (notification instanceof Notification.OfStorm storm) {
            Optional<Severity> worst = worstOfTheOpen(storm);
            if (worst.isEmpty()) {
                return change(message, "incident4j", notification);
            }
            ObjectNode json = alert("trigger", STORM + worst.get() + "/" + tenMinutes(storm.time()));
            payload(json, message, notification, worst.get(), "incident4j");
            return post(alerts, json);
        }
        Notification.OfIncident told = (Notification.OfIncident) notification;
        return switch (told.kind()) {
            case OPENED, REPEATED -> trigger(told, message);
            case UPDATED ->
                isWorse(told)
                        ? trigger(told, message)
                        : change(message, told.incident().model(), told);
            case ACKNOWLEDGED -> post(alerts, alert("acknowledge", Bodies.key(told.incident(), KEY)));
            case RESOLVED -> post(alerts, alert("resolve", Bodies.key(told.incident(), KEY)));
        };
    }

    private static Optional<Severity> worstOfTheOpen(Notification.OfStorm storm) {
        return storm.incidents().stream()
                .filter(Incident::isOpen)
                .map(Incident::severity)
                .min(Comparator.naturalOrder());
    }

    private static boolean isWorse(Notification.OfIncident told) {
        return told.incident().isOpen()
                && told.news().stream().anyMatch(entry -> switch (entry.kind()) {
                    case SEVERITY_RAISED,
                            CONTAINMENT_PROPOSED,
                            CONTAINMENT_INEFFECTIVE,
                            CONTAINMENT_LIFTED,
                            PLAN_EXHAUSTED,
                            OVERDUE,
                            PART -> true;
                    default -> entry.kind() == TimelineEntry.Kind.OPENED;
                });
    }

    private Post trigger(Notification.OfIncident told, Wording.Message message) {
        Incident incident = told.incident();
        ObjectNode json = alert("trigger", Bodies.key(incident, KEY));
        ObjectNode payload = payload(json, message, told, incident.severity(), incident.model());
        payload.put("component", Bodies.cut(incident.model(), SUMMARY))
                .put("class", incident.type().name().toLowerCase(Locale.ROOT));
        link(json, told);
        return post(alerts, json);
    }

    private static Instant tenMinutes(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS)
                .plus(Duration.ofMinutes(time.atOffset(ZoneOffset.UTC).getMinute() / 10 * 10L));
    }

    private Post change(Wording.Message message, String source, Notification told) {
        ObjectNode json = Bodies.object().put("routing_key", routingKey);
        ObjectNode payload = json.putObject("payload")
                .put("summary", Bodies.cut(message.title(), SUMMARY))
                .put("source", Bodies.cut(source, SUMMARY))
                .put("timestamp", told.time().toString());
        payload.putObject("custom_details").put("text", Bodies.cut(message.text(), DETAILS));
        if (told instanceof Notification.OfIncident one) {
            link(json, one);
        }
        return post(changes, json);
    }

    private ObjectNode alert(String action, String key) {
        return Bodies.object()
                .put("routing_key", routingKey)
                .put("event_action", action)
                .put("dedup_key", key)
                .put("client", "Incident4j");
    }

    private static ObjectNode payload(
            ObjectNode json, Wording.Message message, Notification told, Severity severity, String source) {
        ObjectNode payload = json.putObject("payload")
                .put("summary", Bodies.cut(message.title(), SUMMARY))
                .put("source", Bodies.cut(source, SUMMARY))
                .put("severity", words(severity))
                .put("timestamp", told.time().toString());
        payload.putObject("custom_details").put("text", Bodies.cut(message.text(), DETAILS));
        return payload;
    }

    private static void link(ObjectNode json, Notification.OfIncident told) {
        told.link()
                .ifPresent(link -> json.putArray("links")
                        .addObject()
                        .put("href", link.toString())
                        .put("text", told.incident().id()));
    }

    private static String words(Severity severity) {
        return switch (severity) {
            case P0 -> "critical";
            case P1 -> "error";
            case P2 -> "warning";
            case P3 -> "info";
        };
    }

    private static Post post(URI uri, ObjectNode json) {
        return new Post(uri, Bodies.JSON, Bodies.bytes(json));
    }
}
