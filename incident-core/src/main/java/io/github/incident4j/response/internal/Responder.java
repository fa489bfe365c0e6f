// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.incident.Incident;
import io.github.incident4j.incident.IncidentState;
import io.github.incident4j.incident.TimelineEntry;
import io.github.incident4j.incident.TimelineEntry.Kind;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.killswitch.internal.RouteControl;
import io.github.incident4j.killswitch.internal.SwitchBoard;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.TimeSource;
import io.github.incident4j.response.Containment;
import io.github.incident4j.response.ResponsePlan;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the response plan out. It acts on guarded models only through their switches: what it changes, the next call
 * reads. How far an incident's plan has been carried out stands in the incident's timeline, so a restart goes on where
 * it was. Used by the detector thread alone.
 */
public final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final ResponsePlan plan;
    private final IncidentDesk desk;
    private final Containing containing;
    private final Detectors detectors;
    private final BiPredicate<Signal, String> ramps;
    private final Map<String, Watch> watched = new HashMap<>();
    private final Set<String> ofEarlierRun = new HashSet<>();

    /** What a responder needs of the detectors. */
    public interface Detectors {
        /**
         * Makes the detectors of a model start anew against their baselines.
         *
         * @param model the model
         * @param diverted a segment whose calls the model no longer answers, if there is one
         */
        void rearm(String model, Optional<Segment> diverted);

        /**
         * Says whether a baseline of a model was learned in this run.
         *
         * @param model the model
         * @return whether one was
         */
        boolean learns(String model);

        /**
         * Says how much of the traffic a model has.
         *
         * @param model the model
         * @return which share of all decisions versions of that model have answered
         */
        double shareOf(String model);
    }

    /** How long it has been quiet since the last containment, and whether its grace is over. */
    private record Watch(long quiet, boolean graceOver) {
        static final Watch NEW = new Watch(0, false);
    }

    /**
     * Creates a responder.
     *
     * @param plan the plan
     * @param desk where it notes what it does
     * @param switches what it acts by
     * @param guards the guarded models by name
     * @param controls what may be done to them beside their switches, by name
     * @param time the clocks
     * @param detectors what it needs of the detectors
     * @param ramps is told of a signal and its incident; undoes recovery ramps and says whether there was one
     */
    public Responder(
            ResponsePlan plan,
            IncidentDesk desk,
            SwitchBoard switches,
            Function<String, Optional<GuardInfo>> guards,
            Function<String, Optional<RouteControl>> controls,
            TimeSource time,
            Detectors detectors,
            BiPredicate<Signal, String> ramps) {
        this.plan = plan;
        this.desk = desk;
        this.containing = new Containing(desk, switches, guards, controls, time, plan.grace());
        this.detectors = detectors;
        this.ramps = ramps;
    }

    /**
     * Responds to a signal.
     *
     * @param signal the signal
     */
    public void respond(Signal signal) {
        IncidentDesk.Filed filed = desk.file(signal);
        Incident incident = filed.incident();
        if (ramps.test(signal, incident.id())) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINMENT,
                    PlanProgress.RAMP_UNDONE + signal.route() + " was undone: it is killed again");
            watched.put(incident.id(), Watch.NEW);
            return;
        }
        PlanProgress progress = PlanProgress.of(incident.timeline());
        if (filed.news() || !progress.hasBegun()) {
            takeNextStep(incident);
            return;
        }
        if (progress.waiting()) {
            return; // a person decides
        }
        if (filed.newRoute() && progress.isInVain() && !containing.isKilled(signal.model(), signal.route())) {
            takeNextStep(incident); // what could not be done about another route may do for this one
            return;
        }
        Optional<TimelineEntry> inForce = incident.last(Kind.CONTAINMENT);
        if (inForce.isPresent() && isAbout(incident, signal) && countsAgainst(inForce.get(), signal)) {
            watched.remove(incident.id());
            boolean comesBack = Containing.comesBack(inForce.get());
            boolean lifted = !containing.isInForce(incident) && !(comesBack && hasFurtherStep(incident, progress));
            if (!lifted && progress.exhausted()) {
                return; // a person decides
            }
            Kind kind = lifted ? Kind.CONTAINMENT_LIFTED : Kind.CONTAINMENT_INEFFECTIVE;
            if (!isToldOf(incident, kind)) { // as where the plan only watches from here on
                desk.note(
                        incident.id(),
                        kind,
                        lifted
                                ? (comesBack
                                                ? "the circuit breaker has come back"
                                                : "the containment is not set any more (it was lifted, or another"
                                                        + " switch has taken its place)")
                                        + ", and there is harm again on " + signal.route() + ": "
                                        + signal.sentence()
                                : inForce.get().what() + " did not stop the harm: on " + signal.route() + ", "
                                        + signal.sentence());
            }
            takeNextStep(desk.find(incident.id()).orElse(incident));
        }
    }

    /** Whether that was noted since the last containment. */
    private static boolean isToldOf(Incident incident, Kind kind) {
        return incident.timeline().stream()
                .map(TimelineEntry::kind)
                .filter(each -> each == Kind.CONTAINMENT || each == kind)
                .reduce((one, later) -> later)
                .filter(kind::equals)
                .isPresent();
    }

    /**
     * Goes on with the incidents of an earlier run that are about a model: carries a plan out that a crash kept from
     * its first step, and watches the containments that are in force.
     *
     * @param model the model, which is guarded from now on
     */
    public void guarded(String model) {
        for (Incident incident : desk.open()) {
            if (!incident.model().equals(model) || incident.state() != IncidentState.DETECTED) {
                continue;
            }
            ofEarlierRun.add(incident.id());
            PlanProgress progress = PlanProgress.of(incident.timeline());
            if (!progress.hasBegun()) {
                takeNextStep(incident);
            } else if (progress.contained()) {
                watched.put(incident.id(), Watch.NEW);
            }
        }
    }

    /**
     * Carries out the containment that an incident waits for.
     *
     * @param approval who has approved it
     */
    public void approved(ApprovalRecord approval) {
        desk.find(approval.incident())
                .filter(incident -> incident.isOpen()
                        && PlanProgress.of(incident.timeline()).waiting())
                .ifPresentOrElse(
                        incident -> takeNextStep(incident, incident.last(Kind.CONTAINMENT_PROPOSED)),
                        () -> LOG.warn(
                                "{} has approved a containment of incident {}, but none waits for that: nothing is"
                                        + " done",
                                approval.cause().by(),
                                approval.incident()));
    }

    /** A containment is judged by the harm that it was taken against, not by what else goes on in the incident. */
    private static boolean isAbout(Incident incident, Signal signal) {
        return incident.type() == signal.type() && incident.segment().equals(signal.segment());
    }

    /** A signal counts against a containment if its evidence is younger: neither in flight then nor in the grace. */
    private boolean countsAgainst(TimelineEntry containment, Signal signal) {
        Instant judgedFrom = containment.time().plus(plan.grace());
        return signal.time().isAfter(judgedFrom) && !containing.isKilled(signal.model(), signal.route());
    }

    /**
     * Watches whether a containment holds.
     *
     * @param model the model of a decision that the detectors have judged
     * @param time when it was made
     */
    public void decided(String model, Instant time) {
        if (watched.isEmpty()) {
            return;
        }
        for (Map.Entry<String, Watch> each : List.copyOf(watched.entrySet())) {
            Optional<Incident> incident = desk.find(each.getKey());
            if (incident.isEmpty() || !incident.get().isOpen()) {
                watched.remove(each.getKey());
            } else if (incident.get().model().equals(model)) {
                watch(incident.get(), each.getValue(), time);
            }
        }
    }

    private void watch(Incident incident, Watch watch, Instant time) {
        if (!watch.graceOver()) {
            Instant since =
                    incident.last(Kind.CONTAINMENT).map(TimelineEntry::time).orElse(time);
            if (!time.isBefore(since.plus(plan.grace()))) {
                detectors.rearm(incident.model(), Optional.empty()); // what was seen in the grace is no evidence
                watched.put(incident.id(), new Watch(0, true));
            }
            return;
        }
        long quiet = watch.quiet() + 1;
        watched.put(incident.id(), new Watch(quiet, true));
        if (quiet < tellingSilence(incident) || isBlind(incident)) {
            return;
        }
        watched.remove(incident.id());
        if (incident.state() == IncidentState.DETECTED) {
            desk.note(
                    incident.id(),
                    Kind.CONTAINED,
                    "no detector has seen harm in the " + quiet + " decisions since the last containment");
        }
    }

    /** Silence says something only once harm of the same kind would have been noticed. */
    private long tellingSilence(Incident incident) {
        double delay = incident.detectedDecision() - incident.onsetDecision();
        return Math.max(plan.watch(), Math.round(2 * delay * detectors.shareOf(incident.model())));
    }

    /** A detector that has learned its baseline since a restart may have learned the harm: a person must look. */
    private boolean isBlind(Incident incident) {
        return ofEarlierRun.contains(incident.id()) && detectors.learns(incident.model());
    }

    private boolean hasFurtherStep(Incident incident, PlanProgress progress) {
        return !progress.exhausted()
                && stepsFor(incident).stream()
                        .skip(progress.taken())
                        .findFirst()
                        .filter(next -> !(next instanceof Containment.Monitor))
                        .isPresent();
    }

    private List<Containment> stepsFor(Incident incident) {
        return plan.stepsFor(incident.severity(), incident.type());
    }

    private void takeNextStep(Incident incident) {
        takeNextStep(incident, Optional.empty());
    }

    private void takeNextStep(Incident incident, Optional<TimelineEntry> approved) {
        List<Containment> steps = stepsFor(incident);
        int taken = Math.min(PlanProgress.of(incident.timeline()).taken(), steps.size());
        Optional<String> proposal = approved.map(TimelineEntry::what);
        for (Containment step : steps.subList(taken, steps.size())) {
            if (step instanceof Containment.Monitor) {
                return;
            }
            Containment action = step instanceof Containment.AskFirst ask ? ask.step() : step;
            boolean asks = step instanceof Containment.AskFirst;
            Optional<String> route =
                    asks ? proposal.flatMap(what -> containing.proposed(action, incident, what)) : Optional.empty();
            proposal = Optional.empty(); // what follows it is approved by nobody
            boolean proposes = asks && route.isEmpty();
            Optional<String> obstacle;
            if (proposes) {
                obstacle = containing.propose(action, incident);
            } else {
                obstacle = asks
                        ? containing.apply(action, incident, route.orElseThrow())
                        : containing.apply(action, incident);
            }
            if (obstacle.isEmpty() && proposes) {
                return; // a person decides
            }
            if (obstacle.isEmpty()) {
                boolean diverts = action instanceof Containment.ReviewSegment;
                detectors.rearm(incident.model(), diverts ? incident.segment() : Optional.empty());
                watched.put(incident.id(), Watch.NEW);
                return;
            }
            desk.note(incident.id(), Kind.CONTAINMENT_SKIPPED, Containing.nameOf(action) + ": " + obstacle.get());
        }
        desk.note(
                incident.id(),
                Kind.PLAN_EXHAUSTED,
                "the response plan has no further step for " + incident.severity() + " " + incident.type()
                        + ": a person must decide");
    }
}
