// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.incident.internal.IncidentRules;
import io.github.incident4j.model.Cause;
import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryException;
import io.github.incident4j.notify.DeliveryPolicy;
import io.github.incident4j.notify.Notification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An outbox with a trail in memory, without threads, and with a clock that tests move. */
class ChannelOutboxTest {
    private static final Cause CAUSE = Cause.by("lead").because("over");

    private static final Notification.Kind IN_A_STORM = Notification.Kind.REPEATED; // which none of these is

    private final List<StoredRecord> trail = new ArrayList<>();
    private final Map<String, Script> scripts = new LinkedHashMap<>(Map.of("pager", new Script()));
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final TimeSource time = TimeSource.following(() -> now);
    private DeliveryPolicy policy = DeliveryPolicy.standard();
    private boolean crashed; // what is recorded now is lost
    private IncidentDesk desk;
    private ChannelOutbox outbox;

    ChannelOutboxTest() {
        restart();
    }

    /** A receiver that does as it is told. */
    private static class Script implements Channel {
        final List<Notification> taken = new ArrayList<>();
        private @Nullable Exception refusal;
        private Runnable afterwards = () -> {};
        private int attempts;

        @Override
        public void send(Notification notification) throws Exception {
            attempts++;
            Exception thrown = refusal;
            if (thrown != null) {
                throw thrown;
            }
            taken.add(notification);
            afterwards.run();
        }

        List<String> said() {
            return taken.stream().map(Script::shortly).toList();
        }

        private static String shortly(Notification notification) {
            return notification instanceof Notification.OfIncident one
                    ? one.incident().id() + " " + one.kind()
                    : "storm";
        }
    }

