// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.incident4j.Eventually;
import io.github.incident4j.audit.TrailRecord;
import io.github.incident4j.call.GuardedModel;
import io.github.incident4j.detect.Detectors;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.ConfigurationException;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.Channels;
import io.github.incident4j.notify.DeliveryPolicy;
import io.github.incident4j.notify.Notification;
import io.github.incident4j.notify.Receiver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From harm to a receiver, by the channels of a runtime. */
class ChannelsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Cause CAUSE = Cause.by("on-call").because("looking");

    @TempDir
    Path directory;

    private final Receiver receiver = new Receiver();

    ChannelsTest() throws IOException {}

    @AfterEach
    void close() {
        receiver.close();
    }

    private IncidentRuntime open(UnaryOperator<RuntimeBuilder> settings) {
        return open(directory, settings);
    }

    private static IncidentRuntime open(Path home, UnaryOperator<RuntimeBuilder> settings) {
        return settings.apply(IncidentRuntime.builder().directory(home)).build();
    }

    /** A model that denies everybody, where one in ten was denied. */
    private static void harm(IncidentRuntime runtime, String name) {
        GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard(name)
                .route("v1", input -> false)
                .withoutBreaker()
                .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                        .baseline(0.1, 20_000)
                        .falseAlarmAtMostOncePer(1_000))
                .build();
        for (int i = 0; i < 30; i++) {
            model.call("a");
        }
        assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
    }

    private List<String> actions() {
        return receiver.taken().stream()
                .filter(post -> post.path().equals("/v2/enqueue"))
                .map(post -> post.json().path("event_action").asText())
                .toList();
    }

    @Test
    void incident_isTriggeredAcknowledgedAndResolvedAtThePager() {
        try (IncidentRuntime runtime =
                open(builder -> builder.channel("pager", Channels.pagerDuty("key", receiver.uri("/")))
                        .incidentLinks(incident -> URI.create("https://ops.example.com/" + incident.id())))) {
            harm(runtime, "credit");
            Incident incident = runtime.incidents().open().get(0);
            assertThat(incident.isAcknowledged()).isFalse();
            runtime.incidents().acknowledge(incident.id(), CAUSE);
            runtime.incidents().acknowledge(incident.id(), CAUSE);
            assertThat(runtime.incidents().find("inc-1").orElseThrow().isAcknowledged())
                    .isTrue();
            assertThat(runtime.incidents().acknowledge("inc-9", CAUSE)).isEmpty();
            runtime.incidents().resolve(incident.id(), CAUSE);
            runtime.incidents().acknowledge(incident.id(), CAUSE);
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            assertThat(actions()).startsWith("trigger").endsWith("acknowledge", "resolve");
            assertThat(actions()).filteredOn(each -> !each.equals("trigger")).hasSize(2);
            assertThat(receiver.taken()
                            .get(0)
                            .json()
                            .path("links")
                            .get(0)
                            .path("href")
                            .asText())
                    .isEqualTo("https://ops.example.com/inc-1");
            try (Stream<TrailRecord> records = runtime.trail().records()) {
                assertThat(records.map(TrailRecord::type)).contains("notify.taken");
            }
        }
    }

    @Test
    void twentyProcessesWithOneCause_areOneAlertAtThePager() {
        List<IncidentRuntime> processes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            IncidentRuntime runtime = open(
                    directory.resolve("pod-" + i),
                    builder -> builder.channel("pager", Channels.pagerDuty("key", receiver.uri("/"))));
            processes.add(runtime);
            harm(runtime, "credit");
        }
        processes.forEach(IncidentRuntime::close);
        assertThat(receiver.taken().stream()
                        .filter(post -> post.path().equals("/v2/enqueue"))
                        .map(post -> post.json().path("dedup_key").asText())
                        .distinct())
                .containsExactly("incident4j/credit/performance");
    }

    @Test
    void receiverThatHangs_delaysNeitherCallsNorOtherChannelsNorTheEnd() {
        receiver.hanging();
        List<Notification> heard = new CopyOnWriteArrayList<>();
        long begun;
        try (IncidentRuntime runtime = open(builder -> builder.channel(
                        "slow", Channels.webhook(receiver.uri("/")).timeout(Duration.ofMinutes(1)))
                .channel("quick", heard::add))) {
            GuardedModel<String, Boolean> model = runtime.<String, Boolean>guard("credit")
                    .route("v1", input -> false)
                    .withoutBreaker()
                    .detect(Detectors.<Boolean>rate("denials", approved -> !approved)
                            .baseline(0.1, 20_000)
                            .falseAlarmAtMostOncePer(1_000))
                    .build();
            for (int i = 0; i < 30; i++) {
                model.call("a");
            }
            Eventually.until(() -> !heard.isEmpty());
            begun = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        receiver.taking();
        try (IncidentRuntime runtime = open(builder -> builder.channel("slow", Channels.webhook(receiver.uri("/"))))) {
            assertThat(runtime.awaitQuiet(LIMIT)).isTrue();
            assertThat(receiver.taken().get(0).json().path("type").asText())
                    .isEqualTo("io.github.incident4j.incident.opened");
        }
    }

    /** Whatever a host's channel throws, the next notification reaches it, and the runtime lives. */
    @Test
    void channelThatThrowsAnything_harmsNobody() {
        CountDownLatch second = new CountDownLatch(2);
        try (IncidentRuntime runtime = open(builder -> builder.channel("odd", notification -> {
            second.countDown();
            throw new StackOverflowError("odd");
        }))) {
            harm(runtime, "credit");
            Eventually.until(() -> second.getCount() == 0);
            assertThat(runtime.incidents().open()).hasSize(1);
        }
    }

    /** It runs on the channel's thread and holds nothing: it may ask the runtime. */
    @Test
    void linkThatAsksTheRuntime_doesNotHangIt() {
        List<Notification> heard = new CopyOnWriteArrayList<>();
        AtomicReference<IncidentRuntime> own = new AtomicReference<>();
        try (IncidentRuntime runtime =
                open(builder -> builder.channel("chat", heard::add).incidentLinks(incident -> {
                    IncidentRuntime known = own.get();
                    int open = known == null ? 0 : known.incidents().open().size();
                    return URI.create("https://ops.example.com/" + open);
                }))) {
            own.set(runtime);
            for (int i = 0; i < 20; i++) {
                harm(runtime, "credit-" + i);
            }
            assertThat(runtime.incidents().open()).hasSize(20);
        }
        assertThat(heard).isNotEmpty();
    }

    @Test
    void channelThatLeavesAnInterruptBehind_livesOn() {
        List<Notification> heard = new CopyOnWriteArrayList<>();
        try (IncidentRuntime runtime = open(builder -> builder.channel("odd", notification -> {
            heard.add(notification);
            Thread.currentThread().interrupt();
            if (heard.size() == 1) {
                throw new InterruptedException("of its own");
            }
        }))) {
            harm(runtime, "credit");
            Eventually.until(() -> heard.size() >= 2);
        }
    }

    @Test
    void policy_holdsBackWhatIsNotBadEnough() {
        List<Notification> heard = new CopyOnWriteArrayList<>();
        try (IncidentRuntime runtime = open(builder -> builder.channel(
                "director", heard::add, DeliveryPolicy.standard().from(Severity.P0)))) {
            harm(runtime, "credit");
            assertThat(runtime.incidents().open()).hasSize(1);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void ephemeralRuntime_tellsToo() {
        List<Notification> heard = new CopyOnWriteArrayList<>();
        try (IncidentRuntime runtime = IncidentRuntime.builder()
                .ephemeral()
                .channel("chat", heard::add)
                .build()) {
            harm(runtime, "credit");
        }
        assertThat(heard).isNotEmpty();
    }

    @Test
    void linkThatCannotBeMade_isLeftOut() {
        List<Notification> heard = new CopyOnWriteArrayList<>();
        try (IncidentRuntime runtime =
                open(builder -> builder.channel("chat", heard::add).incidentLinks(incident -> {
                    throw new IllegalStateException("no");
                }))) {
            harm(runtime, "credit");
        }
        assertThat(((Notification.OfIncident) heard.get(0)).link()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what null does
    void faults_areAllToldAtOnce() {
        Channel chat = notification -> {};
        assertThatThrownBy(() -> IncidentRuntime.builder()
                        .ephemeral()
                        .channel("chat", chat)
                        .channel("chat", chat)
                        .channel("a b", chat)
                        .channel("none", null)
                        .channel("pager", Channels.pagerDuty(" "))
                        .channel("hook", Channels.webhook(URI.create("http://hooks.example.com/")))
                        .incidentLinks(null)
                        .build())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        thrown -> assertThat(thrown.faults())
                                .hasSize(6)
                                .anyMatch(fault -> fault.startsWith("channel 'pager': the routing key")));
        assertThatThrownBy(() -> DeliveryPolicy.standard().atMostPerMinute(0)).hasMessageContaining("1 to 6000");
        assertThatThrownBy(() -> DeliveryPolicy.standard().givingUpAfter(Duration.ZERO))
                .hasMessageContaining("one minute to 30 days");
        assertThatThrownBy(() -> DeliveryPolicy.standard().from(null)).hasMessageContaining("P0 to P3");
    }
}
