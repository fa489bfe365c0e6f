// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.TimeSource;
import java.util.List;
import java.util.function.Consumer;

/** Engines of tests, without a past and without a trail. */
final class Engines {
    private Engines() {}

    static DetectionEngine telling(Consumer<Signal> signals) {
        return new DetectionEngine(new DetectorStates(), TimeSource.system(), entry -> {}, signals);
    }

    static void register(DetectionEngine engine, GuardInfo guard, Detection<?, ?> detection) {
        engine.register(guard, Detection.sharing(1_000_000, List.of(detection)), Past.NONE);
    }
}
