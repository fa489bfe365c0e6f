// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the channels say, and how they take what a receiver answers. */
class HttpChannelTest {
    private static final URI LINK = URI.create("https://ops.example.com/incidents/inc-1");

    private final Receiver receiver = new Receiver();

    HttpChannelTest() throws IOException {}

    @AfterEach
    void close() {
        receiver.close();
    }

    private static Notification.OfIncident told(Notification.Kind kind, IncidentEvent event) {
        return told(kind, event, Optional.of(LINK));
    }

    private static Notification.OfIncident told(Notification.Kind kind, IncidentEvent event, Optional<URI> link) {
        return new Notification.OfIncident(
                event.incident().id() + "-" + event.entry().number() + "-x",
                kind,
                event.incident(),
                List.of(event.entry()),
                link);
    }

    private static Notification opened() {
        return told(Notification.Kind.OPENED, new Events("inc-1", Severity.P1).then(Kind.OPENED));
    }

    private static Notification.OfStorm storm(int incidents) {
        return new Notification.OfStorm(
                "storm-1",
                IntStream.range(0, incidents)
                        .mapToObj(i -> new Events("inc-" + i, i == 0 ? Severity.P0 : Severity.P2)
                                .then(Kind.OPENED)
                                .incident())
                        .toList(),
                Events.NOON);
    }

    /** As after an outage. */
    private static Notification.OfStorm stormOf(Severity open, int many, Severity over) {
        Stream<IncidentEvent> resolved =
                IntStream.range(0, 12).mapToObj(i -> new Events("inc-r" + i, over).then(Kind.RESOLVED));
        Stream<IncidentEvent> others =
                IntStream.range(0, many).mapToObj(i -> new Events("inc-" + i, open).then(Kind.OPENED));
        return new Notification.OfStorm(
                "storm-1",
                Stream.concat(resolved, others).map(IncidentEvent::incident).toList(),
                Events.NOON);
    }

    private Receiver.Post sent(Channel channel, Notification notification) throws Exception {
        channel.send(notification);
        return receiver.taken().get(receiver.taken().size() - 1);
    }

