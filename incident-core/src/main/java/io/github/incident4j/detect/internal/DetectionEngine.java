// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.RouteKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Feeds the monitors of all guarded models with decisions. */
public final class DetectionEngine {
    private final Map<String, List<Monitor>> monitors = new ConcurrentHashMap<>();
    private final Consumer<Signal> signals;

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
            monitors.put(
                    guard.model(),
                    detections.stream()
                            .map(detection -> Monitor.of(detection, guard))
                            .toList());
        }
    }

    /**
     * Takes the next decision; by the detector thread.
     *
     * @param decision the decision
     * @param epochNanos when it was made, on the wall clock
     */
    public void observe(DecisionRecord decision, long epochNanos) {
        List<Monitor> watching = monitors.get(decision.guard().model());
        if (watching == null || !decision.isAnswered() || !isByModel(decision)) {
            return;
        }
        for (Monitor monitor : watching) {
            Signal signal = monitor.observe(decision, epochNanos);
            if (signal != null) {
                signals.accept(signal);
            }
        }
    }

    private static boolean isByModel(DecisionRecord decision) {
        return decision.guard().routes().get(decision.route()).kind() == RouteKind.MODEL;
    }

    /**
     * Makes all detectors of a model start anew against their baselines; by the detector thread.
     *
     * @param model the model
     */
    public void rearm(String model) {
        monitors.getOrDefault(model, List.of()).forEach(Monitor::rearm);
    }
}
