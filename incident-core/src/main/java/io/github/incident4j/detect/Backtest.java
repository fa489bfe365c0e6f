// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import io.github.incident4j.detect.internal.History;
import io.github.incident4j.model.ConfigurationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replays a history through detectors, as a runtime would have seen it: to choose tolerance and budget before anything
 * is switched on. A row of the history stands for what went into the model and for what came out, so detections are of
 * the row's type on both sides.
 *
 * <pre>{@code
 * Backtest<Row> backtest = Backtest.<Row>of(outputDrift(Row::score), groupDisparity("sex", Row::approved))
 *         .segment("sex", Row::sex)
 *         .start();
 * rows.forEach(row -> backtest.observe(row, row.time()).forEach(signal -> System.out.println(signal.sentence())));
 * }</pre>
 *
 * <p>Not thread-safe.
 *
 * @param <T> a row of the history
 */
public final class Backtest<T> {
    private static final long DEFAULT_BUDGET = 1_000_000;

    private final History<T> history;

    private Backtest(History<T> history) {
        this.history = history;
    }

    /**
     * Begins a backtest.
     *
     * @param detections what is watched, one at least
     * @param <T> a row of the history
     * @return its settings
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // it is only read
    public static <T> Settings<T> of(Detection<? super T, ? super T>... detections) {
        return of(List.of(detections));
    }

    /**
     * Begins a backtest.
     *
     * @param detections what is watched, one at least
     * @param <T> a row of the history
     * @return its settings
     */
    public static <T> Settings<T> of(List<? extends Detection<? super T, ? super T>> detections) {
        return new Settings<>(List.copyOf(detections));
    }

    /**
     * The settings of a backtest.
     *
     * @param <T> a row of the history
     */
    public static final class Settings<T> {
        private final List<Detection<? super T, ? super T>> detections;
        private final Map<String, Function<? super T, @Nullable String>> segments = new LinkedHashMap<>();
        private @Nullable Function<? super T, @Nullable String> label;
        private long budget = DEFAULT_BUDGET;
        private boolean relearning;

        private Settings(List<Detection<? super T, ? super T>> detections) {
            this.detections = detections;
        }

        /**
         * Declares a segment attribute.
         *
         * @param attribute its name
         * @param value reads its value of a row; null where it is unknown
         * @return these settings
         */
        public Settings<T> segment(String attribute, Function<? super T, @Nullable String> value) {
            segments.put(attribute, value);
            return this;
        }

        /**
         * Says what turned out to be true, for detections of labels such as {@link Detectors#accuracy}. It is taken as
         * known at once.
         *
         * @param truth reads the label of a row; null where none is known
         * @return these settings
         */
        public Settings<T> label(Function<? super T, @Nullable String> truth) {
            label = truth;
            return this;
        }

        /**
         * Sets the false alarm budget of all detections together that have none of their own, as a guard's builder
         * does.
         *
         * @param rows one false alarm in so many rows at most; by default 1,000,000
         * @return these settings
         */
        public Settings<T> falseAlarmAtMostOncePer(long rows) {
            budget = rows;
            return this;
        }

        /**
         * Takes what is found for the new norm: a detector that has raised a signal learns its baseline anew, as after
         * an incident that was accepted. Without this it is compared with the old one, and signals again and again.
         *
         * @return these settings
         */
        public Settings<T> relearning() {
            relearning = true;
            return this;
        }

        /**
         * Starts the backtest.
         *
         * @return a backtest that has seen nothing
         * @throws ConfigurationException if anything is wrong, with all that is
         */
        public Backtest<T> start() {
            List<String> faults = new ArrayList<>();
            if (detections.isEmpty()) {
                faults.add("there is nothing to watch; name a detection");
            }
            Set<String> names = new LinkedHashSet<>();
            for (Detection<? super T, ? super T> detection : detections) {
                faults.addAll(detection.faults());
                if (!names.add(detection.name())) {
                    faults.add("two detectors have the name '" + detection.name() + "'; give one of them another");
                }
                if (detection.kind().isOfLabels() && label == null) {
                    faults.add("detector '" + detection.name()
                            + "' asks for labels, and none are declared; declare them" + " by label(…)");
                }
                detection
                        .attribute()
                        .filter(attribute -> !segments.containsKey(attribute))
                        .ifPresent(attribute ->
                                faults.add("detector '" + detection.name() + "' needs the segment attribute '"
                                        + attribute + "', which is not declared; declare it by segment(…)"));
            }
            if (!faults.isEmpty()) {
                throw new ConfigurationException("backtest", faults);
            }
            return new Backtest<>(
                    new History<>(Detection.sharing(budget, detections), Map.copyOf(segments), label, relearning));
        }
    }

    /**
     * Shows the next row to the detectors.
     *
     * @param row the row
     * @param time when it was decided
     * @return the signals that it raises, often none; their decisions are numbers of rows, from 1
     */
    public List<Signal> observe(T row, Instant time) {
        return history.observe(Objects.requireNonNull(row, "the row is null"), time);
    }

    /** {@return how many rows there were} */
    public long rows() {
        return history.rows();
    }

    /** {@return what has gone wrong with detectors themselves, such as one of your own that throws} */
    public List<String> faults() {
        return history.faults();
    }

    /** {@return where the detectors stand; those that still learn are left out} */
    public List<Reading> readings() {
        return history.readings();
    }
}