    /** Pinned by the published descriptions of the Events API v2, as there is no schema. */
    @Test
    void pagerDuty_triggersAcknowledgesAndResolvesUnderOneKey() throws Exception {
        Channel channel = Channels.pagerDuty("R0UT1NG", receiver.uri("/"));
        Events events = new Events("inc-1", Severity.P1);
        Receiver.Post trigger = sent(channel, told(Notification.Kind.OPENED, events.then(Kind.OPENED)));
        assertThat(trigger.path()).isEqualTo("/v2/enqueue");
        assertThat(trigger.header("Content-Type")).isEqualTo("application/json");
        JsonNode json = trigger.json();
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("routing_key", "event_action", "dedup_key", "client", "payload", "links");
        assertThat(json.path("routing_key").asText()).isEqualTo("R0UT1NG");
        assertThat(json.path("event_action").asText()).isEqualTo("trigger");
        String key = json.path("dedup_key").asText();
        assertThat(key).isEqualTo("incident4j/credit-risk/bias/age-band=18-25");
        assertThat(json.path("payload").path("summary").asText())
                .isEqualTo("[P1] credit-risk: approvals of age-band=18-25 fell from 61 % to 12 %");
        assertThat(json.path("payload").path("severity").asText()).isEqualTo("error");
        assertThat(json.path("payload").path("source").asText()).isEqualTo("credit-risk");
        assertThat(json.path("payload").path("class").asText()).isEqualTo("bias");
        assertThat(json.path("payload").path("timestamp").asText()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(json.path("links").get(0).path("href").asText()).isEqualTo(LINK.toString());

        Receiver.Post change = sent(channel, told(Notification.Kind.UPDATED, events.then(Kind.CONTAINMENT)));
        assertThat(change.path()).as("pages nobody").isEqualTo("/v2/change/enqueue");
        assertThat(change.json().path("routing_key").asText()).isEqualTo("R0UT1NG");
        assertThat(change.json().path("payload").path("summary").asText()).startsWith("Update: [P1]");
        assertThat(change.json()
                        .path("payload")
                        .path("custom_details")
                        .path("text")
                        .asText())
                .contains("containment, by incident4j: what happened");

        Receiver.Post worse = sent(channel, told(Notification.Kind.UPDATED, events.then(Kind.SEVERITY_RAISED)));
        assertThat(worse.json().path("event_action").asText()).isEqualTo("trigger");
        Receiver.Post acknowledged =
                sent(channel, told(Notification.Kind.ACKNOWLEDGED, events.then(Kind.ACKNOWLEDGED)));
        assertThat(acknowledged.json().path("event_action").asText()).isEqualTo("acknowledge");
        Receiver.Post resolved = sent(channel, told(Notification.Kind.RESOLVED, events.then(Kind.RESOLVED)));
        assertThat(resolved.json().path("event_action").asText()).isEqualTo("resolve");
        for (Receiver.Post post : List.of(worse, acknowledged, resolved)) {
            assertThat(post.json().path("dedup_key").asText()).isEqualTo(key);
        }
        JsonNode storm = sent(channel, storm(30)).json();
        assertThat(storm.path("dedup_key").asText()).isEqualTo("incident4j/storm/P0/2026-11-20T12:00:00Z");
        assertThat(storm.path("payload").path("severity").asText()).isEqualTo("critical");
        assertThat(storm.path("payload").path("summary").asText())
                .isEqualTo("News of 30 incidents at once (1 P0, 29 P2)");
    }

    @Test
    void stormOfIncidentsThatAreOverInPart_isAsBadAsTheOpenOnes() throws Exception {
        Channel pager = Channels.pagerDuty("R0UT1NG", receiver.uri(""));
        JsonNode storm = sent(pager, stormOf(Severity.P3, 11, Severity.P1)).json();
        assertThat(storm.path("dedup_key").asText()).startsWith("incident4j/storm/P3/");
        assertThat(storm.path("payload").path("severity").asText()).isEqualTo("info");
        assertThat(sent(pager, stormOf(Severity.P3, 0, Severity.P1)).path()).isEqualTo("/v2/change/enqueue");
        Channel alertmanager = Channels.alertmanager(receiver.uri(""));
        assertThat(sent(alertmanager, stormOf(Severity.P3, 11, Severity.P1)).json())
                .hasSize(1);
        assertThat(sent(alertmanager, stormOf(Severity.P3, 0, Severity.P1)).json())
                .as("nothing fires")
                .isEmpty();
    }

    @Test
    void longAndStrangeTexts_keepWithinTheReceiversLimits() throws Exception {
        String monster = "\uD800" + "\uD83D\uDE00".repeat(40_000) + "<b>&\r\nX-Header: 1";
        IncidentEvent event = new Events("inc-1", Severity.P0).finding(monster).then(Kind.OPENED, monster);
        Notification told = told(Notification.Kind.OPENED, event);
        JsonNode pager =
                sent(Channels.pagerDuty("key", receiver.uri("/")), told).json();
        String summary = pager.path("payload").path("summary").asText();
        assertThat(summary).hasSizeBetween(1_020, 1_024).endsWith("\uD83D\uDE00…");
        JsonNode slack = sent(Channels.slack(receiver.uri("/hook")), told).json();
        assertThat(slack.path("blocks").get(0).path("text").path("text").asText())
                .hasSizeLessThanOrEqualTo(150);
        assertThat(slack.path("blocks").get(1).path("text").path("text").asText())
                .hasSizeLessThanOrEqualTo(3_000);
        Receiver.Post teams = sent(Channels.teams(receiver.uri("/hook")), told);
        assertThat(teams.bytes()).hasSizeLessThan(28_000);
        for (Channel channel : List.of(Channels.alertmanager(receiver.uri("/")), Channels.webhook(receiver.uri("/")))) {
            assertThat(sent(channel, told).json().isContainerNode()).isTrue();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Channels.jsonLines(new PrintStream(out, false, StandardCharsets.UTF_8)).send(told);
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(1).startsWith("{\"specversion\":\"1.0\"");
        List<String> mails = new ArrayList<>();
        Channels.email((subject, text) -> mails.add(subject)).send(told);
        assertThat(mails.get(0)).doesNotContain("\r", "\n");
    }

    /** A key that is too long is cut, and still no other's. */
    @Test
    void longKeys_stayApart() throws Exception {
        Channel channel = Channels.pagerDuty("key", receiver.uri("/"));
        List<String> keys = new ArrayList<>();
        for (String end : List.of("a", "b")) {
            IncidentEvent event = new Events("inc-1", Severity.P0).then(Kind.OPENED);
            io.github.incident4j.incident.Incident of = event.incident();
            io.github.incident4j.incident.Incident named = new io.github.incident4j.incident.Incident(
                    of.id(),
                    "m".repeat(400) + end,
                    of.model(),
                    of.type(),
                    of.severity(),
                    of.state(),
                    of.contained(),
                    of.segment(),
                    of.source(),
                    of.finding(),
                    of.evidence(),
                    of.onset(),
                    of.onsetDecision(),
                    of.detected(),
                    of.detectedDecision(),
                    of.signals(),
                    of.handling(),
                    of.timeline());
            keys.add(sent(channel, told(Notification.Kind.OPENED, new IncidentEvent(named, event.entry())))
                    .json()
                    .path("dedup_key")
                    .asText());
        }
        assertThat(keys)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(key).hasSizeLessThanOrEqualTo(255));
    }

    /** As {@code postableAlerts} of Alertmanager's OpenAPI document has it. */
    @Test
    void alertmanager_isToldWhileItFiresAndWhenItEnds() throws Exception {
        Channel channel = Channels.alertmanager(receiver.uri("/prefix"));
        assertThat(channel.repeatEvery()).isEqualTo(Duration.ofMinutes(1));
        Events events = new Events("inc-1", Severity.P1);
        IncidentEvent opened = events.then(Kind.OPENED);
        Receiver.Post firing = sent(channel, told(Notification.Kind.OPENED, opened));
        assertThat(firing.path()).isEqualTo("/prefix/api/v2/alerts");
        JsonNode alert = firing.json().get(0);
        assertThat(firing.json()).hasSize(1);
        assertThat(alert.path("labels").path("alertname").asText()).isEqualTo("Incident4j");
        assertThat(alert.path("labels").path("severity").asText()).isEqualTo("P1");
        assertThat(alert.path("labels").path("incident").asText()).isEqualTo("credit-risk/bias/age-band=18-25");
        assertThat(alert.path("generatorURL").asText()).isEqualTo(LINK.toString());
        assertThat(Instant.parse(alert.path("startsAt").asText())).isEqualTo(Events.NOON);
        assertThat(Instant.parse(alert.path("endsAt").asText()))
                .isBetween(Instant.now().plusSeconds(240), Instant.now().plusSeconds(300));
        JsonNode again =
                sent(channel, told(Notification.Kind.REPEATED, opened)).json().get(0);
        assertThat(again.path("labels")).isEqualTo(alert.path("labels"));
        JsonNode over = sent(channel, told(Notification.Kind.RESOLVED, events.then(Kind.RESOLVED)))
                .json()
                .get(0);
        assertThat(over.path("labels")).isEqualTo(alert.path("labels"));
        assertThat(over.path("endsAt").asText()).isEqualTo("2026-11-20T12:01:00Z");
        assertThat(sent(channel, storm(12))
                        .json()
                        .get(0)
                        .path("labels")
                        .path("alertname")
                        .asText())
                .isEqualTo("Incident4jStorm");
    }

    @Test
    void slack_takesTextFromOutsideAsText() throws Exception {
        IncidentEvent event = new Events("inc-1", Severity.P1)
                .finding("<!channel> *bold* <https://evil.example|click> &amp;")
                .then(Kind.OPENED);
        JsonNode json = sent(
                        Channels.slack(receiver.uri("/services/T0/B0/secret")), told(Notification.Kind.OPENED, event))
                .json();
        assertThat(json.path("text").asText()).contains("&lt;!channel&gt;").doesNotContain("<");
        for (JsonNode block : json.path("blocks")) {
            assertThat(block.path("text").path("type").asText()).isEqualTo("plain_text");
        }
    }

    @Test
    void teams_isAMessageWithAnAdaptiveCard() throws Exception {
        JsonNode json = sent(Channels.teams(receiver.uri("/flow")), opened()).json();
        assertThat(json.path("type").asText()).isEqualTo("message");
        JsonNode attachment = json.path("attachments").get(0);
        assertThat(attachment.path("contentType").asText()).isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(attachment.path("content").path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(attachment.path("content").path("actions").get(0).path("url").asText())
                .isEqualTo(LINK.toString());
    }

    @Test
    void webhook_isASignedCloudEvent() throws Exception {
        WebhookKey key = WebhookKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        WebhookKey next = WebhookKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx");
        Channel channel =
                Channels.webhook(receiver.uri("/in")).signedBy(key, next).header("Authorization", "Bearer t0ken");
        Receiver.Post post = sent(channel, opened());
        assertThat(post.header("Content-Type")).isEqualTo("application/cloudevents+json");
        assertThat(post.header("Authorization")).isEqualTo("Bearer t0ken");
        for (WebhookKey each : List.of(key, next)) {
            WebhookVerifier.standard(each).verify(post.headers(), post.bytes(), Instant.now());
        }
        JsonNode event = post.json();
        for (String name : List.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype")) {
            assertThat(event.path(name).isTextual()).as(name).isTrue();
        }
        assertThat(event.path("type").asText()).isEqualTo("io.github.incident4j.incident.opened");
        assertThat(event.path("id").asText()).isEqualTo(post.header("webhook-id"));
        assertThat(event.path("data").path("incident").path("state").asText()).isEqualTo("detected");
        assertThat(event.path("data").path("news").get(0).path("number").asInt())
                .isEqualTo(1);
        assertThat(sent(channel, storm(11)).json().path("data").path("incidents"))
                .hasSize(11);
    }

    @Test
    void words_areTheHostsIfItHasAny() throws Exception {
        HttpChannel channel = Channels.slack(receiver.uri("/hook"))
                .worded(notification -> new Wording.Message("Störung", "Bitte ansehen"));
        assertThat(sent(channel, opened()).json().path("text").asText()).isEqualTo("Störung");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422})
    void notificationThatIsNotUnderstood_isNotWorthAnotherAttempt(int status) {
        receiver.answering(exchange -> {
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write("no such\nkey".getBytes(StandardCharsets.UTF_8));
        });
        assertThatThrownBy(() ->
                        Channels.webhook(receiver.uri("/s3cret?token=s3cret")).send(opened()))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        thrown -> assertThat(thrown.isUseless()).isTrue())
                .hasMessageContaining("status " + status + ": no such key")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cret"));
    }

