// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Interval;
import java.util.Locale;
import java.util.Optional;

/**
 * How a mean that must not rise is told to people: as it is, or, where it is the share of what is wrong, as the share
 * of what is right.
 *
 * @param isOfTheRight whether people know what is right of it
 * @param counted what is counted, for a share
 */
record MeanTelling(boolean isOfTheRight, String counted) {
    /** A score, which is no share of anything. */
    static final MeanTelling SCORE = new MeanTelling(false, "");

    /** The share of something that must not rise. */
    static MeanTelling riseOf(String counted) {
        return new MeanTelling(false, counted);
    }

    /** The share of what is right, which must not fall. */
    static MeanTelling fallOf(String counted) {
        return new MeanTelling(true, counted);
    }

    /** The mean as people know it, and back. */
    double shown(double mean) {
        return isOfTheRight ? 1 - mean : mean;
    }

    /** Where the mean lies as people know it. */
    Interval shown(Interval interval) {
        return isOfTheRight ? interval.mirrored() : interval;
    }

    /** What has changed, in words that follow the detector's name. */
    String words(Change change) {
        return (isOfTheRight ? "fell" : "rose") + " from " + text(change.baseline()) + " to " + text(change.current())
                + change.interval().map(this::text).orElse("")
                + (counted.isEmpty() ? "" : " of the " + counted) + " since about decision " + change.onsetDecision();
    }

    private String text(Interval interval) {
        return counted.isEmpty()
                ? String.format(
                        Locale.ROOT,
                        " (%.0f %% interval %.3f–%.3f)",
                        100 * interval.level(),
                        interval.low(),
                        interval.high())
                : Monitor.percents(Optional.of(interval));
    }

    private String text(double mean) {
        return counted.isEmpty() ? String.format(Locale.ROOT, "%.3f", mean) : Monitor.percent(mean);
    }
}
