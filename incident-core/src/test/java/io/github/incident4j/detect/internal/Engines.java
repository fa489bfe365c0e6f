// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.function.Consumer;

/** Engines of tests. */
final class Engines {
    private Engines() {}

    /** One without a past and without a trail. */
    static DetectionEngine telling(Consumer<Signal> signals) {
        return of(new DetectorStates(), entry -> {}, signals);
    }

    static DetectionEngine of(DetectorStates states, Consumer<TrailEntry> trail, Consumer<Signal> signals) {
        return new DetectionEngine(states, TimeSource.system(), trail, new Findings() {
            @Override
            public void signal(Signal signal) {
                signals.accept(signal);
            }

            @Override
            public void fault(String what) {
                throw new AssertionError(what);
            }
        });
    }

    static void register(DetectionEngine engine, GuardInfo guard, Detection<?, ?> detection) {
        register(engine, guard, detection, Past.NONE);
    }

    static void register(DetectionEngine engine, GuardInfo guard, Detection<?, ?> detection, Past past) {
        engine.register(guard, Detection.sharing(1_000_000, List.of(detection)), past);
    }
}