    /** As frameworks do that say which path they do not know. */
    @Test
    void answerThatEchoesTheSecretPath_isNotQuoted() {
        receiver.answering(exchange -> {
            exchange.sendResponseHeaders(404, 0);
            exchange.getResponseBody()
                    .write(("Cannot POST " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8));
        });
        assertThatThrownBy(() ->
                        Channels.slack(receiver.uri("/services/T0/s3cret")).send(opened()))
                .hasMessageContaining("status 404")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void streamThatFailedOnce_isWrittenOn() throws Exception {
        boolean[] full = {true};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Channel channel = Channels.jsonLines(new PrintStream(new java.io.OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (full[0]) {
                    throw new IOException("no space");
                }
                out.write(b);
            }
        }));
        assertThatThrownBy(() -> channel.send(opened())).isInstanceOf(DeliveryException.class);
        full[0] = false;
        channel.send(opened());
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 408, 429, 500, 503})
    void otherAnswers_areWorthAnotherAttempt(int status) {
        receiver.answering(exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "7");
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status, -1);
        });
        assertThatThrownBy(() -> Channels.webhook(receiver.uri("/")).send(opened()))
                .isInstanceOfSatisfying(DeliveryException.class, thrown -> {
                    assertThat(thrown.isUseless()).isFalse();
                    assertThat(thrown.retryAfter()).contains(Duration.ofSeconds(7));
                })
                .hasMessageContaining("status " + status);
    }

    @Test
    void receiverThatHangs_isGivenUpInTime() {
        receiver.hanging();
        assertThatThrownBy(() -> Channels.webhook(receiver.uri("/s3cret"))
                        .timeout(Duration.ofMillis(200))
                        .send(opened()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not answered within")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    @SuppressWarnings("NullAway") // what null does
    void settingsThatCannotBe_areAllNamed() {
        assertThat(Channels.pagerDuty("").faults()).singleElement().asString().contains("routing key");
        assertThat(Channels.slack(null).faults()).singleElement().asString().contains("URI is null");
        assertThat(Channels.slack(URI.create("mailto:a@b")).faults()).isNotEmpty();
        assertThat(Channels.webhook(URI.create("https://u:p@h/")).faults())
                .singleElement()
                .asString()
                .contains("user and password")
                .doesNotContain("u:p");
        assertThat(Channels.webhook(URI.create("http://hooks.example.com/x"))
                        .timeout(Duration.ZERO)
                        .header("a b", "c")
                        .worded(null)
                        .signedBy((WebhookKey) null)
                        .faults())
                .hasSize(5)
                .anyMatch(fault -> fault.contains("allowPlainHttp()"));
        assertThat(Channels.webhook(URI.create("http://hooks.example.com/x"))
                        .allowPlainHttp()
                        .faults())
                .isEmpty();
        for (String loopback : List.of("http://localhost:1/", "http://127.0.0.1/", "http://[::1]:8/")) {
            assertThat(Channels.webhook(URI.create(loopback)).faults())
                    .as(loopback)
                    .isEmpty();
        }
        assertThat(Channels.webhook(URI.create("http://127.0.0.1.evil.example/"))
                        .faults())
                .hasSize(1);
        assertThat(Channels.slack(URI.create("https://hooks.slack.com/services/T/B/s3cret")))
                .hasToString("Slack at https://hooks.slack.com");
    }

    @Test
    void entriesOfALongOutage_areToldBriefly() {
        List<TimelineEntry> news = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> new TimelineEntry(i, Events.NOON, Kind.CONTAINMENT, "incident4j", "step " + i))
                .toList();
        IncidentEvent event = new Events("inc-1", Severity.P1).then(Kind.OPENED);
        Wording.Message message = Wording.standard()
                .of(new Notification.OfIncident(
                        "id", Notification.Kind.UPDATED, event.incident(), news, Optional.empty()));
        assertThat(message.text()).contains("- 28 earlier entries", "step 40").doesNotContain("step 28\n");
    }
}
