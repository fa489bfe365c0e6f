// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Detection;
import java.util.Locale;

/** The normal distribution of a number; notices that it has moved, or become wider or narrower. */
final class RankNorm implements Norm {
    private static final double UNCHANGED = 0.5; // the mean of ranks and of spreads

    private final Detection<?, ?> detection;
    private final RankBaseline baseline;

    RankNorm(Detection<?, ?> detection) {
        this.detection = detection;
        this.baseline = new RankBaseline(detection.name().hashCode());
    }

    @Override
    public void learn(double x) {
        baseline.add(x);
        if (baseline.count() >= detection.warmUp()) {
            baseline.freeze();
        }
    }

    @Override
    public boolean isReady() {
        return baseline.isFrozen();
    }

    @Override
    public Statistic statistic() {
        return new Drift(
                new DriftStatistic(baseline, detection.directions(), detection.tolerance(), Monitor.BASELINE_ALPHA));
    }

    @Override
    public void save(ObjectNode into) {
        baseline.save(into);
    }

    @Override
    public void load(JsonNode from) {
        baseline.load(from);
    }

    private final class Drift extends WordedStatistic<DriftStatistic> {
        Drift(DriftStatistic drift) {
            super(drift);
        }

        @Override
        public Change change() {
            return change(UNCHANGED, core().onsetMean(), core().onsetInterval());
        }

        @Override
        public String words() {
            double typical = core().onsetMeanRank();
            return String.format(
                    Locale.ROOT,
                    "became %s since about decision %d: its values now stand on average at %s of the baseline's order"
                            + " (unchanged is 50 %%), which is a baseline value of %.4g instead of %.4g",
                    core().direction().name().toLowerCase(Locale.ROOT),
                    core().onsetDecision(),
                    Monitor.percent(typical),
                    baseline.quantile(typical),
                    baseline.quantile(UNCHANGED));
        }
    }
}
