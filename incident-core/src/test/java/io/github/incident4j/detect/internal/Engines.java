// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Engines of tests. */
final class Engines {
    private Engines() {}

    /** One without a past and without a trail. */
    static DetectionEngine telling(Consumer<Signal> signals) {
        return of(new DetectorStates(), entry -> {}, signals);
    }

    static DetectionEngine of(DetectorStates states, Consumer<TrailEntry> trail, Consumer<Signal> signals) {
        return of(states, trail, signals, Set.of());
    }

    /** One that finds these segments diverted whenever it looks. */
    static DetectionEngine of(
            DetectorStates states, Consumer<TrailEntry> trail, Consumer<Signal> signals, Set<Segment> diverted) {
        return of(states, trail, signals, diverted, TimeSource.following(() -> Instant.EPOCH));
    }

    static DetectionEngine of(
            DetectorStates states,
            Consumer<TrailEntry> trail,
            Consumer<Signal> signals,
            Set<Segment> diverted,
            TimeSource time) {
        return of(
                states,
                trail,
                signals,
                () -> diverted.stream().map(Diversion::of).collect(Collectors.toSet()),
                time);
    }

    static DetectionEngine of(
            DetectorStates states,
            Consumer<TrailEntry> trail,
            Consumer<Signal> signals,
            Supplier<Set<Diversion>> diverted,
            TimeSource time) {
        Findings findings = new Findings() {
            @Override
            public void signal(Signal signal) {
                signals.accept(signal);
            }

            @Override
            public void fault(String what) {
                throw new AssertionError(what);
            }
        };
        return new DetectionEngine(states, time, trail, findings, () -> guard -> diverted.get());
    }

    static void register(DetectionEngine engine, GuardInfo guard, Detection<?, ?> detection) {
        register(engine, guard, detection, Past.NONE);
    }

    static void register(DetectionEngine engine, GuardInfo guard, Detection<?, ?> detection, Past past) {
        engine.register(guard, Detection.sharing(1_000_000, List.of(detection)), past);
    }
}
