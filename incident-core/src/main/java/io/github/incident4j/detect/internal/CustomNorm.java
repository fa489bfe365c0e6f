// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.detect.Alarm;
import io.github.incident4j.detect.Detector;
import io.github.incident4j.detect.DetectorState;
import io.github.incident4j.detect.Observation;
import io.github.incident4j.detect.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A detector of the host's own, which knows by itself what is normal. */
final class CustomNorm implements Norm {
    /** At which the value of its statistic is an alarm. */
    static final double ALARM = 1;

    private static final Logger LOG = LoggerFactory.getLogger(CustomNorm.class);
    private static final int FAILURES = 10; // so many it may have, lately
    private static final int FORGIVEN = 100; // observations after which one of them is forgotten
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(10);

    private final String name;
    private final Supplier<? extends Detector> detectors;

    CustomNorm(String name, Supplier<? extends Detector> detectors) {
        this.name = name;
        this.detectors = detectors;
    }

    @Override
    public void learn(double x) {
        // it is ready from the start
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public Statistic statistic() {
        return new Custom();
    }

    @Override
    public void save(ObjectNode into) {
        // nothing beside its statistics
    }

    @Override
    public void load(JsonNode from) {
        // nothing beside its statistics
    }

    /** Whatever the host's code throws, declared or not, is its own; what is wrong with the JVM is not. */
    private static void requireSound(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error;
        }
    }

    /** Keeps the host's detector from harming the others. */
    private final class Custom implements Statistic {
        private @Nullable Detector detector; // null once it is switched off
        private @Nullable Change change;
        private Signal.@Nullable Evidence evidence; // of the host's detector, in its own terms
        private String words = "";
        private @Nullable String fault;
        private long observed;
        private boolean hasThrown;
        private int failures;
        private int slow;
        private double value;

        Custom() {
            make();
        }

        private void make() {
            try {
                detector = Objects.requireNonNull(detectors.get(), "the supplier has supplied none");
            } catch (Throwable e) {
                requireSound(e);
                LOG.error("detector '{}' cannot be made and is off", name, e);
                fault = "cannot be made (" + e.getClass().getName() + "), and is off until the next start";
            }
        }

        @Override
        public void observe(double x, long decision, long time) {
            forget();
            Detector present = detector;
            if (present == null) {
                return;
            }
            if (++observed % FORGIVEN == 0) {
                failures = Math.max(0, failures - 1);
                slow = Math.max(0, slow - 1);
            }
            long start = System.nanoTime();
            try {
                Observation observation = new Observation(x, decision, Monitor.instant(time));
                present.observe(observation).ifPresent(this::raise);
            } catch (Throwable e) {
                failed(e);
            }
            if (System.nanoTime() - start > SLOW && ++slow == FAILURES && detector != null) {
                switchOff("has taken more than 10 ms " + slow + " times");
            }
        }

        private void failed(Throwable e) {
            requireSound(e);
            if (hasThrown) { // its trace is in the log already
                LOG.debug("detector '{}' has thrown again", name, e);
            } else {
                LOG.warn("detector '{}' has thrown", name, e);
            }
            hasThrown = true;
            if (++failures == FAILURES) {
                switchOff("has thrown " + failures + " times, the last time "
                        + e.getClass().getName());
            }
        }

        private void raise(Alarm alarm) {
            Signal.Evidence found = alarm.evidence();
            evidence = found;
            change = new Change(
                    alarm.onsetDecision(),
                    Monitor.nanos(alarm.onset()),
                    found.baseline(),
                    found.current(),
                    found.sampleSize(),
                    found.interval());
            words = alarm.words();
            value = ALARM; // last: what threw before has raised nothing
        }

        @Override
        public Signal.Evidence evidence(double threshold) {
            Signal.Evidence found = evidence;
            return found == null ? Statistic.super.evidence(threshold) : found;
        }

        private void forget() {
            change = null;
            evidence = null;
            value = 0;
        }

        private void switchOff(String why) {
            detector = null;
            forget();
            fault = why + ", and is switched off until the next start";
        }

        @Override
        public Optional<String> fault() {
            Optional<String> found = Optional.ofNullable(fault);
            fault = null;
            return found;
        }

        @Override
        public double value() {
            return value;
        }

        @Override
        public Change change() {
            Change present = change;
            return present == null ? new Change(0, 0, Double.NaN, Double.NaN, 0, Optional.empty()) : present;
        }

        @Override
        public String words() {
            return words;
        }

        /** There is no evidence of its kind that nothing has changed. */
        @Override
        public double recovery() {
            return 0;
        }

        @Override
        public void reset() {
            forget();
            Detector present = detector;
            if (present != null) {
                try {
                    present.reset();
                } catch (Throwable e) {
                    failed(e);
                }
            }
        }

        @Override
        public void save(ObjectNode into) {
            Detector present = detector;
            if (present == null) {
                return;
            }
            try {
                DetectorState state = present.save();
                if (!state.numbers().values().stream().flatMap(List::stream).allMatch(Double::isFinite)) {
                    throw new IllegalStateException("its state has a number that is not finite");
                }
                into.put("version", state.version());
                ObjectNode numbers = into.putObject("numbers");
                state.numbers()
                        .forEach((key, list) -> Memory.put(
                                numbers,
                                key,
                                list.stream().mapToDouble(Double::doubleValue).toArray()));
            } catch (Throwable e) {
                requireSound(e);
                LOG.warn("detector '{}' cannot say what it knows", name, e);
                into.removeAll();
            }
        }

        @Override
        public void load(JsonNode from) {
            Detector present = detector;
            if (present == null || !from.has("version")) {
                return;
            }
            Map<String, List<Double>> numbers = new LinkedHashMap<>();
            JsonNode lists = from.path("numbers");
            lists.fieldNames().forEachRemaining(key -> {
                double[] array = new double[lists.path(key).size()];
                Memory.take(lists, key, array);
                numbers.put(key, DoubleStream.of(array).boxed().toList());
            });
            try {
                present.restore(new DetectorState(from.path("version").asInt(), numbers));
            } catch (Throwable e) {
                requireSound(e);
                LOG.warn("detector '{}' begins anew, as it cannot take up what it knew", name, e);
                make();
            }
        }
    }
}
