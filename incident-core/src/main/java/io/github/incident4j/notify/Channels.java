// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.notify.internal.Alertmanager;
import io.github.incident4j.notify.internal.CloudEvents;
import io.github.incident4j.notify.internal.Format;
import io.github.incident4j.notify.internal.JsonLines;
import io.github.incident4j.notify.internal.PagerDuty;
import io.github.incident4j.notify.internal.Slack;
import io.github.incident4j.notify.internal.Teams;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The usual ways to tell people of incidents. Faults of their settings are told when the runtime is built. */
public final class Channels {
    private static final URI PAGERDUTY = URI.create("https://events.pagerduty.com");
    private static final URI NOWHERE = URI.create("https://invalid");

    private Channels() {}

    /** Hands an e-mail to the host's mailer. */
    @FunctionalInterface
    public interface Mailer {
        /**
         * Sends an e-mail; returns once the mail server has taken it.
         *
         * @param subject the subject, one line
         * @param text the text, plain
         * @throws Exception if it was not taken
         */
        void send(String subject, String text) throws Exception;
    }

    /**
     * PagerDuty, by its Events API v2: one alert for each model, type of harm and segment, the same from all processes
     * of a service, so twenty of them page once. It is triggered, acknowledged and resolved with the incident; what is
     * done in between is a change event, which pages nobody.
     *
     * @param routingKey the integration key of the service
     * @return the channel
     */
    public static HttpChannel pagerDuty(String routingKey) {
        return pagerDuty(routingKey, PAGERDUTY);
    }

    /**
     * PagerDuty at another address, such as that of the European region.
     *
     * @param routingKey the integration key of the service
     * @param server the server
     * @return the channel
     * @see #pagerDuty(String)
     */
    public static HttpChannel pagerDuty(String routingKey, URI server) {
        List<String> faults = new ArrayList<>();
        if (routingKey == null || routingKey.isBlank()) {
            faults.add("the routing key is empty; use the integration key of the service in PagerDuty");
        }
        return http(server, faults, uri -> new PagerDuty(String.valueOf(routingKey), uri));
    }

    /**
     * Prometheus' Alertmanager, by its API v2. An open incident is sent again each minute; when no process does so any
     * more, its alert ends by itself after five.
     *
     * @param server the server, with the path prefix that it is served under, such as
     *     {@code https://alerts.example.com}
     * @return the channel
     */
    public static HttpChannel alertmanager(URI server) {
        return http(server, List.of(), uri -> new Alertmanager(uri, InstantSource.system()));
    }

    /**
     * Slack, by an incoming webhook.
     *
     * @param webhook its URL, a secret
     * @return the channel
     */
    public static HttpChannel slack(URI webhook) {
        return http(webhook, List.of(), Slack::new);
    }

    /**
     * Microsoft Teams, by a workflow that begins with a webhook request.
     *
     * @param webhook its URL, a secret
     * @return the channel
     */
    public static HttpChannel teams(URI webhook) {
        return http(webhook, List.of(), Teams::new);
    }

    /**
     * Any receiver of webhooks: CloudEvents 1.0 as JSON. Sign them with {@link HttpChannel#signedBy}.
     *
     * @param uri where they go
     * @return the channel
     */
    public static HttpChannel webhook(URI uri) {
        return http(uri, List.of(), CloudEvents::new);
    }

    private static HttpChannel http(URI uri, List<String> faults, Function<URI, Format> format) {
        return HttpChannel.of(format.apply(uri == null ? NOWHERE : uri), uri, InstantSource.system(), faults);
    }

    /**
     * E-mail, by the host's own mailer.
     *
     * @param mailer sends it
     * @return the channel
     */
    public static Channel email(Mailer mailer) {
        return email(mailer, Wording.standard());
    }

    /**
     * E-mail in other words.
     *
     * @param mailer sends it
     * @param wording puts notifications into words
     * @return the channel
     */
    public static Channel email(Mailer mailer, Wording wording) {
        if (mailer == null || wording == null) {
            throw new ConfigurationException("e-mail channel", List.of("the mailer or the wording is null"));
        }
        return notification -> {
            Wording.Message message = wording.of(notification);
            mailer.send(message.title().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " "), message.text());
        };
    }

    /**
     * A stream, such as {@code System.out} of a container whose log is collected: a line of JSON for each notification,
     * a CloudEvent as {@link #webhook} sends it. A {@code PrintStream} never forgets an error: after the first one
     * every line counts as taken.
     *
     * @param stream the stream; it is flushed after each line and never closed
     * @return the channel
     */
    public static Channel jsonLines(PrintStream stream) {
        if (stream == null) {
            throw new ConfigurationException("stream channel", List.of("the stream is null; use System.out"));
        }
        return new JsonLines(stream);
    }
}
