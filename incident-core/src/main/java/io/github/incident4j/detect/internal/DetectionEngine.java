// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the monitors of all guarded models with decisions. What they know goes into the trail from time to time, and
 * what was decided since is read from there, so that a restart costs nothing.
 */
public final class DetectionEngine {
    private static final Logger LOG = LoggerFactory.getLogger(DetectionEngine.class);
    private static final long BETWEEN_READINGS = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_MARKS = TimeUnit.HOURS.toNanos(1); // retention drops what is old
    private static final long SOON = TimeUnit.SECONDS.toNanos(10);
    private static final int DECISIONS_BETWEEN_MARKS = 10_000;
    private static final int CHARACTERS_A_DECISION = 25; // a twentieth of what a decision takes

    private final Map<String, WatchedModel> models = new ConcurrentHashMap<>();
    private final Set<String> unwatched = ConcurrentHashMap.newKeySet(); // guarded models that have had detectors
    private final DetectorStates states;
    private final TimeSource time;
    private final Consumer<TrailEntry> trail;
    private final Findings findings;
    private final Supplier<Function<GuardInfo, Set<Diversion>>> diversions;
    private final Instant begun;
    private final String run = UUID.randomUUID().toString();
    private final AtomicLong marks = new AtomicLong();
    private volatile boolean changed; // in a way that is worth a mark soon
    private long decisions;
    private long sinceMark;
    private long decisionsBetweenMarks = DECISIONS_BETWEEN_MARKS;
    private long marked; // when
    private long published;

    /**
     * Creates an engine that watches nothing yet.
     *
     * @param states what was known in the run before
     * @param time the clocks
     * @param trail takes what is known now
     * @param findings takes what is found, on the detector thread
     * @param diversions tells, at this moment, of which calls of a model some are kept from it; by any thread
     */
    public DetectionEngine(
            DetectorStates states,
            TimeSource time,
            Consumer<TrailEntry> trail,
            Findings findings,
            Supplier<Function<GuardInfo, Set<Diversion>>> diversions) {
        this.states = states;
        this.time = time;
        this.trail = trail;
        this.findings = new Findings() {
            @Override
            public void signal(Signal signal) {
                changed = true;
                findings.signal(signal);
            }

            @Override
            public void fault(String what) {
                findings.fault(what);
            }
        };
        this.diversions = diversions;
        this.begun = time.instant();
        this.marked = time.nanoTime() - SOON;
        this.published = time.nanoTime() - BETWEEN_READINGS;
    }

    /**
     * Begins to watch a guarded model; by any thread.
     *
     * @param guard the model
     * @param detections what is watched
     * @param past what the trail has of the run before
     */
    public void register(GuardInfo guard, List<? extends Detection<?, ?>> detections, Past past) {
        String model = guard.model();
        if (detections.isEmpty() && states.position(model).isEmpty()) {
            return;
        }
        if (detections.isEmpty()) {
            unwatched.add(model);
        } else {
            Set<Diversion> diverted = diversions.get().apply(guard);
            WatchedModel watched;
            int told;
            do { // what a person tells meanwhile comes either before the reading of the states or behind it
                told = states.told(model);
                watched = WatchedModel.of(guard, detections, states, past, diverted, begun);
                divert(watched, diverted);
                models.put(model, watched);
            } while (states.told(model) != told);
        }
        end(); // before the first decision: all that follows is read again after a crash
    }

    /** Whatever the detectors have seen of the mix is of another one. */
    private void divert(WatchedModel watched, Set<Diversion> diverted) {
        if (!diverted.equals(watched.diverted())) {
            trail.accept(watched.divert(diverted, Monitor.nanos(time.instant()), time.nanoTime()));
            LOG.info(
                    "the detectors of {} see a part of its calls only: {}; these do not watch: {}",
                    watched.guard().model(),
                    diverted.isEmpty() ? "no longer" : Diversion.names(diverted),
                    watched.paused());
            if (diverted.isEmpty() && !watched.paused().isEmpty()) {
                LOG.warn(
                        "all calls of {} are back, and {} have learned their baselines while some were kept from it:"
                                + " they do not watch until detectors().relearn(\"{}\", …)",
                        watched.guard().model(),
                        watched.paused(),
                        watched.guard().model());
            }
            changed = true;
        }
    }

    /** Looks which calls are kept from which model now; by the detector thread, where a switch may have changed. */
    public void lookAtSwitches() {
        Function<GuardInfo, Set<Diversion>> present = diversions.get();
        for (WatchedModel watched : models.values()) {
            divert(watched, present.apply(watched.guard()));
        }
    }

    /**
     * Takes the next decision, answered or refused; by the detector thread.
     *
     * @param decision the decision
     * @param epochNanos when it was made, on the wall clock
     * @return whether it was judged: a version of the model answered, and a detector knows its baseline
     */
    public boolean observe(DecisionRecord decision, long epochNanos) {
        decisions++;
        WatchedModel watched = models.get(decision.guard().model());
        if (watched == null) {
            return false;
        }
        boolean judged = watched.observe(decision, epochNanos, findings, this::keepBack);
        if (++sinceMark >= decisionsBetweenMarks) {
            mark();
        }
        return judged;
    }

