// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches the distribution of a number. */
final class DriftMonitor extends Monitor {
    private static final double UNCHANGED = 0.5; // the mean of ranks and of spreads

    private final RankBaseline baseline;
    private final @Nullable DriftStatistic[] statistics; // by route; null until the baseline is there
    private final double threshold;

    DriftMonitor(Detection<?, ?> detection, GuardInfo guard) {
        super(detection, guard);
        this.baseline = new RankBaseline(detection.name().hashCode());
        this.statistics = new DriftStatistic[routes()];
        this.threshold = new FalseAlarmBudget(detection.budget()).threshold();
    }

    @Override
    @Nullable
    Signal observe(DecisionRecord decision, double value, long epochNanos) {
        if (!baseline.isFrozen()) {
            baseline.add(value);
            if (baseline.count() >= detection().warmUp()) {
                baseline.freeze();
            }
            return null;
        }
        DriftStatistic statistic = statistics[decision.route()];
        if (statistic == null) {
            statistic = new DriftStatistic(baseline, detection().tolerance(), BASELINE_ALPHA);
            statistics[decision.route()] = statistic;
        }
        statistic.observe(value, decision.number(), epochNanos);
        if (statistic.statistic() < threshold) {
            return null;
        }
        Signal signal = signal(
                decision,
                epochNanos,
                Optional.empty(),
                statistic.onsetDecision(),
                statistic.onsetTime(),
                new Signal.Evidence(
                        statistic.statistic(), threshold, UNCHANGED, statistic.onsetMean(), statistic.onsetCount()),
                sentence(statistic));
        statistic.reset();
        return signal;
    }

    private String sentence(DriftStatistic statistic) {
        double typical = statistic.onsetMeanRank();
        return String.format(
                Locale.ROOT,
                "'%s' became %s since about decision %d: its values now stand on average at %s of the baseline's order"
                        + " (unchanged is 50 %%), which is a baseline value of %.4g instead of %.4g",
                detection().name(),
                statistic.direction().name().toLowerCase(Locale.ROOT),
                statistic.onsetDecision(),
                percent(typical),
                baseline.quantile(typical),
                baseline.quantile(UNCHANGED));
    }

    @Override
    double recovery(int route, Optional<Segment> focus) {
        DriftStatistic statistic = statistics[route];
        return statistic == null ? 0 : statistic.recovery();
    }

    @Override
    boolean isArmed() {
        return baseline.isFrozen();
    }

    @Override
    void rearm() {
        for (DriftStatistic statistic : statistics) {
            if (statistic != null) {
                statistic.reset();
            }
        }
    }
}
