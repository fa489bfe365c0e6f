// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.runtime;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.Marker;
import io.github.incident4j.audit.internal.StoredRecord;
import io.github.incident4j.audit.internal.TrailEntry;
import io.github.incident4j.call.internal.BreakerRecord;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Reading;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.detect.internal.DetectionEngine;
import io.github.incident4j.detect.internal.DetectorStates;
import io.github.incident4j.detect.internal.FeedbackRecord;
import io.github.incident4j.detect.internal.Findings;
import io.github.incident4j.detect.internal.InstructionRecord;
import io.github.incident4j.detect.internal.LeastEvidence;
import io.github.incident4j.detect.internal.MarkRecord;
import io.github.incident4j.detect.internal.Past;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.internal.PermittedSwitches;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.ResponsePlan;
import io.github.incident4j.response.internal.ApprovalRecord;
import io.github.incident4j.response.internal.RampControl;
import io.github.incident4j.response.internal.RampRecord;
import io.github.incident4j.response.internal.Responder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What the detector thread does with each record: detectors, the response plan, and recovery ramps. */
final class DetectorWork {
    private static final long NANOS = 1_000_000_000L;

    private final Map<String, RouteControl> controls = new ConcurrentHashMap<>();
    private final IncidentDesk desk;
    private final Responder responder;
    private final RampControl ramps;
    private final DetectionEngine detection;

    DetectorWork(
            ResponsePlan plan,
            IncidentDesk desk,
            SwitchBoard switches,
            PermittedSwitches permitted,
            Map<String, GuardInfo> guards,
            TimeSource time,
            Consumer<TrailEntry> trail,
            DetectorStates states,
            Consumer<String> alarm) {
        this.desk = desk;
        this.responder = new Responder(
                plan,
                desk,
                switches,
                name -> Optional.ofNullable(guards.get(name)),
                name -> Optional.ofNullable(controls.get(name)),
                time,
                new ResponderDetectors(),
                this::signalled);
        this.ramps = new RampControl(switches, permitted, desk, time, trail, new RampDetectors());
        this.detection = new DetectionEngine(
                states,
                time,
                trail,
                new Findings() {
                    @Override
                    public void signal(Signal signal) {
                        responder.respond(signal);
                    }

                    @Override
                    public void fault(String what) {
                        alarm.accept(what);
                    }
                },
                () -> Diversions.by(switches.inForce()));
    }

    RampControl ramps() {
        return ramps;
    }

    /** A model is guarded from now on. */
    void register(GuardInfo guard, List<? extends Detection<?, ?>> detections, RouteControl control, Past past) {
        controls.put(guard.model(), control);
        detection.register(guard, detections, past);
    }

    /** A record of an earlier run. */
    void replay(StoredRecord stored) {
        responder.replay(stored);
    }

    List<Reading> readings(String model) {
        return detection.readings(model);
    }

    /** From time to time, on the detector thread. */
    void tick() {
        detection.tick();
        ramps.tick();
        desk.tick();
    }

    /** What the detectors know goes into the trail, for the run that follows; by any thread. */
    void end() {
        detection.end();
    }

    void take(TrailEntry entry, long epochNanos) {
        if (entry instanceof DecisionRecord decision) {
            if (detection.observe(decision, epochNanos)) {
                responder.decided(decision.guard().model(), instant(epochNanos));
            }
            ramps.decided(decision, instant(epochNanos));
        } else if (entry instanceof FeedbackRecord feedback) {
            if (detection.take(feedback, epochNanos)) {
                responder.decided(feedback.model(), instant(epochNanos));
            }
        } else if (entry instanceof ApprovalRecord approval) {
            responder.approved(approval);
        } else if (entry instanceof InstructionRecord told) {
            detection.take(told, epochNanos);
        } else if (entry instanceof MarkRecord mark) {
            detection.take(mark);
        } else if (entry instanceof RampRecord begun) {
            ramps.begun(begun);
        } else if (entry instanceof BreakerRecord breaker && breaker.isOpening()) {
            ramps.broken(breaker.model(), breaker.route());
        } else if (entry instanceof RuntimeRecord.Guarded guarded) {
            responder.guarded(guarded.guard().model());
        } else if (entry.type().startsWith("switch.")) {
            detection.lookAtSwitches();
        } else if (entry instanceof Marker marker) {
            marker.passed().complete(null);
        }
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS), Math.floorMod(epochNanos, NANOS));
    }

    /** The ramps are made after the responder, which tells them of signals. */
    private boolean signalled(Signal signal, String incident) {
        return ramps.signalled(signal, incident);
    }

    /** The engine is made after the ramps. */
    private final class RampDetectors implements RampControl.Detectors {
        @Override
        public void rearm(String model) {
            detection.rearm(model);
        }

        @Override
        public boolean watches(String model, String route) {
            return detection.watches(model, route);
        }

        @Override
        public Optional<LeastEvidence> recovery(String model, String route, Optional<Segment> focus) {
            return detection.recovery(model, route, focus);
        }
    }

    /** The engine is made after the responder, which it tells of its signals. */
    private final class ResponderDetectors implements Responder.Detectors {
        @Override
        public void rearm(String model) {
            detection.rearm(model);
        }

        @Override
        public boolean learns(String model) {
            return detection.learns(model);
        }

        @Override
        public double shareOf(String model) {
            return detection.shareOf(model);
        }
    }
}
