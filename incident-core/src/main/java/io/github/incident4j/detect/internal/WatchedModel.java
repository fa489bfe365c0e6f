// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitors of one model, and up to which decision they have seen. After its making, by the detector thread. */
final class WatchedModel {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedModel.class);
    private static final int DECISIONS_BETWEEN_STATES = 10_000;
    private static final long TIME_BETWEEN_STATES = TimeUnit.HOURS.toNanos(1); // retention drops what is old

    private final GuardInfo guard;
    private volatile List<Monitor> monitors;
    private volatile List<Reading> readings = List.of();
    private long maintainedUntil; // in nanoseconds since the epoch
    private final List<Signal> found = new ArrayList<>(); // by what was decided before this run
    private long seen; // answered by the model in this run, warm-ups included
    private long sinceState;
    private long stateTime;
    private boolean due;
    private boolean armed;
    private @Nullable DecisionRecord lastDecision; // of this run
    private String through = ""; // its id, or that of the last one of the run before
    private long throughTime;

    private WatchedModel(GuardInfo guard, List<Monitor> monitors, Instant maintainedUntil) {
        this.guard = guard;
        this.maintainedUntil = Monitor.nanos(maintainedUntil);
        this.monitors = List.copyOf(monitors);
        this.armed = monitors.stream().allMatch(Monitor::isArmed);
    }

    /** The monitors of some detections, with what they knew in the run before and what was decided since. */
    static WatchedModel of(
            GuardInfo guard, List<? extends Detection<?, ?>> detections, DetectorStates states, Past past) {
        List<Monitor> monitors = new ArrayList<>();
        List<Missed> missed = new ArrayList<>();
        for (Detection<?, ?> detection : detections) {
            Monitor fresh = Monitor.of(detection, guard);
            Optional<DetectorStates.Stored> stored = states.take(guard.model(), detection.name());
            Optional<Monitor> restored = stored.flatMap(each -> restored(detection, guard, each, past));
            restored.ifPresent(monitor -> missed.add(new Missed(monitor, stored.orElseThrow())));
            monitors.add(restored.orElse(fresh));
        }
        WatchedModel watched = new WatchedModel(guard, monitors, states.maintainedUntil(guard.model()));
        if (!missed.isEmpty()) {
            watched.throughTime =
                    missed.stream().mapToLong(each -> each.throughTime).min().orElseThrow();
            watched.catchUp(guard, missed, past);
        }
        return watched;
    }

    private static Optional<Monitor> restored(
            Detection<?, ?> detection, GuardInfo guard, DetectorStates.Stored stored, Past past) {
        Monitor monitor = Monitor.of(detection, guard);
        try {
            return past.state(stored.sequence()).filter(monitor::load).map(state -> monitor);
        } catch (RuntimeException e) { // whatever is wrong with it, a detector without a past is better than no guard
            LOG.warn("detector '{}' of {} begins anew: {}", detection.name(), guard.model(), e.toString());
            return Optional.empty();
        }
    }

    /** A monitor that has missed what was decided behind its state. */
    private static final class Missed {
        private final Monitor monitor;
        private final String through;
        private final long throughTime;
        private boolean behind;

        Missed(Monitor monitor, DetectorStates.Stored stored) {
            this.monitor = monitor;
            this.through = stored.through();
            this.throughTime = stored.throughTime();
        }
    }

    /** Shows the monitors what was decided behind their states: none of it was seen by this process. */
    private void catchUp(GuardInfo guard, List<Missed> missed, Past past) {
        past.decisions(guard, throughTime, (decision, id, epochNanos) -> {
            boolean taken = false;
            for (Missed each : missed) {
                if (each.behind) {
                    each.monitor.observe(decision, epochNanos, found::add);
                    taken = true;
                }
                each.behind |= id.equals(each.through);
            }
            if (taken) {
                through = id;
                throughTime = epochNanos;
                sinceState++;
            }
        });
        armed = monitors.stream().allMatch(Monitor::isArmed);
    }

    List<Monitor> monitors() {
        return monitors;
    }

    /** How many decisions of this run the model has answered, warm-ups included. */
    long seen() {
        return seen;
    }

    /** Takes the next decision; returns whether all monitors could judge it. */
    boolean observe(DecisionRecord decision, long epochNanos, Consumer<Signal> signals) {
        Consumer<Signal> raised = signal -> {
            due = true; // what led to it must not be counted again after a restart
            signals.accept(signal);
        };
        raiseFound(raised);
        boolean judged = armed;
        if (Monitor.isByModel(decision)) {
            seen++;
        } else {
            judged = false;
        }
        boolean maintained = isMaintained(epochNanos);
        boolean all = true;
        for (Monitor monitor : monitors) {
            if (!maintained || monitor.isArmed()) { // nothing is learned from what is being maintained
                monitor.observe(decision, epochNanos, raised);
            }
            all &= monitor.isArmed();
        }
        due |= through.isEmpty(); // the first state: what follows is read again after a crash
        due |= all && !armed; // a warm-up that is over is worth keeping
        armed = all;
        lastDecision = decision;
        throughTime = epochNanos;
        sinceState++;
        return judged;
    }

    /** What was found at the start, at the first chance to tell it on the detector thread. */
    private void raiseFound(Consumer<Signal> raised) {
        if (!found.isEmpty()) {
            List<Signal> all = List.copyOf(found);
            found.clear();
            all.forEach(raised);
        }
    }

    void rearm(Optional<Segment> diverted) {
        monitors.forEach(monitor -> diverted.ifPresentOrElse(monitor::rearmWithout, monitor::rearm));
        due = true;
    }

    /** Keeps the model's signals back until then; when that is over, what was seen meanwhile is forgotten. */
    void maintain(Instant until) {
        maintainedUntil = Math.max(1, Monitor.nanos(until));
    }

    /** Whether a decision of that time was made while the model was being maintained. */
    boolean isMaintained(long epochNanos) {
        if (maintainedUntil > 0 && epochNanos >= maintainedUntil) {
            maintainedUntil = 0;
            rearm(Optional.empty());
        }
        return maintainedUntil > 0;
    }

    /** Learns all baselines anew. */
    void relearn() {
        monitors = monitors.stream()
                .map(monitor -> Monitor.of(monitor.detection(), guard))
                .toList();
        armed = monitors.stream().allMatch(Monitor::isArmed);
        due = true;
    }

    /** Where the monitors stood at the last {@link #publish()}; by any thread. */
    List<Reading> readings() {
        return readings;
    }

    void publish() {
        List<Reading> now = new ArrayList<>();
        monitors.forEach(monitor -> monitor.read(now::add));
        readings = List.copyOf(now);
    }

    /** Whether the states are to be written now. */
    boolean isDue() {
        return isChanged() && (due || sinceState >= DECISIONS_BETWEEN_STATES);
    }

    /** The same, by the time. */
    boolean isDue(long now) {
        return isChanged() && (due || now - stateTime >= TIME_BETWEEN_STATES);
    }

    /** Whether there is something that is not written. */
    boolean isChanged() {
        return (sinceState > 0 || due) && (lastDecision != null || !through.isEmpty());
    }

    /** Writes the states. */
    void save(long now, Consumer<TrailEntry> trail) {
        DecisionRecord last = lastDecision;
        if (last != null) {
            through = last.id().toString();
        }
        for (Monitor monitor : monitors) {
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            monitor.save(state);
            trail.accept(new StateRecord(
                    guard.model(), monitor.detection().name(), through, throughTime, state.toString(), now));
        }
        sinceState = 0;
        stateTime = now;
        due = false;
    }
}
