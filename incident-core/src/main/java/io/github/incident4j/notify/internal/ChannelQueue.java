// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.Notification;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;

/**
 * What one channel has to be told: the events of each incident that it has not taken, in their order. Rebuilt from the
 * trail by the same methods that change it while the runtime runs. It knows no clock, no thread, no network and no
 * function of the host. Not thread-safe.
 */
final class ChannelQueue {
    private static final int MAX_INCIDENTS = 10_000;
    private static final int MAX_EVENTS = 64; // of an incident
    private static final int STORM = 10; // more new incidents than this are told together

    private static final Comparator<IncidentEvent> WORST_FIRST =
            Comparator.comparing(event -> event.incident().severity());

    private final Map<String, List<IncidentEvent>> waiting = new LinkedHashMap<>(); // by incident, never empty
    private final Map<String, IncidentEvent> known = new HashMap<>(); // by open incident that it was told of
    private final Map<String, Failing> failing = new HashMap<>(); // by incident that waits; what is not in it is new
    private boolean inTurn; // something has failed since the last success
    private long inTurnSince;
    private int mostTogether = Integer.MAX_VALUE; // less after a storm that failed
    private long dropped;

    /**
     * An incident that the receiver has not taken; times of a monotonic clock.
     *
     * @param times how often by itself; 0 if only within storms
     * @param since since when
     * @param tried when it was tried last
     * @param notBefore until when it rests
     * @param alone whether the receiver has taken others since
     * @param alarmed whether people were told that it fails
     */
    private record Failing(int times, long since, long tried, long notBefore, boolean alone, boolean alarmed) {
        static Failing begun(long now) {
            return new Failing(0, now, now, now, false, false);
        }

        Failing byItself(long now, long pause) {
            return new Failing(times + 1, since, now, now + pause, alone, alarmed);
        }

        Failing inAStorm(long now) {
            return new Failing(times, since, now, notBefore, alone, alarmed);
        }

        Failing withAlarm() {
            return new Failing(times, since, tried, notBefore, alone, true);
        }

        /** The receiver takes others; where it took none before, it may take this one, too. */
        Failing afterSuccess(boolean takesAgain) {
            return new Failing(takesAgain ? 0 : times, since, tried, takesAgain ? tried : notBefore, true, alarmed);
        }
    }

    /**
     * What a failure says.
     *
     * @param nanos for how long the incident fails
     * @param alone whether the receiver has taken others since
     */
    record Failed(long nanos, boolean alone) {}

    /** Something has happened; it is news where the incident is bad enough, or was before. */
    void add(IncidentEvent event, Severity least) {
        if (isNews(event)) {
            take(event, least);
        }
    }

    /** Of a storm's signals only what they lead to is news, and of a part the whole is told. */
    private static boolean isNews(IncidentEvent event) {
        return switch (event.entry().kind()) {
            case SIGNAL -> false;
            default -> !event.incident().isPart() || isEnd(event);
        };
    }

    /** Whether a pager is to know of it. */
    static boolean isPaged(Incident incident) {
        return incident.isOpen() && !incident.isPart();
    }

    private static boolean isEnd(IncidentEvent event) {
        return switch (event.entry().kind()) {
            case RESOLVED, DISMISSED -> !event.incident().isPart();
            case MERGED -> true;
            default -> false;
        };
    }

    private void take(IncidentEvent event, Severity least) {
        String id = event.incident().id();
        if (event.incident().severity().compareTo(least) > 0 && !known.containsKey(id) && !waiting.containsKey(id)) {
            return;
        }
        List<IncidentEvent> events = waiting.computeIfAbsent(id, each -> new ArrayList<>(2));
        if (events.size() >= MAX_EVENTS) {
            events.remove(MAX_EVENTS / 2);
        }
        events.add(event);
        if (waiting.size() > MAX_INCIDENTS) {
            waiting.entrySet().stream()
                    .max(Comparator.comparing(
                            each -> newest(each.getValue()).incident().severity()))
                    .map(Map.Entry::getKey)
                    .ifPresent(one -> {
                        waiting.remove(one);
                        known.remove(one);
                        failing.remove(one);
                    });
            dropped++;
        }
    }

    /** An incident is open: where the channel has not heard of it, its newest state is news. */
    void introduce(IncidentEvent newest, Severity least) {
        if (!known.containsKey(newest.incident().id())
                && !waiting.containsKey(newest.incident().id())) {
            take(newest, least);
        }
    }

    /** The channel is gone. */
    void clear() {
        waiting.clear();
        known.clear();
        failing.clear();
    }

