// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Feeds the monitors of all guarded models with decisions. What they know goes into the trail from time to time, and
 * what has been decided since then is read from there, so that a restart costs nothing.
 */
public final class DetectionEngine {
    private static final long BETWEEN_READINGS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, WatchedModel> models = new ConcurrentHashMap<>();
    private final DetectorStates states;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Consumer<Signal> signals;
    private long decisions;
    private long published;

    /**
     * Creates an engine that watches nothing yet.
     *
     * @param states what was known in the run before
     * @param time the clocks
     * @param trail takes what is known now
     * @param signals takes the signals, on the detector thread
     */
    public DetectionEngine(
            DetectorStates states, TimeSource time, Consumer<TrailEntry> trail, Consumer<Signal> signals) {
        this.states = states;
        this.time = time;
        this.trail = trail;
        this.signals = signals;
        this.published = time.nanoTime() - BETWEEN_READINGS;
    }

    /**
     * Begins to watch a guarded model; by any thread.
     *
     * @param guard the model
     * @param detections what is watched
     * @param past what the trail has of the run before
     */
    public void register(GuardInfo guard, List<? extends Detection<?, ?>> detections, Past past) {
        if (!detections.isEmpty()) {
            models.put(guard.model(), WatchedModel.of(guard, detections, states, past));
        }
    }

    /**
     * Takes the next decision, answered or refused; by the detector thread.
     *
     * @param decision the decision
     * @param epochNanos when it was made, on the wall clock
     * @return whether it was judged: a version of the model answered, and every detector knows its baseline
     */
    public boolean observe(DecisionRecord decision, long epochNanos) {
        decisions++;
        WatchedModel watched = models.get(decision.guard().model());
        if (watched == null) {
            return false;
        }
        boolean maintained = watched.isMaintained(epochNanos);
        boolean judged = watched.observe(decision, epochNanos, maintained ? this::keepBack : signals) && !maintained;
        if (watched.isDue()) {
            watched.save(time.nanoTime(), trail);
        }
        return judged;
    }

    private void keepBack(Signal signal) {
        trail.accept(new MaintainedSignal(signal, time.nanoTime()));
    }

    /**
     * Does what a person has told; by the detector thread.
     *
     * @param told what was told
     */
    public void take(InstructionRecord told) {
        WatchedModel watched = models.get(told.model());
        if (watched != null && told.type().equals(InstructionRecord.RELEARN)) {
            watched.relearn();
        } else if (watched != null) {
            told.cause().until().ifPresent(watched::maintain);
        }
    }

    /**
     * Where the detectors of a model stand; by any thread.
     *
     * @param model the model
     * @return the readings of the last tick
     */
    public List<Reading> readings(String model) {
        WatchedModel watched = models.get(model);
        return watched == null ? List.of() : watched.readings();
    }

    /** Writes what has long not been written; from time to time, by the detector thread. */
    public void tick() {
        long now = time.nanoTime();
        boolean publishes = now - published >= BETWEEN_READINGS;
        published = publishes ? now : published;
        for (WatchedModel watched : models.values()) {
            if (publishes) {
                watched.publish();
            }
            if (watched.isDue(now)) {
                watched.save(now, trail);
            }
        }
    }

    /** Writes all that is not written yet; by the detector thread, before the trail ends. */
    public void save() {
        for (WatchedModel watched : models.values()) {
            if (watched.isChanged()) {
                watched.save(time.nanoTime(), trail);
            }
        }
    }

    /**
     * Says whether a detector watches a route; by any thread.
     *
     * @param model the model
     * @param route the route
     * @return whether the model has a detector and that version
     */
    public boolean watches(String model, String route) {
        WatchedModel watched = models.get(model);
        return watched != null && watched.monitors().stream().anyMatch(monitor -> monitor.watches(route));
    }

    /**
     * The evidence that all that is watched of a route has been within its tolerance since the detectors started anew;
     * by the detector thread.
     *
     * @param model the model
     * @param route the route
     * @param focus the segment that matters, if not all do
     * @return what the detector that has least has seen; empty where nothing watches the route
     */
    public Optional<LeastEvidence> recovery(String model, String route, Optional<Segment> focus) {
        WatchedModel watched = models.get(model);
        if (watched == null) {
            return Optional.empty();
        }
        return watched.monitors().stream()
                .filter(monitor -> monitor.watches(route))
                .map(monitor ->
                        new LeastEvidence(monitor.detection().name(), monitor.recovery(monitor.numberOf(route), focus)))
                .min(Comparator.comparingDouble(LeastEvidence::value));
    }

    /** {@return which share of all decisions of this run were answered by versions of that model} */
    public double shareOf(String model) {
        WatchedModel watched = models.get(model);
        return watched == null || decisions == 0 ? 1 : (double) watched.seen() / decisions;
    }

    /** {@return whether a detector of that model has learned its baseline in this run} */
    public boolean learns(String model) {
        WatchedModel watched = models.get(model);
        return watched != null && watched.monitors().stream().anyMatch(Monitor::learnsInThisRun);
    }

    /**
     * Makes all detectors of a model start anew against their baselines; by the detector thread.
     *
     * @param model the model
     * @param diverted a segment whose calls the model no longer answers, if there is one: comparisons between groups
     *     then leave it out
     */
    public void rearm(String model, Optional<Segment> diverted) {
        WatchedModel watched = models.get(model);
        if (watched != null) {
            watched.rearm(diverted);
        }
    }
}
