// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Wording;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Alertmanager's API v2 ({@code postAlerts} of its OpenAPI document). An alert is known by its labels and lives until
 * its {@code endsAt}, so an open incident is sent again every minute, and one that nobody sends any more, as its
 * process is gone, ends after five.
 */
public final class Alertmanager implements Format {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int ANNOTATION = 4_096;

    private final URI alerts;
    private final InstantSource clock;

    /**
     * Creates the format.
     *
     * @param server the server
     * @param clock says how long an alert lives
     */
    public Alertmanager(URI server, InstantSource clock) {
        String base = server.toString();
        this.alerts = URI.create((base.endsWith("/") ? base : base + "/") + "api/v2/alerts");
        this.clock = clock;
    }

    @Override
    public String name() {
        return "Alertmanager";
    }

    @Override
    public Duration repeatEvery() {
        return EVERY;
    }

    @Override
    public Post of(Notification notification, Wording.Message message) {
        ArrayNode alertsNode = JsonNodeFactory.instance.arrayNode();
        if (notification instanceof Notification.OfStorm storm
                && storm.incidents().stream().noneMatch(Incident::isOpen)) {
            return new Post(alerts, Bodies.JSON, Bodies.bytes(alertsNode)); // it has no word for what is over already
        }
        ObjectNode alert = alertsNode.addObject();
        ObjectNode labels = alert.putObject("labels");
        if (notification instanceof Notification.OfIncident told) {
            Incident incident = told.incident();
            labels.put("alertname", "Incident4j")
                    .put("incident", Bodies.cut(incident.fingerprint(), ANNOTATION))
                    .put("model", incident.model())
                    .put("severity", incident.severity().name());
            boolean over = !ChannelQueue.isPaged(incident);
            alert.put("startsAt", incident.detected().toString())
                    .put("endsAt", (over ? end(told) : aliveUntil(later(told.time(), incident.detected()))).toString());
            told.link().ifPresent(link -> alert.put("generatorURL", link.toString()));
        } else {
            labels.put("alertname", "Incident4jStorm");
            alert.put("startsAt", notification.time().toString())
                    .put("endsAt", aliveUntil(notification.time()).toString());
        }
        alert.putObject("annotations")
                .put("summary", Bodies.cut(message.title(), ANNOTATION))
                .put("description", Bodies.cut(message.text(), ANNOTATION));
        return new Post(alerts, Bodies.JSON, Bodies.bytes(alertsNode));
    }

    /** It takes no alert that ends before it starts, as after a leap of the clock. */
    private static Instant end(Notification.OfIncident told) {
        return later(told.time(), told.incident().detected().plusMillis(1));
    }

    private Instant aliveUntil(Instant started) {
        return later(clock.instant(), started).plus(LIFE);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
