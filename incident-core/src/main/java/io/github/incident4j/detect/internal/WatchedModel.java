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
import io.github.incident4j.model.DecisionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitors of one model. After its making, by the detector thread, but for what says otherwise. */
final class WatchedModel {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedModel.class);
    private static final long LONGEST_WITHOUT_STATE = TimeUnit.HOURS.toNanos(12); // retention drops what is old
    private static final String ANY = ""; // is no decision's id
    private static final String LABELS = "labels"; // in the states of who watches them
    private static final int MAX_FOUND = 1_000; // harm that goes on is found again

    private final GuardInfo guard;
    private final List<Found> found = new ArrayList<>(); // by what was decided before this run
    private final List<String> faults = new ArrayList<>(); // of detectors, by what was decided before this run
    private final Map<String, Integer> keptBack = new HashMap<>(); // in this maintenance, by detector, route, segment
    private final LabelWindow labels;
    private volatile List<Monitor> monitors;
    private volatile List<Reading> readings = List.of();
    private volatile Set<Diversion> diverted = Set.of();
    private DetectorStates.Maintenance maintenance;
    private boolean maintaining; // as of the last decision
    private String last = ""; // the id of what was seen last, where that is no decision of this run
    private long lastNumber = -1; // else the number of that decision
    private long seen; // answered by the model in this run, warm-ups included
    private boolean told; // since that was on record
    private boolean changed = true;
    private boolean judging;
    private boolean remembers; // the answers that waited for labels in the run before
    private long saved; // when
    private String statesOf = ""; // the mark at which the states were written
    private int states; // of it

    /** A signal, and whether it is kept back for a planned change. */
    private record Found(Signal signal, boolean maintained) {}

    private WatchedModel(GuardInfo guard, LabelWindow labels, DetectorStates.Maintenance maintenance) {
        this.guard = guard;
        this.labels = labels;
        this.monitors = List.of();
        this.maintenance = maintenance;
    }

    /**
     * The monitors of some detections, with what they knew in the run before and what was decided since.
     *
     * @param diverted of which calls some are kept from the model now: new baselines are of such a mix
     * @param now when this run began
     */
    static WatchedModel of(
            GuardInfo guard,
            List<? extends Detection<?, ?>> detections,
            DetectorStates states,
            Past past,
            Set<Diversion> diverted,
            Instant now) {
        int remembered =
                detections.stream().mapToInt(Detection::labelWindow).max().orElse(0);
        WatchedModel watched = new WatchedModel(guard, new LabelWindow(remembered), states.maintenance(guard.model()));
        List<Monitor> monitors = new ArrayList<>();
        for (Detection<?, ?> detection : detections) {
            OptionalLong stored = states.state(guard.model(), detection.name());
            Optional<Monitor> restored =
                    stored.isEmpty() ? Optional.empty() : watched.restored(detection, past, stored.getAsLong(), states);
            monitors.add(restored.orElseGet(() -> Monitor.of(detection, guard, diverted)));
        }
        watched.monitors = List.copyOf(monitors);
        states.position(guard.model()).ifPresent(position -> {
            watched.last = position.mark();
            watched.divert(position.diverted(), Long.MIN_VALUE);
            watched.maintaining = watched.maintenance.covers(position.time());
        });
        states.missing(guard.model(), now).ifPresent(span -> watched.catchUp(past, span));
        watched.judging = watched.isJudging();
        return watched;
    }

    @SuppressWarnings("IllegalCatch") // whatever is wrong with it, a detector without a past is better than no guard
    private Optional<Monitor> restored(Detection<?, ?> detection, Past past, long record, DetectorStates states) {
        Monitor monitor = Monitor.of(detection, guard);
        try {
            Optional<JsonNode> state = past.state(record);
            if (state.isPresent() && state.get().has(LABELS) && !remembers) {
                remembers = true;
                remember(state.get().path(LABELS), past, states);
            }
            return state.isPresent() && monitor.load(state.get()) ? Optional.of(monitor) : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("detector '{}' of {} begins anew: {}", detection.name(), guard.model(), e.toString());
            return Optional.empty();
        }
    }

    /** Reads again what answers waited for their labels at the last mark. */
    private void remember(JsonNode state, Past past, DetectorStates states) {
        Optional<Past.Span> span = LabelWindow.since(state).flatMap(since -> states.remembered(guard.model(), since));
        if (span.isPresent()) {
            past.decisions(guard, span.get(), new Remembering(LabelWindow.first(state)));
            if (labels.isEmpty()) { // the first one is no longer kept
                past.decisions(guard, span.get(), new Remembering(ANY));
            }
        }
        labels.load(state);
    }

    /** Takes the answers of a window from its first one on; what was done about them then has begun it anew. */
    private final class Remembering implements Past.Sink {
        private final String first;
        private boolean begun;

        Remembering(String first) {
            this.first = first;
            this.begun = first.equals(ANY);
        }

        @Override
        public void decided(String id, DecisionRecord decision, long epochNanos) {
            begun = begun || id.equals(first);
            if (begun) {
                labels.add(DecisionId.parse(id), decision, epochNanos);
            }
        }

        @Override
        public void labelled(FeedbackRecord feedback, long epochNanos) {
            labels.join(feedback, epochNanos);
        }

        @Override
        public void done(SeenRecord seen) {
            // it is before the begin, or has changed nothing that is remembered
        }
    }

    /** Shows the monitors what was decided behind their states: none of it was seen by this process. */
    @SuppressWarnings("IllegalCatch") // a detector with less of the past is better than no guard
    private void catchUp(Past past, Past.Span span) {
        try {
            past.decisions(guard, span, new Past.Sink() {
                private long latest = Long.MIN_VALUE; // what was seen last was so before what was done then

                @Override
                public void decided(String id, DecisionRecord decision, long epochNanos) {
                    last = id;
                    latest = Math.max(latest, epochNanos);
                    boolean maintained = isMaintained(epochNanos);
                    labels.add(DecisionId.parse(id), decision, epochNanos);
                    show(decision, epochNanos, maintained, finding(maintained));
                }

                @Override
                public void labelled(FeedbackRecord feedback, long epochNanos) {
                    boolean maintained = isMaintained(epochNanos);
                    labels.join(feedback, epochNanos).ifPresent(labelled -> {
                        last = feedback.seenName();
                        show(labelled, maintained, finding(maintained));
                    });
                }

                @Override
                public void done(SeenRecord record) {
                    if (!record.type().equals(SeenRecord.MIXED)) {
                        found.clear(); // it was told before the crash, and dealt with
                    }
                    if (!record.type().equals(SeenRecord.TOLD)) {
                        divert(record.diverted(), latest);
                    }
                    if (record.type().equals(SeenRecord.REARMED)) {
                        rearm();
                    }
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("what {} has decided lately cannot be read, so its detectors do not know of it", guard.model(), e);
        }
    }

    private Findings finding(boolean maintained) {
        return new Findings() {
            @Override
            public void signal(Signal signal) {
                if (found.size() < MAX_FOUND) {
                    found.add(new Found(signal, maintained));
                }
            }

            @Override
            public void fault(String what) {
                faults.add(what); // it is off in this run, too
            }
        };
    }

    @SuppressWarnings("IllegalCatch") // one that fails keeps the others from nothing
    private void show(DecisionRecord decision, long epochNanos, boolean maintained, Findings findings) {
        for (int i = 0; i < monitors.size(); i++) {
            try {
                monitors.get(i).observe(decision, epochNanos, !maintained, findings);
            } catch (RuntimeException | LinkageError e) {
                beginAnew(i, e);
            }
        }
        changed = true;
    }

    @SuppressWarnings("IllegalCatch") // as above
    private void show(Labelled labelled, boolean maintained, Findings findings) {
        for (int i = 0; i < monitors.size(); i++) {
            try {
                monitors.get(i).observe(labelled, !maintained, findings);
            } catch (RuntimeException | LinkageError e) {
                beginAnew(i, e);
            }
        }
        changed = true;
    }

    private void beginAnew(int failed, Throwable e) {
        Detection<?, ?> detection = monitors.get(failed).detection();
        LOG.error("detector '{}' of {} fails, and begins anew", detection.name(), guard.model(), e);
        List<Monitor> others = new ArrayList<>(monitors);
        others.set(failed, Monitor.of(detection, guard, diverted));
        monitors = List.copyOf(others);
    }

    /** Whether a baseline is known, and what is compared with it is watched at present in decisions. */
    private boolean isJudging() {
        return isJudging(false);
    }

    private boolean isJudging(boolean byLabels) {
        return monitors.stream()
                .anyMatch(monitor -> monitor.isArmed() && !monitor.isPaused() && monitor.isOfLabels() == byLabels);
    }

    GuardInfo guard() {
        return guard;
    }

    List<Monitor> monitors() {
        return monitors;
    }

    /** How many decisions of this run the model has answered, warm-ups included. */
    long seen() {
        return seen;
    }

    /** Takes the next decision; returns whether it was judged: the model answered, and a monitor knows its baseline. */
    boolean observe(DecisionRecord decision, long epochNanos, Findings findings, Consumer<Signal> recorded) {
        tell(findings, recorded);
        lastNumber = decision.number();
        boolean maintained = isMaintained(epochNanos);
        boolean judged = judging && !maintained && Monitor.isByModel(decision);
        seen += Monitor.isByModel(decision) ? 1 : 0;
        if (labels.isUsed()) {
            labels.add(decision.id(), decision, epochNanos);
        }
        show(decision, epochNanos, maintained, maintained ? keepingBack(findings, recorded) : telling(findings));
        judging = judging || isJudging();
        return judged;
    }

    /** Takes the label of a decision; returns whether that was judged by it. */
    boolean observe(FeedbackRecord feedback, long epochNanos, Findings findings, Consumer<Signal> recorded) {
        if (!labels.isUsed()) {
            return false;
        }
        tell(findings, recorded);
        boolean maintained = isMaintained(epochNanos);
        Optional<Labelled> labelled = labels.join(feedback, epochNanos);
        boolean judged = labelled.isPresent() && !maintained && isJudging(true);
        labelled.ifPresent(known -> {
            last = feedback.seenName();
            lastNumber = -1;
            show(known, maintained, maintained ? keepingBack(findings, recorded) : telling(findings));
        });
        changed = true;
        return judged;
    }

    private Findings telling(Findings findings) {
        return new Findings() {
            @Override
            public void signal(Signal signal) {
                told = true;
                findings.signal(signal);
            }

            @Override
            public void fault(String what) {
                findings.fault(what);
            }
        };
    }

    /** Of those that are alike the first, the second, the fourth, the eighth, and so on are on record. */
    private Findings keepingBack(Findings findings, Consumer<Signal> recorded) {
        return new Findings() {
            @Override
            public void signal(Signal signal) {
                String alike = signal.detector() + "/" + signal.route() + "/" + signal.segment();
                if (Integer.bitCount(keptBack.merge(alike, 1, Integer::sum)) == 1) {
                    recorded.accept(signal);
                }
            }

            @Override
            public void fault(String what) {
                findings.fault(what);
            }
        };
    }

    /** Tells what was found before this run. */
    void tell(Findings findings, Consumer<Signal> recorded) {
        if (found.isEmpty() && faults.isEmpty()) {
            return;
        }
        List<String> allFaults = List.copyOf(faults);
        List<Found> all = List.copyOf(found);
        faults.clear();
        found.clear();
        allFaults.forEach(findings::fault);
        for (Found each : all) {
            (each.maintained() ? keepingBack(findings, recorded) : telling(findings)).signal(each.signal());
        }
    }

    /** What is to be on record of signals that were told since the last time. */
    Optional<SeenRecord> told(long nanoTime) {
        if (!told) {
            return Optional.empty();
        }
        told = false;
        return Optional.of(new SeenRecord(SeenRecord.TOLD, guard.model(), lastSeen(), Set.of(), nanoTime));
    }

    private String lastSeen() {
        return lastNumber < 0 ? last : new DecisionId(guard.runtime(), lastNumber).toString();
    }

    /** Starts the statistics anew; returns what is to be on record. */
    SeenRecord rearm(long nanoTime) {
        rearm();
        told = false;
        return new SeenRecord(SeenRecord.REARMED, guard.model(), lastSeen(), diverted, nanoTime);
    }

    private void rearm() {
        monitors.forEach(Monitor::rearm);
        labels.clear(); // of what was decided before, the harm is dealt with
        changed = true;
    }

    /** Of which calls some are kept from the model. */
    Set<Diversion> diverted() {
        return diverted;
    }

    /** Some calls are kept from the model since a time, or no longer. */
    private void divert(Set<Diversion> newDiverted, long epochNanos) {
        diverted = newDiverted;
        monitors = monitors.stream()
                .map(monitor -> monitor.divert(newDiverted, epochNanos))
                .toList();
        judging = isJudging();
        changed = true;
    }

    /** Some calls are kept from the model since a time, or no longer; returns what is to be on record. */
    SeenRecord divert(Set<Diversion> newDiverted, long epochNanos, long nanoTime) {
        divert(newDiverted, epochNanos);
        return new SeenRecord(SeenRecord.MIXED, guard.model(), lastSeen(), diverted, nanoTime);
    }

    /** The detectors that watch nothing as it is another mix of calls than their baselines are of. */
    List<String> paused() {
        return monitors.stream()
                .filter(Monitor::isPaused)
                .map(monitor -> monitor.detection().name())
                .toList();
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
            rearm();
            keptBack.clear();
        }
        maintaining = now;
        return now;
    }

    /** Learns all baselines anew, of the mix of calls that there is now. */
    void relearn() {
        monitors = monitors.stream()
                .map(monitor -> Monitor.of(monitor.detection(), guard, diverted))
                .toList();
        labels.clear();
        judging = isJudging();
        changed = true;
    }

    /** Where the monitors stood at the last {@link #publish()}; by any thread. */
    List<Reading> readings() {
        return readings;
    }

    void publish() {
        List<Reading> now = new ArrayList<>();
        monitors.forEach(monitor ->
                monitor.read(reading -> now.add(monitor.isOfLabels() ? reading.with(labels.soFar()) : reading)));
        readings = List.copyOf(now);
    }

    /**
     * Writes the states, where they are not the ones that were written last.
     *
     * @return how many characters they have
     */
    @SuppressWarnings("IllegalCatch") // one that cannot say what it knows keeps the others from nothing
    long save(String mark, long nanoTime, Consumer<TrailEntry> trail) {
        last = mark;
        lastNumber = -1;
        if (!changed && nanoTime - saved < LONGEST_WITHOUT_STATE) {
            return 0;
        }
        long characters = 0;
        for (Monitor monitor : monitors) {
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            try {
                monitor.save(state);
                if (monitor.isOfLabels()) {
                    labels.save(state.putObject(LABELS));
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.error(
                        "detector '{}' of {} cannot say what it knows",
                        monitor.detection().name(),
                        guard.model(),
                        e);
                continue;
            }
            String text = state.toString();
            characters += text.length();
            trail.accept(new StateRecord(guard.model(), monitor.detection().name(), mark, text, nanoTime));
        }
        changed = false;
        saved = nanoTime;
        statesOf = mark;
        states = monitors.size();
        return characters;
    }

    /** What the mark that was just taken says of this model. */
    MarkedRecord.Of marked() {
        return new MarkedRecord.Of(guard.model(), statesOf, states, diverted);
    }
}
