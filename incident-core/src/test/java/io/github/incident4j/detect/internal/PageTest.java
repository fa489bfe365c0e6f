// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.detect.Alarm;
import io.github.incident4j.detect.Detector;
import io.github.incident4j.detect.DetectorState;
import io.github.incident4j.detect.Observation;
import io.github.incident4j.detect.Signal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A rise of the mean, by the test of E. Page (1954): the example of the documentation. */
public class PageTest implements Detector {
    private double sum;
    private long onset;
    private Instant onsetTime = Instant.EPOCH;
    private long count;

    @Override
    public Optional<Alarm> observe(Observation observation) {
        if (sum == 0) {
            onset = observation.decision();
            onsetTime = observation.time();
            count = 0;
        }
        count++;
        sum = Math.min(Math.max(0, sum + observation.value() - 0.6), 1e9);
        return sum < 20
                ? Optional.empty()
                : Optional.of(new Alarm(
                        onset, onsetTime, new Signal.Evidence(sum, 20, 0.5, 0.6 + sum / count, count), "rose"));
    }

    @Override
    public void reset() {
        sum = 0;
    }

    @Override
    public DetectorState save() {
        return DetectorState.of(
                1,
                Map.of(
                        "sum",
                        sum,
                        "onset",
                        (double) onset,
                        "seconds",
                        (double) onsetTime.getEpochSecond(),
                        "nanos",
                        (double) onsetTime.getNano(),
                        "count",
                        (double) count));
    }

    @Override
    public void restore(DetectorState state) {
        sum = state.number("sum");
        onset = (long) state.number("onset");
        onsetTime = Instant.ofEpochSecond((long) state.number("seconds"), (long) state.number("nanos"));
        count = (long) state.number("count");
    }
}