    /** How many incidents were dropped since the last question, as more waited than memory is given. */
    long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * What is to be told now: the worst first, and of equal ones the oldest. What has failed rests before it is tried
     * again; and while nothing is taken, each has its turn: what was never tried, then what was tried longest ago. So
     * those that the receiver does not like hold up no other, however many they are.
     *
     * @param now the time of a monotonic clock, in nanoseconds
     */
    Optional<Notification> next(long now) {
        return next(now, id -> !isResting(id, now));
    }

    /** What is to be told now of what was never tried. */
    Optional<Notification> nextNew(long now) {
        return next(now, id -> !failing.containsKey(id));
    }

    private Optional<Notification> next(long now, Predicate<String> due) {
        List<List<IncidentEvent>> ordered = waiting.entrySet().stream()
                .filter(each -> due.test(each.getKey()))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparing(ChannelQueue::newest, order(now)))
                .toList();
        return ordered.stream().findFirst().map(first -> {
            List<IncidentEvent> storm = storm(ordered);
            return storm.contains(newest(first)) ? ofStorm(storm) : ofIncident(batch(first));
        });
    }

    private Comparator<IncidentEvent> order(long now) {
        Comparator<IncidentEvent> turns = Comparator.comparingLong(event -> {
            Failing failed = failing.get(event.incident().id());
            return failed == null ? Long.MIN_VALUE : failed.tried() - now;
        });
        return inTurn ? turns.thenComparing(WORST_FIRST) : WORST_FIRST;
    }

    /** Whether anything is to be told now. */
    boolean isDue(long now) {
        return waiting.keySet().stream().anyMatch(id -> !isResting(id, now));
    }

    /** Whether anything waits that was never tried. */
    boolean hasNew() {
        return waiting.keySet().stream().anyMatch(id -> !failing.containsKey(id));
    }

    private boolean isResting(String incident, long now) {
        Failing failed = failing.get(incident);
        return failed != null && failed.notBefore() - now > 0;
    }

    /**
     * The receiver has not taken a notification: an incident rests, and a storm is told in smaller parts, so that what
     * it does not like of it is found.
     *
     * @param pauses how long an incident rests that has failed so often before
     */
    Failed failed(Notification notification, long now, IntToLongFunction pauses) {
        if (!inTurn) {
            inTurn = true;
            inTurnSince = now;
        }
        if (notification instanceof Notification.OfStorm storm) {
            mostTogether = storm.incidents().size() / 2;
            boolean alone = true;
            for (Incident incident : storm.incidents()) {
                Failing failed = failing(incident.id(), now).inAStorm(now);
                alone &= failed.alone();
                if (waiting.containsKey(incident.id())) { // else it was dropped meanwhile
                    failing.put(incident.id(), failed);
                }
            }
            return new Failed(0, alone);
        }
        Notification.OfIncident one = (Notification.OfIncident) notification;
        String id = one.incident().id();
        if (one.kind() == Notification.Kind.REPEATED || !waiting.containsKey(id)) {
            return new Failed(0, false);
        }
        Failing before = failing(id, now);
        failing.put(id, before.byItself(now, pauses.applyAsLong(before.times())));
        return new Failed(now - before.since(), before.alone());
    }

    private Failing failing(String incident, long now) {
        return failing.getOrDefault(incident, Failing.begun(now));
    }

    /** Whether people are to be told that an incident fails: once for each. */
    boolean alarms(Notification notification) {
        if (!(notification instanceof Notification.OfIncident one)) {
            return false;
        }
        Failing before = failing.get(one.incident().id());
        if (before == null || before.alarmed()) {
            return false;
        }
        failing.put(one.incident().id(), before.withAlarm());
        return true;
    }

    /** The receiver has taken a notification: what began to fail when nothing was taken need not rest any more. */
    void succeeded() {
        mostTogether = Integer.MAX_VALUE;
        if (inTurn) {
            inTurn = false;
            failing.replaceAll((id, each) -> each.afterSuccess(each.since() - inTurnSince >= 0));
        }
    }

    /**
     * The newest of the incidents that are told together, as there are so many that the channel does not know; those of
     * P0 only where they alone are too many. For what it knows pagers have words of their own; and what has failed by
     * itself would make the storm fail.
     */
    private List<IncidentEvent> storm(List<List<IncidentEvent>> ordered) {
        List<IncidentEvent> unknown = ordered.stream()
                .map(ChannelQueue::newest)
                .filter(each -> !known.containsKey(each.incident().id())
                        && !hasFailedByItself(each.incident().id()))
                .toList();
        List<IncidentEvent> lesser = unknown.stream()
                .filter(each -> each.incident().severity() != Severity.P0)
                .toList();
        List<IncidentEvent> together = unknown.size() - lesser.size() > STORM ? unknown : lesser;
        if (together.size() <= STORM || mostTogether <= 1) {
            return List.of();
        }
        return together.stream().limit(mostTogether).sorted(WORST_FIRST).toList();
    }

    private boolean hasFailedByItself(String incident) {
        Failing failed = failing.get(incident);
        return failed != null && failed.times() > 0;
    }

    private static Notification ofStorm(List<IncidentEvent> newest) {
        return new Notification.OfStorm(
                "storm-"
                        + Bodies.digest(String.join(
                                " ", newest.stream().map(ChannelQueue::idOf).toList())),
                newest.stream().map(IncidentEvent::incident).toList(),
                newest.stream()
                        .map(event -> event.entry().time())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    /**
     * What is told at once: a resolution and an acknowledgement go alone, as pagers have a word of their own for them.
     */
    private static List<IncidentEvent> batch(List<IncidentEvent> events) {
        int end = 1;
        while (!isAlone(events.get(0)) && end < events.size() && !isAlone(events.get(end))) {
            end++;
        }
        return events.subList(0, end);
    }

    private static boolean isAlone(IncidentEvent event) {
        return switch (event.entry().kind()) {
            case ACKNOWLEDGED -> true;
            default -> isEnd(event);
        };
    }

    private Notification ofIncident(List<IncidentEvent> batch) {
        IncidentEvent newest = newest(batch);
        return new Notification.OfIncident(
                idOf(newest),
                kindOf(newest),
                newest.incident(),
                batch.stream().map(IncidentEvent::entry).toList(),
                Optional.empty());
    }

    private Notification.Kind kindOf(IncidentEvent event) {
        if (isPaged(event.incident()) && !known.containsKey(event.incident().id())) {
            return Notification.Kind.OPENED; // whatever it was that made it news
        }
        if (isEnd(event)) {
            return Notification.Kind.RESOLVED;
        }
        return event.entry().kind() == TimelineEntry.Kind.ACKNOWLEDGED
                ? Notification.Kind.ACKNOWLEDGED
                : Notification.Kind.UPDATED;
    }

    /** The incidents that the channel was told of and that are open. */
    List<String> known() {
        return List.copyOf(known.keySet());
    }

    /** What it was told of an incident once more, if that is open yet: news that wait may be refused for long. */
    Optional<Notification> repetition(String incident, Instant now) {
        IncidentEvent event = known.get(incident);
        boolean over = waiting.getOrDefault(incident, List.of()).stream().anyMatch(each -> !isPaged(each.incident()));
        if (event == null || over) {
            return Optional.empty();
        }
        return Optional.of(new Notification.OfIncident(
                idOf(event) + "-" + Long.toString(now.toEpochMilli(), Character.MAX_RADIX),
                Notification.Kind.REPEATED,
                event.incident(),
                List.of(event.entry()),
                Optional.empty()));
    }

    /**
     * A notification was taken, or is given up: what it tells is no news any more. Of what was given up the channel
     * knows nothing, so what comes next is told as if it had just opened.
     */
    void told(String incident, int number, boolean taken) {
        List<IncidentEvent> events = waiting.getOrDefault(incident, List.of());
        IncidentEvent newest = null;
        int count = 0;
        while (count < events.size() && events.get(count).entry().number() <= number) {
            newest = events.get(count++);
        }
        if (newest == null) {
            return;
        }
        if (!isPaged(newest.incident())) {
            known.remove(incident);
        } else if (taken) {
            known.put(incident, newest);
        }
        failing.remove(incident);
        events.subList(0, count).clear();
        if (events.isEmpty()) {
            waiting.remove(incident);
        }
    }

    /** When the oldest of what waits happened. */
    Optional<Instant> oldest() {
        return waiting.values().stream()
                .map(events -> events.get(0).entry().time())
                .min(Comparator.naturalOrder());
    }

    private static IncidentEvent newest(List<IncidentEvent> events) {
        return events.get(events.size() - 1);
    }

    /** Of twenty processes each has an {@code inc-1}: when it was detected tells them apart. */
    private static String idOf(IncidentEvent event) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.incident().detected());
        return event.incident().id() + "-" + event.entry().number() + "-" + Long.toString(micros, Character.MAX_RADIX);
    }
}
