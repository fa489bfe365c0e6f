// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Runs a {@link Detector} through what is asked of it: for the tests of whoever writes one. It is shown seeded streams
 * that stay as they are, jump, drift, and hold extreme numbers.
 *
 * <pre>{@code
 * assertThat(DetectorCheck.faults(() -> new MyDetector(0.05), SplittableRandom::nextDouble)).isEmpty();
 * }</pre>
 */
public final class DetectorCheck {
    private static final int OBSERVATIONS = 5_000;
    private static final int CHANGE = 3_000;
    private static final int CUT = 700; // restarted so often
    private static final int MANY = 50_000;
    private static final int LARGE = 10_000; // numbers: such a state is no small value
    private static final double[] EXTREMES = {0, -0.0, 1, -1, 1e300, -1e300, Double.MIN_VALUE};

    private final Supplier<? extends Detector> detectors;
    private final ToDoubleFunction<SplittableRandom> sound;
    private final List<String> faults = new ArrayList<>();

    private DetectorCheck(Supplier<? extends Detector> detectors, ToDoubleFunction<SplittableRandom> sound) {
        this.detectors = detectors;
        this.sound = sound;
    }

    /**
     * Looks for what a detector does not keep.
     *
     * @param detectors makes equal detectors that have seen nothing
     * @param sound draws a number as it is while nothing has changed
     * @return what is wrong, one sentence each; empty if nothing was found
     */
    public static List<String> faults(
            Supplier<? extends Detector> detectors, ToDoubleFunction<SplittableRandom> sound) {
        DetectorCheck check = new DetectorCheck(detectors, sound);
        check.guarded("on streams that change", check::streams);
        check.guarded("on extreme numbers", check::extremes);
        check.guarded("on a long stream", check::longStream);
        return List.copyOf(check.faults);
    }

    private void guarded(String when, Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | StackOverflowError e) {
            faults.add(when + " it throws " + e);
        }
    }

    private void streams() {
        for (double shift : new double[] {0, 0.3, -0.3}) {
            for (long seed = 1; seed <= 3; seed++) {
                compare(stream(seed, shift), "a stream that shifts by " + shift);
            }
        }
    }

    private double[] stream(long seed, double shift) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] stream = new double[OBSERVATIONS];
        for (int i = 0; i < stream.length; i++) {
            stream[i] = sound.applyAsDouble(random) + (i < CHANGE ? 0 : shift);
        }
        return stream;
    }

    private void compare(double[] stream, String what) {
        Detector one = made();
        Detector same = made();
        Detector restarted = made();
        for (int i = 0; i < stream.length; i++) {
            Observation observation = new Observation(stream[i], i, Instant.ofEpochSecond(i));
            Optional<Alarm> alarm = observe(one, observation);
            if (!alarm.equals(observe(same, observation))) {
                faults.add("two equal detectors differ on " + what + " at observation " + i
                        + "; its answers must depend on nothing but what it was shown");
                return;
            }
            if (i % CUT == CUT - 1) {
                DetectorState state = restarted.save();
                restarted = made();
                restarted.restore(state);
            }
            if (!alarm.equals(observe(restarted, observation))) {
                faults.add("after save() and restore() it answers otherwise on " + what + " at observation " + i);
                return;
            }
            alarm.ifPresent(raised -> look(raised, observation));
        }
    }

    private void look(Alarm alarm, Observation observation) {
        if (alarm.onsetDecision() > observation.decision() || alarm.onset().isAfter(observation.time())) {
            faults.add("an alarm names an onset behind its own decision: " + alarm);
        }
        if (alarm.words().isBlank()) {
            faults.add("an alarm has no words: " + alarm);
        }
    }

    private void extremes() {
        Detector detector = made();
        for (int i = 0; i < CHANGE; i++) {
            observe(detector, new Observation(EXTREMES[i % EXTREMES.length], i, Instant.EPOCH));
        }
        for (Map.Entry<String, List<Double>> each : detector.save().numbers().entrySet()) {
            if (each.getValue().stream().anyMatch(number -> number.isInfinite())) {
                faults.add("'" + each.getKey() + "' of its state is infinite after extreme numbers");
            }
        }
    }

    private void longStream() {
        Detector detector = made();
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < MANY; i++) {
            observe(detector, new Observation(sound.applyAsDouble(random), i, Instant.ofEpochSecond(i)));
        }
        long numbers = detector.save().numbers().values().stream()
                .mapToLong(List::size)
                .sum();
        if (numbers > LARGE) {
            faults.add("its state has " + numbers + " numbers after " + MANY + " observations; it must be bounded, by "
                    + LARGE + " at most");
        }
    }

    private Detector made() {
        return Objects.requireNonNull(detectors.get(), "the supplier of detectors has supplied none");
    }

    private static Optional<Alarm> observe(Detector detector, Observation observation) {
        Optional<Alarm> alarm = detector.observe(observation);
        if (alarm.isPresent()) {
            detector.reset();
        }
        return alarm;
    }
}
