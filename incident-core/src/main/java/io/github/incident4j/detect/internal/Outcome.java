// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;

/** How wrong an answer was, by its label and what a detection asks: the number of which the mean must not rise. */
final class Outcome implements Sampler {
    private static final String YES = "true";

    private final Detection.Kind kind;
    private final String positive;
    private final int value;
    private final int category;

    Outcome(Detection<?, ?> detection, GuardInfo guard) {
        this.kind = detection.kind();
        this.positive = detection.names().stream().findFirst().orElse(YES);
        this.value = guard.values().indexOf(detection.name());
        this.category = guard.categories().indexOf(detection.name());
    }

    /** Nothing is known of it yet. */
    @Override
    public void sample(DecisionRecord decision, Sink sink) {}

    @Override
    public void sample(Labelled labelled, Sink sink) {
        double wrong = wrong(labelled);
        if (!Double.isNaN(wrong)) {
            sink.take(labelled.decision().route(), wrong);
        }
    }

    /** From 0 to 1; NaN if the answer is none of those that are watched, or what it said is not known. */
    double wrong(Labelled labelled) {
        boolean isPositive = labelled.label().equals(positive);
        if (kind == Detection.Kind.BRIER) {
            double probability = value < 0 ? Double.NaN : labelled.decision().value(value);
            double error = probability - (isPositive ? 1 : 0);
            return probability >= 0 && probability <= 1 ? error * error : Double.NaN;
        }
        String said = category < 0 ? null : labelled.decision().category(category);
        return said == null ? Double.NaN : wrong(said, labelled.label(), isPositive);
    }

    private double wrong(String said, String label, boolean isPositive) {
        boolean saidYes = said.equals(YES);
        return switch (kind) {
            case ACCURACY -> said.equals(label) ? 0 : 1;
            case PRECISION -> among(saidYes, !isPositive);
            case RECALL, TRUE_POSITIVES -> among(isPositive, !saidYes);
            case FALSE_POSITIVES -> among(!isPositive, saidYes);
            default -> Double.NaN;
        };
    }

    private static double among(boolean watched, boolean wrong) {
        if (!watched) {
            return Double.NaN;
        }
        return wrong ? 1 : 0;
    }
}
