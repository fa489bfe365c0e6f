// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.notify.DeliveryPolicy;
import io.github.incident4j.notify.Notification;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one channel has to be told: the events of each incident that it has not taken, in their order. Rebuilt from the
 * trail by the same methods that change it while the runtime runs. It knows no clock, no thread and no network. Not
 * thread-safe.
 */
final class ChannelQueue {
    private static final int MAX_INCIDENTS = 10_000;
    private static final int MAX_EVENTS = 64; // of an incident
    private static final int STORM = 10; // more incidents than this are told together

    private static final Comparator<IncidentEvent> WORST_FIRST =
            Comparator.comparing(event -> event.incident().severity());

    private final DeliveryPolicy policy;
    private final Function<Incident, Optional<URI>> links;
    private final Map<String, List<IncidentEvent>> waiting = new LinkedHashMap<>(); // by incident, never empty
    private final Map<String, IncidentEvent> known = new HashMap<>(); // by open incident that it was told of
    private long dropped;

    ChannelQueue(DeliveryPolicy policy, Function<Incident, Optional<URI>> links) {
        this.policy = policy;
        this.links = links;
    }

    /** Something has happened. */
    void add(IncidentEvent event) {
        String id = event.incident().id();
        boolean concerns = event.incident().severity().compareTo(policy.least()) <= 0
                || known.containsKey(id)
                || waiting.containsKey(id);
        if (event.entry().kind() == TimelineEntry.Kind.SIGNAL || !concerns) {
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
                    .ifPresent(least -> waiting.remove(least.getKey()));
            dropped++;
        }
    }

    /** The channel is new, and an incident is open: its newest state is news. */
    void introduce(IncidentEvent newest) {
        if (!known.containsKey(newest.incident().id())
                && !waiting.containsKey(newest.incident().id())) {
            add(newest);
        }
    }

    /** The channel is gone. */
    void clear() {
        waiting.clear();
        known.clear();
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

    /** What is to be told next: the worst first, and of equal ones the oldest. */
    Optional<Notification> next() {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        List<List<IncidentEvent>> all = new ArrayList<>(waiting.values());
        List<IncidentEvent> first = all.stream()
                .min(Comparator.comparing(ChannelQueue::newest, WORST_FIRST))
                .orElseThrow();
        boolean storm = all.size() > STORM && newest(first).incident().severity() != Severity.P0;
        return Optional.of(storm ? ofStorm(all) : ofIncident(batch(first)));
    }

    private static Notification ofStorm(List<List<IncidentEvent>> all) {
        List<IncidentEvent> newest =
                all.stream().map(ChannelQueue::newest).sorted(WORST_FIRST).toList();
        return new Notification.OfStorm(
                "storm-" + idOf(newest.get(0)) + "-" + newest.size(),
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
            case RESOLVED, ACKNOWLEDGED -> true;
            default -> false;
        };
    }

    private Notification ofIncident(List<IncidentEvent> batch) {
        IncidentEvent newest = newest(batch);
        Notification.Kind kind = switch (newest.entry().kind()) {
            case RESOLVED -> Notification.Kind.RESOLVED;
            case ACKNOWLEDGED -> Notification.Kind.ACKNOWLEDGED;
            default -> known.containsKey(newest.incident().id()) ? Notification.Kind.UPDATED : Notification.Kind.OPENED;
        };
        return new Notification.OfIncident(
                idOf(newest),
                kind,
                newest.incident(),
                batch.stream().map(IncidentEvent::entry).toList(),
                links.apply(newest.incident()));
    }

    /** The incidents that the channel was told of and that are open, as they were then; for what repeats. */
    List<Notification> repetitions() {
        List<Notification> all = new ArrayList<>();
        known.forEach((id, event) -> {
            if (!waiting.containsKey(id)) {
                all.add(new Notification.OfIncident(
                        idOf(event),
                        Notification.Kind.REPEATED,
                        event.incident(),
                        List.of(event.entry()),
                        links.apply(event.incident())));
            }
        });
        return all;
    }

    /** A notification was taken, or is given up: what it tells is no news any more. */
    void told(String incident, int number) {
        List<IncidentEvent> events = waiting.getOrDefault(incident, List.of());
        IncidentEvent newest = null;
        int count = 0;
        while (count < events.size() && events.get(count).entry().number() <= number) {
            newest = events.get(count++);
        }
        if (newest == null) {
            return;
        }
        if (newest.incident().isOpen()) {
            known.put(incident, newest);
        } else {
            known.remove(incident);
        }
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
