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

/**
 * What one channel has to be told: the events of each incident that it has not taken, in their order. Rebuilt from the
 * trail by the same methods that change it while the runtime runs. It knows no clock, no thread, no network and no
 * function of the host. Not thread-safe.
 */
final class ChannelQueue {
    private static final int MAX_INCIDENTS = 10_000;
    private static final int MAX_EVENTS = 64; // of an incident
    private static final int MOST_DOUBLED = 20;
    private static final int STORM = 10; // more new incidents than this are told together

    private static final Comparator<IncidentEvent> WORST_FIRST =
            Comparator.comparing(event -> event.incident().severity());

    private final Map<String, List<IncidentEvent>> waiting = new LinkedHashMap<>(); // by incident, never empty
    private final Map<String, IncidentEvent> known = new HashMap<>(); // by open incident that it was told of
    private final Map<String, Failing> failing = new HashMap<>(); // by incident that waits
    private int mostTogether = Integer.MAX_VALUE; // less after a storm that failed
    private long dropped;

    /** An incident that the receiver has not taken; times of a monotonic clock. */
    private record Failing(int times, long since, long notBefore) {}

    /** Something has happened; it is news where the incident is bad enough, or was before. */
    void add(IncidentEvent event, Severity least) {
        if (isNews(event)) {
            take(event, least);
        }
    }

    /** Of a storm's signals only what they lead to is news, and of a part the whole is told. */
    private static boolean isNews(IncidentEvent event) {
        return switch (event.entry().kind()) {
            case SIGNAL, REPORTED -> false;
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
     * What is to be told now: the worst first, and of equal ones the oldest. One that has failed rests before it is
     * tried again, so that it holds up no other.
     *
     * @param now the time of a monotonic clock, in nanoseconds
     */
    Optional<Notification> next(long now) {
        Optional<List<IncidentEvent>> worst = waiting.entrySet().stream()
                .filter(each -> !isResting(each.getKey(), now))
                .map(Map.Entry::getValue)
                .min(Comparator.comparing(ChannelQueue::newest, WORST_FIRST));
        return worst.map(first -> {
            List<IncidentEvent> storm = storm(now);
            return storm.contains(newest(first)) ? ofStorm(storm) : ofIncident(batch(first));
        });
    }

    /** Whether anything is to be told now. */
    boolean isDue(long now) {
        return waiting.keySet().stream().anyMatch(id -> !isResting(id, now));
    }

    private boolean isResting(String incident, long now) {
        Failing failed = failing.get(incident);
        return failed != null && failed.notBefore() - now > 0;
    }

    /**
     * The receiver has not taken a notification: an incident rests, and a storm is told in smaller parts, so that what
     * it does not like of it is found.
     *
     * @return for how long it fails, in nanoseconds
     */
    long failed(Notification notification, long now) {
        if (notification instanceof Notification.OfStorm storm) {
            mostTogether = storm.incidents().size() / 2;
            return 0;
        }
        String id = ((Notification.OfIncident) notification).incident().id();
        if (!waiting.containsKey(id)) {
            return 0; // a repetition
        }
        Failing before = failing.getOrDefault(id, new Failing(0, now, now));
        long pause = Math.min(
                Attempts.LONGEST_PAUSE.toNanos(),
                Attempts.FIRST_PAUSE.toNanos() << Math.min(before.times(), MOST_DOUBLED));
        failing.put(id, new Failing(before.times() + 1, before.since(), now + pause));
        return now - before.since();
    }

    /** The receiver has taken a notification. */
    void succeeded() {
        mostTogether = Integer.MAX_VALUE;
    }

    /**
     * The newest of the incidents that are told together, as there are so many that the channel does not know; those of
     * P0 only where they alone are too many. For what it knows pagers have words of their own.
     */
    private List<IncidentEvent> storm(long now) {
        List<IncidentEvent> unknown = waiting.entrySet().stream()
                .filter(each -> !known.containsKey(each.getKey()) && !isResting(each.getKey(), now))
                .map(each -> newest(each.getValue()))
                .sorted(WORST_FIRST)
                .toList();
        List<IncidentEvent> lesser = unknown.stream()
                .filter(each -> each.incident().severity() != Severity.P0)
                .toList();
        List<IncidentEvent> together = unknown.size() - lesser.size() > STORM ? unknown : lesser;
        if (together.size() <= STORM || mostTogether <= 1) {
            return List.of();
        }
        return together.subList(0, Math.min(together.size(), mostTogether));
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

    /** What it was told of an incident once more, if that is open yet and there are no news. */
    Optional<Notification> repetition(String incident, Instant now) {
        IncidentEvent event = known.get(incident);
        if (event == null || waiting.containsKey(incident)) {
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
