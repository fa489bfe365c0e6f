// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitors of one model. After its making, by the detector thread, but for what says otherwise. */
final class WatchedModel {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedModel.class);
    private static final long LONGEST_WITHOUT_STATE = TimeUnit.HOURS.toNanos(12); // retention drops what is old

    private final GuardInfo guard;
    private final List<Found> found = new ArrayList<>(); // by what was decided before this run
    private volatile List<Monitor> monitors;
    private volatile List<Reading> readings = List.of();
    private DetectorStates.Maintenance maintenance;
    private boolean maintaining; // as of the last decision
    private long seen; // answered by the model in this run, warm-ups included
    private boolean changed = true;
    private boolean armed;
    private long saved; // when

    /** A signal, and whether it is kept back for a planned change. */
    private record Found(Signal signal, boolean maintained) {}

    private WatchedModel(GuardInfo guard, List<Monitor> monitors, DetectorStates.Maintenance maintenance) {
        this.guard = guard;
        this.monitors = monitors;
        this.maintenance = maintenance;
    }

    /** The monitors of some detections, with what they knew in the run before and what was decided since. */
    static WatchedModel of(
            GuardInfo guard, List<? extends Detection<?, ?>> detections, DetectorStates states, Past past) {
        List<Monitor> monitors = new ArrayList<>();
        for (Detection<?, ?> detection : detections) {
            OptionalLong stored = states.state(guard.model(), detection.name());
            Optional<Monitor> restored =
                    stored.isEmpty() ? Optional.empty() : restored(detection, guard, past, stored.getAsLong());
            monitors.add(restored.orElseGet(() -> Monitor.of(detection, guard)));
        }
        WatchedModel watched = new WatchedModel(guard, monitors, states.maintenance(guard.model()));
        states.position(guard.model()).ifPresent(position -> watched.catchUp(past, position));
        watched.armed = watched.isArmed();
        return watched;
    }

    @SuppressWarnings("IllegalCatch") // whatever is wrong with it, a detector without a past is better than no guard
    private static Optional<Monitor> restored(Detection<?, ?> detection, GuardInfo guard, Past past, long record) {
        Monitor monitor = Monitor.of(detection, guard);
        try {
            Optional<JsonNode> state = past.state(record);
            return state.isPresent() && monitor.load(state.get()) ? Optional.of(monitor) : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("detector '{}' of {} begins anew: {}", detection.name(), guard.model(), e.toString());
            return Optional.empty();
        }
    }

    /** Shows the monitors what was decided behind their states: none of it was seen by this process. */
    private void catchUp(Past past, long position) {
        past.decisions(guard, position, new Past.Sink() {
            @Override
            public void decided(DecisionRecord decision, long epochNanos) {
                boolean maintained = isMaintained(epochNanos);
                show(decision, epochNanos, maintained, finding(maintained));
            }

            @Override
            public void rearmed(Optional<Segment> diverted) {
                found.clear(); // it was told before the crash, and dealt with
                rearm(diverted);
            }
        });
    }

    private Findings finding(boolean maintained) {
        return new Findings() {
            @Override
            public void signal(Signal signal) {
                found.add(new Found(signal, maintained));
            }

            @Override
            public void fault(String what) {
                LOG.error("{}: {}", guard.model(), what);
            }
        };
    }

    private void show(DecisionRecord decision, long epochNanos, boolean maintained, Findings findings) {
        List<Monitor> present = monitors;
        for (int i = 0; i < present.size(); i++) {
            Monitor monitor = present.get(i);
            try {
                monitor.observe(decision, epochNanos, !maintained, findings);
            } catch (RuntimeException | LinkageError e) {
                LOG.error(
                        "detector '{}' of {} fails, and begins anew",
                        monitor.detection().name(),
                        guard.model(),
                        e);
                List<Monitor> others = new ArrayList<>(present);
                others.set(i, Monitor.of(monitor.detection(), guard));
                monitors = List.copyOf(others);
            }
        }
        changed = true;
    }

    private boolean isArmed() {
        return monitors.stream().anyMatch(Monitor::isArmed);
    }

    List<Monitor> monitors() {
        return monitors;
    }

    /** How many decisions of this run the model has answered, warm-ups included. */
    long seen() {
        return seen;
    }

    /** Takes the next decision; returns whether it was judged: the model answered, and a monitor knows its baseline. */
    boolean observe(DecisionRecord decision, long epochNanos, Findings findings, Consumer<Signal> keptBack) {
        tell(findings, keptBack);
        boolean maintained = isMaintained(epochNanos);
        boolean judged = armed && !maintained && Monitor.isByModel(decision);
        seen += Monitor.isByModel(decision) ? 1 : 0;
        show(decision, epochNanos, maintained, maintained ? keepingBack(findings, keptBack) : findings);
        armed = armed || isArmed();
        return judged;
    }

    private static Findings keepingBack(Findings findings, Consumer<Signal> keptBack) {
        return new Findings() {
            @Override
            public void signal(Signal signal) {
                keptBack.accept(signal);
            }

            @Override
            public void fault(String what) {
                findings.fault(what);
            }
        };
    }

    /** Tells what was found before this run. */
    void tell(Findings findings, Consumer<Signal> keptBack) {
        if (found.isEmpty()) {
            return;
        }
        List<Found> all = List.copyOf(found);
        found.clear();
        for (Found each : all) {
            if (each.maintained()) {
                keptBack.accept(each.signal());
            } else {
                findings.signal(each.signal());
            }
        }
    }

    void rearm(Optional<Segment> diverted) {
        monitors.forEach(monitor -> diverted.ifPresentOrElse(monitor::rearmWithout, monitor::rearm));
        changed = true;
    }

    /** Keeps the model's signals back for a while; when that is over, what was seen meanwhile is forgotten. */
    void maintain(DetectorStates.Maintenance newMaintenance) {
        maintenance = newMaintenance;
    }

    /** Whether a decision of that time was made while the model was being maintained. */
    private boolean isMaintained(long epochNanos) {
        boolean now =
                epochNanos >= Monitor.nanos(maintenance.from()) && epochNanos < Monitor.nanos(maintenance.until());
        if (maintaining && !now) {
            monitors.forEach(Monitor::rearm);
        }
        maintaining = now;
        return now;
    }

    /** Learns all baselines anew. */
    void relearn() {
        monitors = monitors.stream()
                .map(monitor -> Monitor.of(monitor.detection(), guard))
                .toList();
        armed = isArmed();
        changed = true;
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

    /**
     * Writes the states, where they are not the ones that were written last.
     *
     * @return how many characters they have
     */
    long save(String mark, long nanoTime, Consumer<TrailEntry> trail) {
        if (!changed && nanoTime - saved < LONGEST_WITHOUT_STATE) {
            return 0;
        }
        long characters = 0;
        for (Monitor monitor : monitors) {
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            monitor.save(state);
            String text = state.toString();
            characters += text.length();
            trail.accept(new StateRecord(guard.model(), monitor.detection().name(), mark, text, nanoTime));
        }
        changed = false;
        saved = nanoTime;
        return characters;
    }
}
