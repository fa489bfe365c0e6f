// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.notify.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.incident4j.audit.internal.RetentionHold;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentEvent;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.notify.Channel;
import io.github.incident4j.notify.DeliveryPolicy;
import io.github.incident4j.notify.Notification;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the channels have to be told, across restarts. Nothing is stored beside the trail: what waits for a channel are
 * the events of incidents that were recorded while it was configured, without those that it is done with by the records
 * of deliveries. Thread-safe.
 */
public final class ChannelOutbox implements RetentionHold {
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Map<String, ChannelLane> lanes = new LinkedHashMap<>();
    private final Map<String, Severity> leasts = new LinkedHashMap<>(); // of the channels that are configured
    private final Map<String, IncidentEvent> open = new LinkedHashMap<>(); // the newest of each open incident
    private @Nullable Map<String, Severity> present; // the channels of the run that is replayed, and from where on

    /**
     * A channel and how it is told.
     *
     * @param channel the channel
     * @param policy how it is told
     */
    public record Configured(Channel channel, DeliveryPolicy policy) {}

    /**
     * Creates an outbox that sends nothing yet.
     *
     * @param channels the channels by name
     * @param links where people find an incident
     * @param time the clocks
     * @param trail takes the records
     * @param alarm takes it when a channel does not work
     */
    public ChannelOutbox(
            Map<String, Configured> channels,
            Function<Incident, Optional<URI>> links,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Consumer<String> alarm) {
        this.time = time;
        this.trail = trail;
        RandomGenerator random = new SecureRandom();
        channels.forEach((name, each) -> leasts.put(name, each.policy().least()));
        channels.forEach((name, configured) -> lanes.put(
                name,
                new ChannelLane(
                        name,
                        configured.channel(),
                        configured.policy().giveUpAfter(),
                        links,
                        new Attempts(configured.policy().perMinute(), random, time.nanoTime()),
                        time,
                        this::done,
                        alarm)));
    }

    private void done(String channel, Notification notification, @Nullable String given) {
        trail.accept(new Delivery(channel, notification.id(), Delivery.told(notification), given, time.nanoTime()));
    }

    /** {@return the channels, and from which severity on they are told: the record of the opening has to hold it} */
    public Map<String, Severity> configured() {
        return Collections.unmodifiableMap(leasts);
    }

    /**
     * Takes the opening of a run into account: its channels are told of the open incidents that they know nothing of,
     * and what waits for one that it has not is forgotten.
     *
     * @param channels the run's channels, and from which severity on they are told
     */
    public synchronized void opened(Map<String, Severity> channels) {
        lanes.forEach((name, lane) -> lane.with(queue -> {
            Severity least = channels.get(name);
            if (least == null) {
                queue.clear();
            } else {
                open.values().forEach(event -> queue.introduce(event, least));
            }
        }));
        present = Map.copyOf(channels);
    }

    /**
     * Takes a record of an earlier run into account, before what it says of incidents is published.
     *
     * @param stored any record of the trail
     */
    public synchronized void replay(StoredRecord stored) {
        if (present == null && stored.sequence() > 0) {
            present = Map.copyOf(leasts); // retention has dropped the record that says which there were
        }
        boolean taken = stored.type().equals(Delivery.TAKEN);
        ChannelLane lane = lanes.get(stored.json().path("channel").asText());
        if (lane != null && (taken || stored.type().equals(Delivery.GIVEN_UP))) {
            lane.with(queue -> {
                for (JsonNode told : stored.json().path("told")) {
                    queue.told(
                            told.path("incident").asText(), told.path("number").asInt(), taken);
                }
            });
        }
    }

    /**
     * Something has happened, in this run or in one that is replayed. Returns at once.
     *
     * @param event what
     */
    public synchronized void publish(IncidentEvent event) {
        String id = event.incident().id();
        if (!ChannelQueue.isPaged(event.incident())) {
            open.remove(id);
        } else if (event.entry().kind() != TimelineEntry.Kind.SIGNAL || !open.containsKey(id)) {
            open.put(id, event);
        }
        Map<String, Severity> told = present == null ? Map.of() : present;
        lanes.forEach((name, lane) -> {
            Severity least = told.get(name);
            if (least != null) {
                lane.add(event, least);
            }
        });
    }

    /** Sends what is due on the caller's thread, as the channels' own threads do; returns whether anything was. */
    boolean sendDue() throws InterruptedException {
        boolean any = false;
        for (ChannelLane lane : lanes.values()) {
            any |= lane.sendDue();
        }
        return any;
    }

    /** Begins to send. */
    public void start() {
        lanes.values().forEach(ChannelLane::start);
    }

    /** Interrupts what takes too long; from time to time. */
    public void look() {
        lanes.values().forEach(ChannelLane::look);
    }

    /** What waits is needed. */
    @Override
    public Optional<Instant> heldSince() {
        List<Instant> oldest = new ArrayList<>();
        lanes.values().forEach(lane -> lane.with(queue -> queue.oldest().ifPresent(oldest::add)));
        return oldest.stream().min(Comparator.naturalOrder());
    }

    /**
     * Waits until the channels were told all that they can be told now: what waits for a pause to be over is left.
     *
     * @param end until when, by {@link System#nanoTime()}
     * @return whether that was in time
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitQuiet(long end) throws InterruptedException {
        boolean quiet = true;
        for (ChannelLane lane : lanes.values()) {
            quiet &= lane.awaitQuiet(end);
        }
        return quiet;
    }

    /**
     * Ends the threads. What was not told by then the next run tells.
     *
     * @param limit how long to wait for sends that are under way, all of them together
     */
    public void close(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        lanes.values().forEach(ChannelLane::end);
        boolean interrupted = false;
        for (ChannelLane lane : lanes.values()) {
            try {
                lane.close(end);
            } catch (InterruptedException e) {
                interrupted = true; // the threads are daemons, and what they did not tell is in the trail
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
