// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.Events;
import io.github.incident4j.notify.Notification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelQueueTest {
    private static final long SECOND = 1_000_000_000L;

    private final ChannelQueue queue = new ChannelQueue();

    private void add(IncidentEvent event) {
        queue.add(event, Severity.P3);
    }

    private static void take(ChannelQueue queue, Notification notification) {
        Delivery.told(notification).forEach(each -> queue.told(each.incident(), each.number(), true));
    }

    private ChannelQueue.Failed failed(Notification notification, long now) {
        return queue.failed(notification, now, before -> SECOND << before);
    }

    /** Takes all that waits and says it shortly. */
    private static List<String> drain(ChannelQueue queue) {
        List<String> said = new ArrayList<>();
        for (Optional<Notification> next = queue.next(0); next.isPresent(); next = queue.next(0)) {
            take(queue, next.get());
            said.add(shortly(next.get()));
        }
        assertThat(queue.isEmpty()).isTrue();
        return said;
    }

    private static String shortly(Notification notification) {
        if (notification instanceof Notification.OfIncident one) {
            return one.incident().id() + " " + one.kind() + " "
                    + one.news().stream().map(TimelineEntry::number).toList();
        }
        return "storm of " + ((Notification.OfStorm) notification).incidents().size();
    }

    @Test
    void eventsOfAnIncident_areToldOneByOneAsTheyHappen() {
        Events events = new Events("inc-1", Severity.P1);
        List<String> said = new ArrayList<>();
        for (Kind kind :
                List.of(Kind.OPENED, Kind.CONTAINMENT, Kind.ACKNOWLEDGED, Kind.SIGNAL, Kind.CONTAINED, Kind.RESOLVED)) {
            add(events.then(kind));
            said.addAll(drain(queue));
        }
        assertThat(said)
                .containsExactly(
                        "inc-1 OPENED [1]",
                        "inc-1 UPDATED [2]",
                        "inc-1 ACKNOWLEDGED [3]",
                        "inc-1 UPDATED [5]",
                        "inc-1 RESOLVED [6]");
    }

    @Test
    void incidentThatOpensAndResolvesInAnOutage_isToldAsBoth() {
        Events events = new Events("inc-1", Severity.P1);
        for (Kind kind : List.of(Kind.OPENED, Kind.CONTAINMENT, Kind.ACKNOWLEDGED, Kind.CONTAINED, Kind.RESOLVED)) {
            add(events.then(kind));
        }
        assertThat(drain(queue))
                .containsExactly(
                        "inc-1 OPENED [1, 2]", "inc-1 ACKNOWLEDGED [3]", "inc-1 UPDATED [4]", "inc-1 RESOLVED [5]");
    }

    @Test
    void notificationThatWasNotTaken_isToldAgainWithWhatHasHappenedSince() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        Notification first = queue.next(0).orElseThrow();
        add(events.then(Kind.CONTAINMENT));
        assertThat(shortly(queue.next(0).orElseThrow())).isEqualTo("inc-1 OPENED [1, 2]");
        take(queue, first);
        assertThat(drain(queue)).containsExactly("inc-1 UPDATED [2]");
    }

    @Test
    void worstIncident_isToldFirst() {
        add(new Events("inc-1", Severity.P3).then(Kind.OPENED));
        add(new Events("inc-2", Severity.P0).then(Kind.OPENED));
        add(new Events("inc-3", Severity.P0).then(Kind.OPENED));
        assertThat(drain(queue)).containsExactly("inc-2 OPENED [1]", "inc-3 OPENED [1]", "inc-1 OPENED [1]");
    }

    @Test
    void tenThousandIncidentsAtOnce_areOneNotificationAndEachOfThoseOfP0() {
        for (int i = 0; i < 12_000; i++) {
            add(new Events("inc-" + i, i == 7 ? Severity.P0 : Severity.P2).then(Kind.OPENED));
        }
        assertThat(drain(queue)).containsExactly("inc-7 OPENED [1]", "storm of 9999");
        assertThat(queue.takeDropped()).isEqualTo(2_000);
        assertThat(queue.takeDropped()).isZero();
        add(new Events("inc-7", Severity.P0).then(Kind.OPENED));
        assertThat(drain(queue)).containsExactly("inc-7 UPDATED [1]");
    }

    @Test
    void incidentOfATimelineWithoutEnd_keepsItsBeginningAndItsEnd() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        for (int i = 0; i < 500; i++) {
            add(events.then(Kind.SEVERITY_RAISED));
        }
        add(events.then(Kind.RESOLVED));
        List<String> said = drain(queue);
        assertThat(said).hasSize(2);
        assertThat(said.get(0)).startsWith("inc-1 OPENED [1, 2").endsWith("501]");
        assertThat(said.get(1)).isEqualTo("inc-1 RESOLVED [502]");
    }

    @Test
    void lesserIncident_isToldOnceItIsBadEnoughAndThenToItsEnd() {
        Events events = new Events("inc-1", Severity.P2);
        queue.add(events.then(Kind.OPENED), Severity.P1);
        assertThat(queue.next(0)).isEmpty();
        queue.add(events.severity(Severity.P1).then(Kind.SEVERITY_RAISED), Severity.P1);
        queue.add(events.then(Kind.RESOLVED), Severity.P1);
        queue.add(new Events("inc-2", Severity.P3).then(Kind.RESOLVED), Severity.P1);
        assertThat(drain(queue)).containsExactly("inc-1 OPENED [2]", "inc-1 RESOLVED [3]");
    }

    @Test
    void newChannel_isToldOfWhatIsOpen() {
        Events events = new Events("inc-1", Severity.P1);
        events.then(Kind.OPENED);
        queue.introduce(events.then(Kind.CONTAINMENT), Severity.P3);
        assertThat(drain(queue)).containsExactly("inc-1 OPENED [2]");
        queue.introduce(events.then(Kind.CONTAINED), Severity.P3);
        assertThat(queue.isEmpty()).as("it is not new any more").isTrue();
    }

    @Test
    void repetition_isOfWhatIsOpenAndWasTold() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        assertThat(queue.known()).isEmpty();
        drain(queue);
        assertThat(queue.known()).containsExactly("inc-1");
        assertThat(queue.repetition("inc-1", Events.NOON))
                .map(ChannelQueueTest::shortly)
                .contains("inc-1 REPEATED [1]");
        add(events.then(Kind.CONTAINMENT));
        assertThat(queue.repetition("inc-1", Events.NOON))
                .as("its news may be refused, and the harm goes on")
                .map(ChannelQueueTest::shortly)
                .contains("inc-1 REPEATED [1]");
        add(events.then(Kind.RESOLVED));
        assertThat(queue.repetition("inc-1", Events.NOON)).isEmpty();
        drain(queue);
        assertThat(queue.known()).isEmpty();
        assertThat(queue.repetition("inc-1", Events.NOON)).isEmpty();
    }

    /** Else the pager's alerts would stay open for ever, and take in the next ones. */
    @Test
    void manyThatTheChannelKnows_areEachToldTheirEnd() {
        List<Events> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Events events = new Events("inc-" + i, Severity.P1);
            all.add(events);
            add(events.then(Kind.OPENED));
            drain(queue);
        }
        all.forEach(events -> add(events.then(Kind.RESOLVED)));
        assertThat(drain(queue)).hasSize(12).allMatch(each -> each.contains(" RESOLVED "));
    }

    @Test
    void incidentThatFails_restsAndHoldsUpNoOther() {
        add(new Events("inc-1", Severity.P0).then(Kind.OPENED));
        add(new Events("inc-2", Severity.P2).then(Kind.OPENED));
        Notification first = queue.next(0).orElseThrow();
        assertThat(failed(first, 0)).isEqualTo(new ChannelQueue.Failed(0, false));
        assertThat(shortly(queue.next(SECOND - 1).orElseThrow())).isEqualTo("inc-2 OPENED [1]");
        queue.succeeded();
        assertThat(shortly(queue.next(SECOND).orElseThrow()))
                .as("not behind all others")
                .isEqualTo("inc-1 OPENED [1]");
        assertThat(failed(first, SECOND)).as("for how long it fails").isEqualTo(new ChannelQueue.Failed(SECOND, true));
        take(queue, queue.next(SECOND).orElseThrow());
        assertThat(queue.isDue(2 * SECOND - 1)).isFalse();
        assertThat(queue.isDue(2 * SECOND)).isTrue();
        failed(first, 2 * SECOND);
        assertThat(queue.isDue(4 * SECOND - 1)).as("longer and longer").isFalse();
        assertThat(queue.isDue(4 * SECOND)).isTrue();
    }

    @Test
    void whileNothingIsTaken_eachHasItsTurn() {
        add(new Events("inc-1", Severity.P0).then(Kind.OPENED));
        add(new Events("inc-2", Severity.P1).then(Kind.OPENED));
        add(new Events("inc-3", Severity.P3).then(Kind.OPENED));
        List<String> said = new ArrayList<>();
        for (long now = 0; now < 6_000 * SECOND; now += 1_000 * SECOND) {
            Notification next = queue.next(now).orElseThrow();
            said.add(shortly(next));
            failed(next, now);
        }
        assertThat(said).hasSize(6);
        assertThat(said.subList(0, 3))
                .isEqualTo(said.subList(3, 6))
                .containsExactly("inc-1 OPENED [1]", "inc-2 OPENED [1]", "inc-3 OPENED [1]");
        assertThat(queue.nextNew(6_000 * SECOND)).isEmpty();
        assertThat(queue.hasNew()).isFalse();
        add(new Events("inc-4", Severity.P3).then(Kind.OPENED));
        assertThat(queue.hasNew()).isTrue();
        assertThat(queue.nextNew(6_000 * SECOND)).map(ChannelQueueTest::shortly).contains("inc-4 OPENED [1]");
    }

    /** Else those that opened in an outage would be told behind lesser ones that have opened since. */
    @Test
    void whatFailedInAnOutage_restsNoMoreWhenItIsOver() {
        add(new Events("inc-1", Severity.P0).then(Kind.OPENED));
        failed(queue.next(0).orElseThrow(), 0);
        add(new Events("inc-2", Severity.P3).then(Kind.OPENED));
        take(queue, queue.next(0).orElseThrow());
        assertThat(queue.isDue(0)).isFalse();
        queue.succeeded();
        assertThat(queue.isDue(0)).isTrue();
        failed(queue.next(1).orElseThrow(), 1);
        queue.succeeded();
        assertThat(queue.isDue(1)).as("others are taken: it is this one").isFalse();
    }

    @Test
    void incidentThatFails_isAlarmedOfOnce() {
        add(new Events("inc-1", Severity.P0).then(Kind.OPENED));
        Notification next = queue.next(0).orElseThrow();
        assertThat(queue.alarms(next)).as("it does not fail").isFalse();
        failed(next, 0);
        assertThat(queue.alarms(next)).isTrue();
        failed(next, 0);
        assertThat(queue.alarms(next)).isFalse();
    }

    /** Else one that the receiver does not like would keep all of them from it. */
    @Test
    void stormThatFails_isToldInSmallerParts() {
        for (int i = 0; i < 40; i++) {
            add(new Events("inc-" + i, Severity.P2).then(Kind.OPENED));
        }
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Notification failing = queue.next(0).orElseThrow();
            said.add(shortly(failing));
            failed(failing, 0);
        }
        assertThat(said)
                .containsExactly(
                        "storm of 40", "storm of 20", "storm of 10", "storm of 5", "storm of 2", "inc-0 OPENED [1]");
        Notification next = queue.next(0).orElseThrow();
        assertThat(shortly(next)).isEqualTo("inc-1 OPENED [1]");
        take(queue, next);
        queue.succeeded();
        assertThat(shortly(queue.next(1).orElseThrow()))
                .as("it may all have been an outage")
                .isEqualTo("storm of 39");
        for (int i = 0; i < 6; i++) {
            failed(queue.next(1).orElseThrow(), 1);
        }
        queue.succeeded();
        assertThat(shortly(queue.next(1).orElseThrow())).as("it was not").isEqualTo("storm of 38");
    }

    /** A recovery ramp goes on after the resolution, and pages nobody. */
    @Test
    void newsOfAnIncidentThatIsOver_openNothing() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        add(events.then(Kind.RESOLVED));
        drain(queue);
        add(events.over().then(Kind.RAMP_STEP));
        assertThat(drain(queue)).containsExactly("inc-1 UPDATED [3]");
        assertThat(queue.known()).isEmpty();
    }

    @Test
    void incidentWhoseFirstNotificationWasGivenUp_isToldAsOpenedByTheNext() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        queue.told("inc-1", 1, false);
        add(events.then(Kind.ACKNOWLEDGED));
        assertThat(drain(queue)).containsExactly("inc-1 OPENED [2]");
    }

    @Test
    void newChannel_isToldOfWhatIsOpenWhateverItsLastEntryIs() {
        for (Kind kind : List.of(Kind.SIGNAL, Kind.ACKNOWLEDGED)) {
            Events events = new Events("inc-" + kind, Severity.P1);
            events.then(Kind.OPENED);
            queue.introduce(events.then(kind), Severity.P3);
            assertThat(drain(queue)).containsExactly("inc-" + kind + " OPENED [2]");
        }
    }

    @Test
    void stormsOfP0_areToldTogetherToo() {
        for (int i = 0; i < 200; i++) {
            add(new Events("inc-" + i, Severity.P0).then(Kind.OPENED));
        }
        Notification before = queue.next(0).orElseThrow();
        add(new Events("inc-200", Severity.P0).then(Kind.OPENED));
        assertThat(queue.next(0).orElseThrow().id()).as("it is another one").isNotEqualTo(before.id());
        assertThat(drain(queue)).containsExactly("storm of 201");
    }

    /** Of twenty processes each has an inc-1: a receiver must not take one's for a repetition of another's. */
    @Test
    void idOfANotification_staysAndIsOfOneIncidentOfOneProcess() {
        Events events = new Events("inc-1", Severity.P1);
        add(events.then(Kind.OPENED));
        String id = queue.next(0).orElseThrow().id();
        assertThat(queue.next(0).orElseThrow().id())
                .isEqualTo(id)
                .startsWith("inc-1-1-")
                .hasSizeLessThan(40);
        add(events.then(Kind.CONTAINMENT));
        assertThat(queue.next(0).orElseThrow().id()).as("it tells more by now").isNotEqualTo(id);
    }
}
