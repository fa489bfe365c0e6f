// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches how often something is true of the answers. */
class RateMonitor extends Monitor {
    private final MeanBaseline baseline;
    private final @Nullable EDetector[] statistics; // by route; null until the baseline is there and the route answers
    private final double threshold;
    private final boolean given;

    RateMonitor(Detection<?, ?> detection, GuardInfo guard) {
        super(detection, guard);
        this.given = detection.baselineMean().isPresent();
        this.baseline = given
                ? MeanBaseline.given(detection.baselineMean().getAsDouble(), detection.baselineSize())
                : new MeanBaseline(detection.warmUp());
        this.statistics = new EDetector[routes()];
        this.threshold = new FalseAlarmBudget(detection.budget()).threshold();
    }

    @Override
    @Nullable
    Signal observe(DecisionRecord decision, double value, long epochNanos) {
        return observe(decision.route(), detection().severity(), decision, value, epochNanos);
    }

    final @Nullable Signal observe(
            int route, Severity severity, DecisionRecord decision, double value, long epochNanos) {
        if (!given && baseline.count() < detection().warmUp()) {
            baseline.add(value);
            return null;
        }
        EDetector statistic = statistics[route];
        if (statistic == null) {
            statistic = EDetector.atLeast(
                    baseline.upperBound(BASELINE_ALPHA) + detection().tolerance());
            statistics[route] = statistic;
        }
        statistic.observe(value, decision.number(), epochNanos);
        if (statistic.statistic() < threshold) {
            return null;
        }
        Signal signal = signal(
                route,
                severity,
                decision,
                epochNanos,
                Optional.empty(),
                statistic.onsetDecision(),
                statistic.onsetTime(),
                new Signal.Evidence(
                        statistic.statistic(),
                        threshold,
                        baseline.mean(),
                        statistic.onsetMean(),
                        statistic.onsetCount()),
                "'" + detection().name() + "' rose from " + percent(baseline.mean()) + " to "
                        + percent(statistic.onsetMean()) + " of the " + counted() + " since about decision "
                        + statistic.onsetDecision());
        statistic.reset();
        return signal;
    }

    /** What is counted, for a person. */
    String counted() {
        return "answers";
    }

    @Override
    double recovery(int route, Optional<Segment> focus) {
        EDetector statistic = statistics[route];
        return statistic == null ? 0 : statistic.recovery();
    }

    @Override
    boolean isArmed() {
        return given || baseline.count() >= detection().warmUp();
    }

    @Override
    void rearm() {
        for (EDetector statistic : statistics) {
            if (statistic != null) {
                statistic.reset();
            }
        }
    }
}