    /**
     * Takes the label of a decision; by the detector thread.
     *
     * @param feedback the label
     * @param epochNanos when it came, on the wall clock
     * @return whether the decision was judged by it
     */
    public boolean take(FeedbackRecord feedback, long epochNanos) {
        WatchedModel watched = models.get(feedback.model());
        return watched != null && watched.observe(feedback, epochNanos, findings, this::keepBack);
    }

    private void keepBack(Signal signal) {
        trail.accept(new MaintainedSignal(signal, time.nanoTime()));
    }

    /**
     * Does what a person has told; by the detector thread.
     *
     * @param told what was told
     * @param epochNanos when
     */
    public void take(InstructionRecord told, long epochNanos) {
        WatchedModel watched = models.get(told.model());
        if (told.type().equals(InstructionRecord.RELEARN)) {
            states.forget(told.model());
            if (watched != null) {
                watched.relearn();
            }
        } else {
            Instant until = told.cause().until().orElse(Instant.EPOCH);
            states.maintain(told.model(), Monitor.instant(epochNanos), until);
            if (watched != null) {
                watched.maintain(states.maintenance(told.model()));
            }
        }
        if (watched != null) {
            mark(); // what was decided before it is not read again: only what was told last is known then
        }
    }

    /**
     * Where the detectors of a model stand; by any thread.
     *
     * @param model the model
     * @return the readings of the last tick
     */
    public List<Reading> readings(String model) {
        WatchedModel watched = models.get(model);
        return watched == null ? List.of() : watched.readings();
    }

    /** Does what depends on the time alone; from time to time, by the detector thread. */
    public void tick() {
        long now = time.nanoTime();
        lookAtSwitches();
        boolean publishes = now - published >= BETWEEN_READINGS;
        published = publishes ? now : published;
        for (WatchedModel watched : models.values()) {
            watched.tell(findings, this::keepBack);
            watched.told(now).ifPresent(trail);
            if (publishes) {
                watched.publish();
            }
        }
        long since = now - marked;
        boolean soon = changed && since >= SOON && sinceMark >= decisionsBetweenMarks / 10;
        boolean guards = !models.isEmpty() || !unwatched.isEmpty();
        if (guards && (soon || since >= BETWEEN_MARKS)) {
            mark();
        }
    }

    private void mark() {
        changed = false;
        sinceMark = 0;
        marked = time.nanoTime();
        end();
    }

    /** Sets a mark in the trail; when it comes to the detectors, they write what they know. By any thread. */
    public void end() {
        trail.accept(new MarkRecord(run + "-" + marks.incrementAndGet(), time.nanoTime()));
    }

    /**
     * Writes what is known at a mark, before anything behind it is seen; by the detector thread.
     *
     * @param mark the mark
     */
    public void take(MarkRecord mark) {
        long characters = 0;
        List<MarkedRecord.Of> marked = new ArrayList<>();
        for (WatchedModel watched : models.values()) {
            watched.tell(findings, this::keepBack);
            watched.told(time.nanoTime()).ifPresent(trail);
            characters += watched.save(mark.id(), time.nanoTime(), trail);
            marked.add(watched.marked());
        }
        unwatched.forEach(model -> marked.add(new MarkedRecord.Of(model, "", 0, Set.of())));
        trail.accept(new MarkedRecord(mark.id(), marked, time.nanoTime()));
        decisionsBetweenMarks = Math.max(DECISIONS_BETWEEN_MARKS, characters / CHARACTERS_A_DECISION);
    }

    /**
     * Says whether a detector watches a route; by any thread.
     *
     * @param model the model
     * @param route the route
     * @return whether the model has a detector and that version
     */
    public boolean watches(String model, String route) {
        WatchedModel watched = models.get(model);
        return watched != null && watched.monitors().stream().anyMatch(monitor -> monitor.watches(route));
    }

    /**
     * The evidence that all that is watched of a route has been within its tolerance since the detectors started anew;
     * by the detector thread.
     *
     * @param model the model
     * @param route the route
     * @param focus the segment that matters, if not all do
     * @return what the detector that has least has seen; empty where nothing watches the route
     */
    public Optional<LeastEvidence> recovery(String model, String route, Optional<Segment> focus) {
        WatchedModel watched = models.get(model);
        if (watched == null) {
            return Optional.empty();
        }
        return watched.monitors().stream()
                .filter(monitor -> monitor.watches(route))
                .map(monitor ->
                        new LeastEvidence(monitor.detection().name(), monitor.recovery(monitor.numberOf(route), focus)))
                .min(Comparator.comparingDouble(LeastEvidence::value));
    }

    /** {@return which share of all decisions of this run were answered by versions of that model} */
    public double shareOf(String model) {
        WatchedModel watched = models.get(model);
        return watched == null || decisions == 0 ? 1 : (double) watched.seen() / decisions;
    }

    /** {@return whether a detector of that model has learned its baseline in this run} */
    public boolean learns(String model) {
        WatchedModel watched = models.get(model);
        return watched != null && watched.monitors().stream().anyMatch(Monitor::learnsInThisRun);
    }

    /**
     * Makes all detectors of a model start anew against their baselines; by the detector thread.
     *
     * @param model the model
     */
    public void rearm(String model) {
        lookAtSwitches();
        WatchedModel watched = models.get(model);
        if (watched != null) {
            trail.accept(watched.rearm(time.nanoTime()));
            changed = true;
        }
    }
}
