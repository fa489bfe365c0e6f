// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import io.github.incident4j.audit.internal.HttpSender;
import io.github.incident4j.notify.internal.Format;
import io.github.incident4j.notify.internal.RetryAfter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A channel that speaks HTTP; {@link Channels} makes them. Immutable: each method returns another channel. Redirections
 * are not followed, and what may be secret, the path of a URL and the headers, is in no message and no log.
 *
 * <p>A receiver has taken a notification when it answers 2xx. 400, 413, 415 and 422 mean that it will never take it.
 * All else is tried again: a wrong key or address, too, since it may be put right while the notification waits.
 */
public final class HttpChannel implements Channel {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int MESSAGE = 200;

    private final Format format;
    private final @Nullable URI uri;
    private final InstantSource clock;
    private final Settings settings;

    private record Settings(
            @Nullable Duration timeout,
            boolean plainHttp,
            Map<String, String> headers,
            List<WebhookKey> keys,
            Wording wording,
            List<String> faults) {}

    private HttpChannel(Format format, @Nullable URI uri, InstantSource clock, Settings settings) {
        this.format = format;
        this.uri = uri;
        this.clock = clock;
        this.settings = settings;
    }

    static HttpChannel of(Format format, @Nullable URI uri, InstantSource clock, List<String> faults) {
        return new HttpChannel(
                format,
                uri,
                clock,
                new Settings(TIMEOUT, false, Map.of(), List.of(), Wording.standard(), List.copyOf(faults)));
    }

    private HttpChannel with(Settings changed) {
        return new HttpChannel(format, uri, clock, changed);
    }

    /**
     * Sets how long the receiver may take to answer; 10 seconds if it is not set.
     *
     * @param timeout a millisecond to a minute
     * @return the channel with it
     */
    public HttpChannel timeout(Duration timeout) {
        return with(new Settings(
                timeout, settings.plainHttp, settings.headers, settings.keys, settings.wording, settings.faults));
    }

    /**
     * Sends a header, such as {@code Authorization}.
     *
     * @param name its name
     * @param value its value
     * @return the channel with it
     */
    public HttpChannel header(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(settings.headers);
        headers.put(name, value);
        return with(new Settings(
                settings.timeout, settings.plainHttp, headers, settings.keys, settings.wording, settings.faults));
    }

    /**
     * Allows a URL without TLS that is not of this machine. Whoever is on the way can read what is sent, keys included.
     *
     * @return the channel with it
     */
    public HttpChannel allowPlainHttp() {
        return with(new Settings(
                settings.timeout, true, settings.headers, settings.keys, settings.wording, settings.faults));
    }

    /**
     * Signs what is sent as the Standard Webhooks specification says; with several keys by each of them, so that the
     * receiver may exchange one for the next.
     *
     * @param keys the keys
     * @return the channel with them
     */
    public HttpChannel signedBy(WebhookKey... keys) {
        List<String> faults = new ArrayList<>(settings.faults);
        List<WebhookKey> signing = new ArrayList<>();
        for (WebhookKey key : keys == null ? new WebhookKey[0] : keys) {
            if (key == null || !key.canSign()) {
                faults.add("the key " + key + " cannot sign; use the private one, whsk_…, or a secret");
            } else {
                signing.add(key);
            }
        }
        return with(new Settings(
                settings.timeout, settings.plainHttp, settings.headers, signing, settings.wording, faults));
    }

    /**
     * Says it in other words.
     *
     * @param wording puts notifications into words
     * @return the channel with it
     */
    public HttpChannel worded(Wording wording) {
        List<String> faults = new ArrayList<>(settings.faults);
        if (wording == null) {
            faults.add("the wording is null; leave worded(…) out for the standard one");
            return with(new Settings(
                    settings.timeout, settings.plainHttp, settings.headers, settings.keys, Wording.standard(), faults));
        }
        return with(new Settings(
                settings.timeout, settings.plainHttp, settings.headers, settings.keys, wording, settings.faults));
    }

    @Override
    public List<String> faults() {
        List<String> faults = new ArrayList<>(settings.faults);
        HttpSender.checkUri(uri, "https://hooks.example.com/incidents", faults);
        HttpSender.checkHeaders(settings.headers, faults);
        HttpSender.checkTimeout(settings.timeout, faults);
        if (uri != null
                && "http".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
                && !settings.plainHttp
                && !HttpSender.isLoopback(uri)) {
            faults.add(HttpSender.host(uri)
                    + " is not encrypted, and what is sent holds keys and findings; use https, or allowPlainHttp()");
        }
        return faults;
    }

    @Override
    public Duration repeatEvery() {
        return format.repeatEvery();
    }

    @Override
    public void send(Notification notification) throws IOException {
        Duration timeout = settings.timeout;
        if (timeout == null || uri == null) {
            throw new IllegalStateException(format.name() + " is not configured: " + faults());
        }
        Format.Post post = format.of(notification, settings.wording.of(notification));
        HttpSender sender = new HttpSender("POST", post.uri(), HttpSender.host(post.uri()), timeout);
        HttpSender.Answer answer = sender.send(post.contentType(), headers(notification, post.body()), post.body());
        int status = answer.status();
        if (status >= OK && status < MULTIPLE_CHOICES) {
            return;
        }
        String message = format.name() + " at " + HttpSender.host(post.uri()) + " answered "
                + (status < 0 ? "something that is no HTTP" : "status " + status) + said(answer.text(), post.uri());
        throw switch (status) {
            case 400, 413, 415, 422 -> DeliveryException.refused(message);
            default -> DeliveryException.busy(message, RetryAfter.of(answer.retryAfter(), clock.instant()));
        };
    }

    private Map<String, String> headers(Notification notification, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(settings.headers);
        if (!settings.keys.isEmpty()) {
            long timestamp = clock.instant().getEpochSecond();
            headers.put("webhook-id", notification.id());
            headers.put("webhook-timestamp", Long.toString(timestamp));
            headers.put(
                    "webhook-signature",
                    String.join(
                            " ",
                            settings.keys.stream()
                                    .map(key -> key.sign(notification.id(), timestamp, body))
                                    .toList()));
        }
        return headers;
    }

    /** What the server says, unless it says what it was sent: the path of a webhook, or a header, is a secret. */
    private String said(String text, URI to) {
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        boolean echoes = Stream.concat(
                        Stream.of(to.getPath(), to.getRawPath(), to.getRawQuery()), settings.headers.values().stream())
                .anyMatch(secret -> secret != null && secret.length() > 1 && text.contains(secret));
        return line.isEmpty() || echoes ? "" : ": " + line.substring(0, Math.min(MESSAGE, line.length()));
    }

    @Override
    public String toString() {
        return format.name() + (uri == null ? "" : " at " + HttpSender.host(uri));
    }
}
