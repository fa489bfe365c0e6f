// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Detection;

/** How often something is normally true, or how large a score is; notices that it has become more. */
final class MeanNorm implements Norm {
    private final MeanBaseline baseline;
    private final long warmUp;
    private final double tolerance;
    private final MeanTelling telling;

    /**
     * The norm of a detection.
     *
     * @param detection the detection
     * @param telling how the mean is told to people, who may have given it so, too
     */
    MeanNorm(Detection<?, ?> detection, MeanTelling telling) {
        boolean given = detection.baselineMean().isPresent();
        this.baseline = given
                ? MeanBaseline.given(telling.shown(detection.baselineMean().getAsDouble()), detection.baselineSize())
                : new MeanBaseline(detection.warmUp());
        this.warmUp = given ? 0 : detection.warmUp();
        this.tolerance = detection.tolerance();
        this.telling = telling;
    }

    @Override
    public void learn(double x) {
        baseline.add(x);
    }

    @Override
    public boolean isReady() {
        return baseline.count() >= warmUp;
    }

    @Override
    public Statistic statistic() {
        return new Rise(EDetector.atLeast(baseline.upperBound(Monitor.BASELINE_ALPHA) + tolerance));
    }

    @Override
    public void save(ObjectNode into) {
        baseline.save(into);
    }

    @Override
    public void load(JsonNode from) {
        baseline.load(from);
    }

    private final class Rise extends WordedStatistic<EDetector> {
        Rise(EDetector mean) {
            super(mean);
        }

        @Override
        public Change change() {
            return change(
                    telling.shown(baseline.mean()),
                    telling.shown(core().onsetMean()),
                    core().onsetInterval(1).map(telling::shown));
        }

        @Override
        public String words() {
            return telling.words(change());
        }
    }
}
