// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Detection;
import java.util.function.IntFunction;

/** The normal shares of categories; notices that one has become more or less frequent, or is new. */
final class CategoryNorm implements Norm {
    private final Detection<?, ?> detection;
    private final CategoryBaseline baseline;
    private final IntFunction<String> names;

    /**
     * The norm of a detection.
     *
     * @param detection the detection
     * @param categories how many categories there can be
     * @param names their names
     */
    CategoryNorm(Detection<?, ?> detection, int categories, IntFunction<String> names) {
        this.detection = detection;
        this.baseline = new CategoryBaseline(categories);
        this.names = names;
    }

    @Override
    public void learn(double x) {
        baseline.add((int) x);
    }

    @Override
    public boolean isReady() {
        return baseline.count() >= detection.warmUp() - CategorySampler.namesOf(detection); // the half that counts
    }

    @Override
    public Statistic statistic() {
        return new Shift(new CategoryStatistic(baseline, detection.tolerance(), Monitor.BASELINE_ALPHA));
    }

    @Override
    public void save(ObjectNode into) {
        baseline.save(into);
    }

    @Override
    public void load(JsonNode from) {
        baseline.load(from);
    }

    private final class Shift extends WordedStatistic<CategoryStatistic> {
        Shift(CategoryStatistic shares) {
            super(shares);
        }

        @Override
        public Change change() {
            return change(baseline.share(core().category()), core().onsetShare(), core().onsetInterval());
        }

        @Override
        public String words() {
            CategoryStatistic shares = core();
            return "changed: " + names.apply(shares.category()) + (shares.isRise() ? " rose" : " fell") + " from "
                    + Monitor.percent(baseline.share(shares.category())) + " to " + Monitor.percent(shares.onsetShare())
                    + Monitor.percents(shares.onsetInterval()) + " since about decision " + shares.onsetDecision();
        }
    }
}