    private static StoredRecord stored(int sequence, TrailEntry entry) {
        try (TokenBuffer members = new TokenBuffer(new ObjectMapper(), false)) {
            members.writeStartObject();
            entry.writeMembers(members);
            members.writeEndObject();
            JsonNode json = new ObjectMapper().readTree(members.asParser());
            return new StoredRecord(sequence, Instant.EPOCH, entry.type(), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(TrailEntry entry) {
        if (!crashed) {
            trail.add(stored(trail.size(), entry));
        }
    }

    /** A process ends wherever it is, and the next one reads the trail. */
    private void restart() {
        crashed = false;
        Map<String, ChannelOutbox.Configured> channels = new LinkedHashMap<>();
        scripts.forEach((name, script) -> channels.put(name, new ChannelOutbox.Configured(script, policy)));
        outbox = new ChannelOutbox(
                channels,
                incident -> Optional.empty(),
                time,
                this::append,
                what -> desk.raise(IncidentType.COMPLIANCE, Severity.P2, what));
        desk = new IncidentDesk(time, IncidentRules.STANDARD, this::append, outbox::publish);
        for (StoredRecord record : List.copyOf(trail)) {
            outbox.replay(record);
            if (record.type().equals("runtime.opened")) {
                Map<String, Severity> present = new LinkedHashMap<>();
                record.json()
                        .path("channels")
                        .properties()
                        .forEach(each -> present.put(
                                each.getKey(), Severity.valueOf(each.getValue().asText())));
                outbox.opened(present);
            }
            desk.replay(record).ifPresent(outbox::publish);
        }
        JsonNode names = new ObjectMapper().valueToTree(Map.of("channels", outbox.configured()));
        trail.add(new StoredRecord(trail.size(), Instant.EPOCH, "runtime.opened", names));
        outbox.opened(outbox.configured());
    }

    private Script pager() {
        return java.util.Objects.requireNonNull(scripts.get("pager"));
    }

    private Script chat() {
        return java.util.Objects.requireNonNull(scripts.get("chat"));
    }

    private void open(String finding) {
        desk.raise(IncidentType.BIAS, Severity.P1, finding);
    }

    private void sendAll() {
        try {
            for (int i = 0; i < 1_000; i++) {
                while (outbox.sendDue()) {
                    // there may be more
                }
                now = now.plusSeconds(10);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void sendNow() {
        try {
            while (outbox.sendDue()) {
                // there may be more
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void incidentThatOpensAndResolvesInAnOutageAndARestart_isDeliveredAsBoth() {
        pager().refusal = DeliveryException.busy("429", Optional.of(Duration.ofSeconds(30)));
        open("a");
        sendNow();
        desk.resolve("inc-1", CAUSE);
        sendNow();
        restart();
        sendNow();
        assertThat(pager().taken).isEmpty();
        pager().refusal = null;
        sendAll();
        assertThat(pager().said()).containsExactly("inc-1 OPENED", "inc-1 RESOLVED");
        restart();
        sendAll();
        assertThat(pager().taken).as("not again").hasSize(2);
    }

    @Test
    void pauseThatTheReceiverAsksFor_isKept() {
        pager().refusal = DeliveryException.busy("429", Optional.of(Duration.ofSeconds(90)));
        open("a");
        sendNow();
        pager().refusal = null;
        now = now.plusSeconds(89);
        sendNow();
        assertThat(pager().attempts).isEqualTo(1);
        now = now.plusSeconds(1);
        sendNow();
        assertThat(pager().said()).containsExactly("inc-1 OPENED");
    }

    @Test
    void channelThatFailsForTenMinutes_isToldByTheOther() {
        scripts.put("chat", new Script());
        restart();
        pager().refusal = new IOException("connection refused");
        open("a");
        for (int i = 0; i < 100; i++) {
            sendNow();
            now = now.plusSeconds(10);
        }
        assertThat(desk.open()).hasSize(2);
        assertThat(desk.open().get(1).finding()).contains("channel 'pager' cannot be reached");
        assertThat(chat().said()).containsExactly("inc-1 OPENED", "inc-2 OPENED");
        assertThat(pager().attempts).as("it is tried more and more seldom").isBetween(8, 40);
    }

    @Test
    void notificationThatIsRefused_isGivenUpRecordedAndToldByTheOther() {
        scripts.put("chat", new Script());
        restart();
        pager().refusal = DeliveryException.refused("status 400: no such key");
        open("a");
        sendAll();
        assertThat(trail)
                .filteredOn(each -> each.type().equals("notify.given-up"))
                .isNotEmpty()
                .allSatisfy(
                        each -> assertThat(each.json().path("because").asText()).contains("no such key"));
        assertThat(desk.open()).hasSize(2);
        assertThat(desk.open().get(1).finding()).contains("channel 'pager' refuses");
        assertThat(chat().said()).contains("inc-2 OPENED");
        assertThat(pager().attempts).as("what is refused is not sent again").isEqualTo(2);
        pager().refusal = null;
        desk.resolve("inc-1", CAUSE);
        sendAll();
        assertThat(pager().said()).containsExactly("inc-1 RESOLVED");
    }

    @Test
    void newsThatAreTooOld_areGivenUp() {
        pager().refusal = new IOException("no route");
        open("a");
        sendNow();
        now = now.plus(Duration.ofDays(3).plusMinutes(6));
        sendNow();
        assertThat(trail)
                .filteredOn(each -> each.type().equals("notify.given-up"))
                .hasSize(1);
    }

    @Test
    void channelThatIsNew_isToldOfWhatIsOpenAndOneThatIsGoneForgetsWhatWaited() {
        open("a");
        sendNow();
        scripts.put("chat", new Script());
        restart();
        sendNow();
        assertThat(chat().said()).containsExactly("inc-1 OPENED");
        chat().refusal = new IOException("no");
        desk.note("inc-1", Kind.CONTAINMENT, "rollback");
        sendNow();
        Script chat = chat();
        scripts.remove("chat");
        restart();
        sendNow();
        chat.refusal = null;
        scripts.put("chat", chat);
        restart();
        sendNow();
        assertThat(chat.said()).containsExactly("inc-1 OPENED", "inc-1 OPENED");
        assertThat(pager().said()).containsExactly("inc-1 OPENED", "inc-1 UPDATED");
    }

    @Test
    void newChannelThatIsToldNothingBeforeACrash_isToldAfterIt() {
        open("a");
        sendNow();
        scripts.put("chat", new Script());
        restart();
        restart();
        sendNow();
        assertThat(chat().said()).containsExactly("inc-1 OPENED");
    }

    @Test
    void receiverThatWantsRepetitions_getsThemWhileTheIncidentIsOpen() {
        Channel repeating = new Channel() {
            @Override
            public void send(Notification notification) throws Exception {
                pager().send(notification);
            }

            @Override
            public Duration repeatEvery() {
                return Duration.ofMinutes(1);
            }
        };
        outbox = new ChannelOutbox(
                Map.of("alerts", new ChannelOutbox.Configured(repeating, DeliveryPolicy.standard())),
                incident -> Optional.empty(),
                time,
                this::append,
                what -> {});
        outbox.opened(outbox.configured());
        desk = new IncidentDesk(time, IncidentRules.STANDARD, this::append, outbox::publish);
        open("a");
        open("b");
        sendNow();
        for (int i = 0; i < 180; i++) {
            now = now.plusSeconds(1);
            sendNow();
        }
        assertThat(pager().said())
                .hasSize(2 + 2 * 3)
                .filteredOn(each -> each.endsWith("REPEATED"))
                .hasSize(6);
        assertThat(trail)
                .filteredOn(each -> each.type().equals("notify.taken"))
                .as("no record of these")
                .hasSize(2);
        desk.resolve("inc-1", CAUSE);
        desk.resolve("inc-2", CAUSE);
        sendNow();
        int ended = pager().taken.size();
        now = now.plusSeconds(600);
        sendNow();
        assertThat(pager().taken).hasSize(ended);
    }

    /** Else Alertmanager would take all that is open for over. */
    @Test
    void receiverThatWantsRepetitions_getsThemBesideWhatItDoesNotLike() {
        Picky picky = new Picky() {
            @Override
            public Duration repeatEvery() {
                return Duration.ofMinutes(1);
            }
        };
        scripts.put("pager", picky);
        restart();
        open("a");
        sendNow();
        open("<script>1");
        open("<script>2");
        run(Duration.ofMinutes(1));
        for (int i = 0; i < 60; i++) {
            int before = picky.taken.size();
            run(Duration.ofMinutes(1).plusSeconds(45));
            assertThat(picky.said().subList(before, picky.taken.size())).contains("inc-1 REPEATED");
        }
    }

    /** What was not told by the policy of its day is not told of the past by another one. */
    @Test
    void policyThatChanges_isOneOfWhatIsOpen() {
        policy = DeliveryPolicy.standard().from(Severity.P0);
        restart();
        open("a");
        open("b");
        desk.resolve("inc-1", CAUSE);
        sendNow();
        policy = DeliveryPolicy.standard();
        restart();
        sendNow();
        assertThat(pager().said()).containsExactly("inc-2 OPENED");
        policy = DeliveryPolicy.standard().from(Severity.P0);
        restart();
        desk.resolve("inc-2", CAUSE);
        sendNow();
        assertThat(pager().said()).as("it knows it").containsExactly("inc-2 OPENED", "inc-2 RESOLVED");
    }

    @Test
    void openIncidentThatWasGivenUp_isToldByTheNextRun() {
        pager().refusal = DeliveryException.refused("status 400: no such key");
        open("a");
        sendNow();
        pager().refusal = null;
        restart();
        sendNow();
        assertThat(pager().said()).contains("inc-1 OPENED");
    }

    @Test
    void recordOfTheChannelsThatRetentionHasDropped_losesNothing() {
        pager().refusal = new IOException("no");
        open("a");
        sendNow();
        desk.resolve("inc-1", CAUSE);
        trail.removeIf(record -> record.type().equals("runtime.opened"));
        pager().refusal = null;
        restart();
        sendAll();
        assertThat(pager().said()).containsExactly("inc-1 OPENED", "inc-1 RESOLVED");
    }

    /** A receiver that does not like some texts. */
    private static class Picky extends Script {
        private boolean working = true;

        private static boolean dislikes(Notification notification) {
            return notification instanceof Notification.OfStorm storm
                    ? storm.incidents().stream().anyMatch(each -> each.finding().contains("<script>"))
                    : ((Notification.OfIncident) notification)
                            .incident()
                            .finding()
                            .contains("<script>");
        }

        @Override
        public void send(Notification notification) throws Exception {
            if (dislikes(notification) || !working) {
                throw DeliveryException.busy("403 by something on the way", Optional.empty());
            }
            super.send(notification);
        }
    }

    private Picky picky() {
        Picky picky = new Picky();
        scripts.put("pager", picky);
        restart();
        return picky;
    }

    private void open(Severity severity, String finding) {
        desk.raise(IncidentType.BIAS, severity, finding);
    }

    private void run(Duration length) {
        for (Instant end = now.plus(length); now.isBefore(end); now = now.plusMillis(500)) {
            sendNow();
        }
    }

    @Test
    void thoseThatTheReceiverDoesNotLike_holdUpNoOther() {
        Picky picky = picky();
        open("<script>1");
        open("<script>2");
        open(Severity.P3, "c");
        run(Duration.ofSeconds(5));
        assertThat(picky.said()).containsExactly("inc-3 OPENED");
        for (int hour = 0; hour < 3; hour++) {
            run(Duration.ofHours(1));
            open(Severity.P3, "of hour " + hour);
            run(Duration.ofSeconds(11));
            assertThat(picky.said()).hasSize(3 + hour); // and the alarm
        }
    }

    @Test
    void worstOnes_areTriedAtOnceWhileTheChannelPauses() {
        Picky picky = picky();
        open("<script>");
        run(Duration.ofMinutes(59));
        int before = picky.taken.size();
        open(Severity.P0, "b");
        run(Duration.ofSeconds(11));
        assertThat(picky.said()).hasSize(before + 1);
    }

    @Test
    void oneOfAStormThatTheReceiverDoesNotLike_holdsUpNoOther() {
        Picky picky = picky();
        picky.working = false;
        open(Severity.P0, "before the storm");
        run(Duration.ofHours(1));
        open("<script>");
        for (int i = 0; i < 40; i++) {
            open(Severity.P2, "finding " + i);
        }
        run(Duration.ofMinutes(1));
        picky.working = true;
        run(Duration.ofMinutes(7));
        assertThat(picky.taken.stream()
                        .mapToInt(each -> Delivery.told(each).size())
                        .sum())
                .isEqualTo(1 + 40 + 1); // and the alarm
    }

    /** Twenty processes that fail at the same moment must not come back at the same moment. */
    @Test
    void oneIncidentAlone_isTriedAfterPausesOfWhichARandomPartIsLeftOut() {
        pager().refusal = new IOException("no");
        open("a");
        List<Duration> spared = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Instant tried = now;
            int attempts = pager().attempts + 1;
            while (pager().attempts < attempts) {
                now = now.plusMillis(1);
                sendNow();
            }
            spared.add(Duration.ofSeconds(i == 0 ? 0 : 1L << (i - 1)).minus(Duration.between(tried, now)));
        }
        assertThat(spared.subList(1, 7)).allMatch(each -> each.toMillis() >= 0).anyMatch(each -> each.toMillis() > 20);
    }

    /** What opens and is resolved while people are told of it would be told anew after each resolution. */
    @Test
    void oneThatFailsAlone_isAlarmedOfOnce() {
        Picky picky = picky();
        open("<script>");
        for (int i = 0; i < 8; i++) {
            run(Duration.ofHours(1));
            desk.open().stream()
                    .filter(each -> !each.id().equals("inc-1"))
                    .forEach(each -> desk.resolve(each.id(), CAUSE));
        }
        assertThat(picky.said().stream().filter(each -> each.endsWith("OPENED")))
                .as("that it cannot be reached, and that it refuses one")
                .containsExactly("inc-2 OPENED", "inc-3 OPENED");
    }

    @Test
    void stormWithOneThatIsNotUnderstood_givesUpThatOneAlone() {
        Script picky = new Script() {
            @Override
            public void send(Notification notification) throws Exception {
                boolean odd = notification instanceof Notification.OfStorm storm
                        ? storm.incidents().stream()
                                .anyMatch(each -> each.finding().equals("odd"))
                        : ((Notification.OfIncident) notification)
                                .incident()
                                .finding()
                                .equals("odd");
                if (odd) {
                    throw DeliveryException.refused("400");
                }
                super.send(notification);
            }
        };
        scripts.put("pager", picky);
        restart();
        for (int i = 0; i < 30; i++) {
            open(i == 17 ? "odd" : "finding " + i);
        }
        sendAll();
        assertThat(trail)
                .filteredOn(each -> each.type().equals("notify.given-up"))
                .singleElement()
                .satisfies(each -> assertThat(each.json().path("told")).hasSize(1));
        assertThat(outbox.heldSince()).isEmpty();
    }

    @Test
    void receiverThatAsksForAnHour_isToldByTheOthersAfterTenMinutes() {
        scripts.put("chat", new Script());
        restart();
        pager().refusal = DeliveryException.busy("503", Optional.of(Duration.ofHours(1)));
        open("a");
        sendNow();
        now = now.plus(Duration.ofMinutes(10));
        outbox.look();
        outbox.look();
        sendNow();
        assertThat(desk.open()).hasSize(2);
        assertThat(chat().said()).contains("inc-2 OPENED");
    }

    @Test
    void whatWaits_isHeldByTheTrail() {
        assertThat(outbox.heldSince()).isEmpty();
        open("a");
        assertThat(outbox.heldSince()).contains(now);
        sendNow();
        assertThat(outbox.heldSince()).isEmpty();
    }

    /** Whatever happens in whatever order, with a crash between any two steps. */
    @Property(tries = 500)
    void everythingIsTold_inItsOrderAtLeastOnce(
            @ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> actions, @ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        trail.clear();
        scripts.clear();
        scripts.put("pager", new Script());
        restart();
        for (int action : actions) {
            List<Incident> open = desk.open();
            String any =
                    open.isEmpty() ? "" : open.get(random.nextInt(open.size())).id();
            switch (action) {
                case 0, 1 -> open("finding " + random.nextInt(30));
                case 2 -> desk.note(any, Kind.CONTAINMENT, "rollback");
                case 3 -> desk.resolve(any, CAUSE);
                case 4 -> desk.acknowledge(any, CAUSE);
                case 5 -> pager().refusal = random.nextBoolean() ? null : new IOException("no");
                case 6 -> restart();
                case 7 -> { // a crash after the receiver has taken it, before that is recorded
                    pager().afterwards = () -> crashed = true;
                    sendOne();
                    pager().afterwards = () -> {};
                    restart();
                }
                default -> sendOne();
            }
            now = now.plusSeconds(random.nextInt(20));
        }
        pager().refusal = null;
        sendAll();
        Map<String, List<Integer>> wanted = new HashMap<>();
        for (StoredRecord record : trail) {
            if (record.type().startsWith("incident.")) {
                JsonNode timeline = record.json().path("incident").path("timeline");
                wanted.computeIfAbsent(record.json().path("incident").path("id").asText(), id -> new ArrayList<>())
                        .add(timeline.get(timeline.size() - 1).path("number").asInt());
            }
        }
        Map<String, List<Integer>> told = new HashMap<>();
        Map<String, List<Notification.Kind>> kinds = new HashMap<>();
        for (Notification notification : pager().taken) {
            if (notification instanceof Notification.OfIncident one) {
                List<Integer> numbers = told.computeIfAbsent(one.incident().id(), id -> new ArrayList<>());
                one.news().stream()
                        .map(TimelineEntry::number)
                        .filter(number -> !numbers.contains(number))
                        .forEach(numbers::add);
                kinds.computeIfAbsent(one.incident().id(), id -> new ArrayList<>())
                        .add(one.kind());
            } else {
                for (Incident incident : ((Notification.OfStorm) notification).incidents()) {
                    List<Integer> numbers = told.computeIfAbsent(incident.id(), id -> new ArrayList<>());
                    incident.timeline().stream()
                            .map(TimelineEntry::number)
                            .filter(number -> !numbers.contains(number))
                            .forEach(numbers::add);
                    kinds.computeIfAbsent(incident.id(), id -> new ArrayList<>())
                            .add(IN_A_STORM);
                }
            }
        }
        assertThat(told).isEqualTo(wanted);
        kinds.forEach((id, all) -> {
            assertThat(all.get(0)).isIn(IN_A_STORM, Notification.Kind.OPENED);
            if (desk.find(id).filter(Incident::isOpen).isEmpty()) {
                assertThat(all.get(all.size() - 1)).isIn(IN_A_STORM, Notification.Kind.RESOLVED);
            }
        });
    }

    private void sendOne() {
        try {
            outbox.sendDue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
