// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One detection at work on one guarded model: a baseline, learned over a warm-up or given, and a statistic for each
 * route against it. After a signal the statistic of that route starts anew, so that harm that goes on is signalled
 * again.
 */
abstract class Monitor {
    /** With which probability a learned baseline's bounds may fail. */
    static final double BASELINE_ALPHA = 0.001;

    private static final long NANOS = 1_000_000_000L;

    private final Detection<?, ?> detection;
    private final GuardInfo guard;
    private final int valueIndex;

    Monitor(Detection<?, ?> detection, GuardInfo guard) {
        this.detection = detection;
        this.guard = guard;
        this.valueIndex = guard.values().indexOf(detection.name());
    }

    static Monitor of(Detection<?, ?> detection, GuardInfo guard) {
        return switch (detection.kind()) {
            case RATE -> new RateMonitor(detection, guard);
            case DRIFT -> new DriftMonitor(detection, guard);
            case GROUP_DISPARITY -> new GroupMonitor(detection, guard);
            case FINDINGS, FINDINGS_LET_THROUGH -> new FindingMonitor(detection, guard);
        };
    }

    final Detection<?, ?> detection() {
        return detection;
    }

    final GuardInfo guard() {
        return guard;
    }

    final int numberOf(String route) {
        return guard.routes().stream().map(GuardInfo.Route::name).toList().indexOf(route);
    }

    /** Whether it is a version of the model, whose answers are watched. */
    final boolean watches(String route) {
        return guard.routes().stream().anyMatch(each -> each.name().equals(route) && each.kind() == RouteKind.MODEL);
    }

    final int routes() {
        return guard.routes().size();
    }

    /** Takes a decision; returns a signal if it raises one. */
    @Nullable
    Signal observe(DecisionRecord decision, long epochNanos) {
        if (!isByModel(decision)) {
            return null; // nobody asked the model, or it has no answer to watch
        }
        double value = decision.value(valueIndex);
        return Double.isFinite(value) ? observe(decision, value, epochNanos) : null;
    }

    abstract @Nullable Signal observe(DecisionRecord decision, double value, long epochNanos);

    /**
     * The evidence that what is watched of a route has been within its tolerance since the last {@link #rearm()}; 0
     * where the route was not seen.
     *
     * @param route the route's number
     * @param focus the segment that matters, if not all do
     */
    abstract double recovery(int route, Optional<Segment> focus);

    /** Whether the baseline is there. */
    abstract boolean isArmed();

    /** Forgets what was seen of every route; the baseline remains. */
    abstract void rearm();

    /** The same, where the model no longer answers the calls of a segment. */
    void rearmWithout(Segment diverted) {
        rearm();
    }

    /** Whether a version of the model answered. */
    static boolean isByModel(DecisionRecord decision) {
        return decision.isAnswered()
                && decision.guard().routes().get(decision.route()).kind() == RouteKind.MODEL;
    }

    final Signal signal(
            DecisionRecord decision,
            long epochNanos,
            Optional<Segment> segment,
            long onsetDecision,
            long onsetNanos,
            Signal.Evidence evidence,
            String sentence) {
        return signal(
                decision.route(),
                detection.severity(),
                decision,
                epochNanos,
                segment,
                onsetDecision,
                onsetNanos,
                evidence,
                sentence);
    }

    final Signal signal(
            int route,
            Severity severity,
            DecisionRecord decision,
            long epochNanos,
            Optional<Segment> segment,
            long onsetDecision,
            long onsetNanos,
            Signal.Evidence evidence,
            String sentence) {
        return new Signal(
                detection.name(),
                guard.model(),
                guard.routes().get(route).name(),
                detection.type(),
                severity,
                segment,
                instant(epochNanos),
                decision.number(),
                instant(onsetNanos),
                onsetDecision,
                evidence,
                sentence);
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS), Math.floorMod(epochNanos, NANOS));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
