// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.Durability;
import io.github.incident4j.audit.PayloadKind;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Recording;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Labelling;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.RouteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A history that detectors are shown row by row, as the decisions of one model with one route.
 *
 * @param <T> a row
 */
public final class History<T> {
    private static final String NAME = "history";

    private final GuardInfo guard;
    private final List<Detection<? super T, ? super T>> numbers;
    private final List<Detection<? super T, ? super T>> categories;
    private final List<Function<? super T, @Nullable String>> segments;
    private final List<Monitor> monitors = new ArrayList<>();
    private final List<String> faults = new ArrayList<>(); // of detectors, each of which ends that detector
    private final @Nullable Function<? super T, @Nullable String> label;
    private final boolean relearning;
    private long rows;
    private long labelled;

    /**
     * A history without rows.
     *
     * @param detections what is watched
     * @param attributes how the segment attributes are read
     * @param label reads what turned out to be true, if that is known
     * @param relearning whether a detector that has raised a signal begins anew
     */
    public History(
            List<? extends Detection<? super T, ? super T>> detections,
            Map<String, Function<? super T, @Nullable String>> attributes,
            @Nullable Function<? super T, @Nullable String> label,
            boolean relearning) {
        List<String> names = List.copyOf(attributes.keySet());
        this.numbers =
                List.copyOf(detections.stream().filter(Detection::readsNumber).toList());
        this.categories =
                List.copyOf(detections.stream().filter(Detection::readsCategory).toList());
        this.segments = new ArrayList<>();
        for (String name : names) {
            segments.add(attributes.get(name));
        }
        this.label = label;
        this.relearning = relearning;
        this.guard = new GuardInfo(
                0,
                NAME,
                List.of(new GuardInfo.Route(NAME, RouteKind.MODEL, null)),
                names,
                numbers.stream().map(Detection::name).toList(),
                categories.stream().map(Detection::name).toList(),
                new Recording(Durability.GROUP, false, PayloadKind.NONE, PayloadKind.NONE, "{}", ""));
        for (Detection<? super T, ? super T> detection : detections) {
            monitors.add(Monitor.of(detection, guard));
        }
    }

    /**
     * Shows the next row.
     *
     * @param row the row
     * @param time when it was decided
     * @return the signals that it raises
     */
    public List<Signal> observe(T row, Instant time) {
        rows++;
        @Nullable String[] labels = new @Nullable String[segments.size() + categories.size()];
        for (int i = 0; i < segments.size(); i++) {
            labels[i] = segments.get(i).apply(row);
        }
        for (int i = 0; i < categories.size(); i++) {
            labels[segments.size() + i] = categories.get(i).categoryOf(row, row);
        }
        double[] values = new double[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).valueOf(row, row);
        }
        DecisionRecord decision =
                DecisionRecord.answered(guard, rows, 0, 0, 0, 0, -1, List.of(), List.of(), labels, values, null);
        long nanos = Monitor.nanos(time);
        String known = label == null ? null : label.apply(row);
        if (known != null) {
            labelled++;
        }
        List<Signal> signals = new ArrayList<>();
        Findings findings = new Findings() {
            @Override
            public void signal(Signal signal) {
                signals.add(signal);
            }

            @Override
            public void fault(String what) {
                faults.add(what);
            }
        };
        for (int i = 0; i < monitors.size(); i++) {
            int before = signals.size();
            Monitor monitor = monitors.get(i);
            monitor.observe(decision, nanos, true, findings);
            if (known != null) {
                monitor.observe(new Labelled(decision, nanos, known, nanos, labelling()), true, findings);
            }
            if (relearning && signals.size() > before) {
                monitors.set(i, monitor.relearning(signals.get(before).segment()));
            }
        }
        return signals;
    }

    /** Labels are there at once, or never. */
    private Labelling labelling() {
        return new Labelling(labelled, 0, rows - labelled, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    /** {@return how many rows there were} */
    public long rows() {
        return rows;
    }

    /** {@return what has gone wrong with detectors themselves} */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** {@return where the detectors stand} */
    public List<Reading> readings() {
        List<Reading> readings = new ArrayList<>();
        monitors.forEach(monitor ->
                monitor.read(reading -> readings.add(monitor.isOfLabels() ? reading.with(labelling()) : reading)));
        return readings;
    }
}
