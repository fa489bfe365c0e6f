// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Feeds the monitors of all guarded models with decisions. */
public final class DetectionEngine {
    private final Map<String, Watched> models = new ConcurrentHashMap<>();
    private final Consumer<Signal> signals;
    private long decisions;

    /** The monitors of one model, and how many decisions they have seen, their warm-up included. */
    private static final class Watched {
        private final List<Monitor> monitors;
        private long seen;

        Watched(List<Monitor> monitors) {
            this.monitors = monitors;
        }
    }

    /**
     * Creates an engine that watches nothing yet.
     *
     * @param signals takes the signals, on the detector thread
     */
    public DetectionEngine(Consumer<Signal> signals) {
        this.signals = signals;
    }

    /**
     * Begins to watch a guarded model; by any thread.
     *
     * @param guard the model
     * @param detections what is watched
     */
    public void register(GuardInfo guard, List<? extends Detection<?, ?>> detections) {
        if (!detections.isEmpty()) {
            models.put(
                    guard.model(),
                    new Watched(detections.stream()
                            .map(detection -> Monitor.of(detection, guard))
                            .toList()));
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
        Watched watched = models.get(decision.guard().model());
        if (watched == null) {
            return false;
        }
        boolean armed = Monitor.isByModel(decision);
        if (armed) {
            watched.seen++;
        }
        for (Monitor monitor : watched.monitors) {
            armed &= monitor.isArmed();
            monitor.observe(decision, epochNanos, signals);
        }
        return armed;
    }

    /**
     * Says whether a detector watches a route; by any thread.
     *
     * @param model the model
     * @param route the route
     * @return whether the model has a detector and that version
     */
    public boolean watches(String model, String route) {
        Watched watched = models.get(model);
        return watched != null && watched.monitors.stream().anyMatch(monitor -> monitor.watches(route));
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
        Watched watched = models.get(model);
        if (watched == null) {
            return Optional.empty();
        }
        return watched.monitors.stream()
                .filter(monitor -> monitor.watches(route))
                .map(monitor ->
                        new LeastEvidence(monitor.detection().name(), monitor.recovery(monitor.numberOf(route), focus)))
                .min(Comparator.comparingDouble(LeastEvidence::value));
    }

    /** {@return which share of all decisions of this run were answered by versions of that model} */
    public double shareOf(String model) {
        Watched watched = models.get(model);
        return watched == null || decisions == 0 ? 1 : (double) watched.seen / decisions;
    }

    /** {@return whether a detector of that model has learned its baseline in this run, instead of being given it} */
    public boolean learns(String model) {
        Watched watched = models.get(model);
        return watched != null
                && watched.monitors.stream()
                        .anyMatch(monitor -> monitor.detection().baselineMean().isEmpty());
    }

    /**
     * Makes all detectors of a model start anew against their baselines; by the detector thread.
     *
     * @param model the model
     * @param diverted a segment whose calls the model no longer answers, if there is one: comparisons between groups
     *     then leave it out
     */
    public void rearm(String model, Optional<Segment> diverted) {
        Watched watched = models.get(model);
        if (watched != null) {
            watched.monitors.forEach(monitor -> diverted.ifPresentOrElse(monitor::rearmWithout, monitor::rearm));
        }
    }
}
