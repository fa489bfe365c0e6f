// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.detect.internal.LeastEvidence;
import io.github.incident4j.detect.internal.MeanEvidence;
import io.github.incident4j.detect.internal.RouteFailures;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.response.Ramp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known for and against the present steps of ramps: the attempts of their routes since the step began, and the
 * detectors. Used by the detector thread alone, but for {@link #await}.
 */
final class RampEvidence {
    private static final double ENOUGH = 20; // an e-value of 1/α at a level of 5 %

    private final RampControl.Detectors detectors;
    private final IncidentDesk desk;
    private final Map<String, Attempts> attempts = new HashMap<>();
    private final Map<String, Integer> awaited =
            new ConcurrentHashMap<>(); // the steps of ramps whose record has not come

    /** What the attempts of a ramp's route have shown since its step began. */
    private static final class Attempts {
        private final int step;
        private final MeanEvidence sound;
        private final MeanEvidence harmful;
        private long all;
        private long failed;
        private String last = "";

        Attempts(Ramp ramp) {
            this.step = ramp.step();
            this.sound = MeanEvidence.below(ramp.plan().failureTolerance());
            this.harmful = MeanEvidence.above(ramp.plan().failureTolerance());
        }

        void answered() {
            take(0);
        }

        void failed(Failure failure) {
            failed++;
            last = failure.code();
            take(1);
        }

        private void take(int failure) {
            all++;
            sound.observe(failure);
            harmful.observe(failure);
        }
    }

    RampEvidence(RampControl.Detectors detectors, IncidentDesk desk) {
        this.detectors = detectors;
        this.desk = desk;
    }

    /** A step begins, and its record is on its way behind decisions that were made before it. */
    void await(Ramp ramp) {
        awaited.put(ramp.id(), ramp.step());
    }

    /** {@return whether the record of a step has not come yet} */
    boolean isAwaited(Ramp ramp) {
        return awaited.containsKey(ramp.id());
    }

    /** The record of a step has come: the detectors start anew, and what was seen before does not count. */
    void rearm(Ramp ramp) {
        detectors.rearm(model(ramp));
        attempts.remove(ramp.id());
        awaited.remove(ramp.id(), ramp.step()); // or the ramp has gone on since
    }

    /** Forgets all but these. */
    void keep(List<Ramp> open) {
        attempts.keySet().retainAll(open.stream().map(Ramp::id).toList());
    }

    private Attempts of(Ramp ramp) {
        return attempts.compute(
                ramp.id(), (id, known) -> known != null && known.step == ramp.step() ? known : new Attempts(ramp));
    }

    /**
     * Whether the ramp's route was tried for a decision of its segment since the step began; takes note of what came of
     * it.
     */
    boolean isTried(Ramp ramp, DecisionRecord decision, Instant at) {
        if (isAwaited(ramp) && at.isBefore(ramp.since())) {
            return false;
        }
        Optional<Segment> segment = ramp.scope().segment();
        if (segment.isPresent() && !segment.get().value().equals(valueOf(segment.get(), decision))) {
            return false;
        }
        String route = route(ramp);
        Attempts known = of(ramp);
        long before = known.all;
        for (Skipped skipped : decision.skipped()) {
            if (skipped.route().equals(route) && RouteFailures.isOwn(skipped.failure())) {
                known.failed(skipped.failure());
            }
        }
        if (decision.isAnswered()
                && decision.guard().routes().get(decision.route()).name().equals(route)) {
            known.answered();
        }
        return known.all > before;
    }

    private static String valueOf(Segment segment, DecisionRecord decision) {
        int index = decision.guard().segments().indexOf(segment.attribute());
        String value = index < 0 ? null : decision.segment(index);
        return value == null ? "" : value;
    }

    /** What the attempts have shown against the step, in words, if it is enough to undo the ramp. */
    Optional<String> harm(Ramp ramp) {
        Attempts known = of(ramp);
        if (known.harmful.value() < ENOUGH) {
            return Optional.empty();
        }
        return Optional.of(known.failed + " of " + known.all + " attempts of "
                + route(ramp) + " have failed, the last one by " + known.last + ", where "
                + Shares.percent(ramp.plan().failureTolerance()) + " is tolerated");
    }

    /** Whether the attempts and all that watches the route have shown that the step is safe. */
    boolean isSafe(Ramp ramp) {
        return !isAwaited(ramp) // else the detectors tell of the step before
                && of(ramp).sound.value() >= ENOUGH
                && recovery(ramp).filter(least -> least.value() >= ENOUGH).isPresent();
    }

    /** What there is least of, in words: for a person who decides instead. */
    String lacking(Ramp ramp) {
        if (isAwaited(ramp)) {
            return "the record of the step has not come to the detectors";
        }
        Optional<LeastEvidence> watched = recovery(ramp);
        if (watched.isEmpty()) {
            return unwatched(ramp);
        }
        if (ramp.decisions() < ramp.plan().minDecisions()) {
            return "the plan asks for " + ramp.plan().minDecisions() + " decisions";
        }
        Attempts known = of(ramp);
        LeastEvidence least = watched.get();
        return known.sound.value() < least.value()
                ? "its " + known.all + " attempts, of which " + known.failed + " have failed, have least evidence, "
                        + ofEnough(known.sound.value())
                : "detector '" + least.detector() + "' has least evidence, " + ofEnough(least.value());
    }

    private static String ofEnough(double evidence) {
        return String.format(Locale.ROOT, "%.1f of %.0f", evidence, ENOUGH);
    }

    /** What follows where nobody watches a route, for who starts a ramp of it; empty if somebody does. */
    Optional<String> unwatchedAtStart(Ramp ramp) {
        if (detectors.watches(model(ramp), route(ramp))) {
            return Optional.empty();
        }
        String then = switch (ramp.plan().whenInconclusive()) {
            case WAIT -> ", so each step waits for a person";
            case ADVANCE -> ", so each step goes on without evidence when its patience is over";
            case UNDO -> ", so the ramp is undone when its patience is over";
        };
        return Optional.of(unwatched(ramp) + then);
    }

    private static String unwatched(Ramp ramp) {
        return "no detector watches " + model(ramp) + "/" + route(ramp)
                + ramp.scope()
                        .segment()
                        .map(part -> " while calls of " + part + " are kept from it; one by(\"" + part.attribute()
                                + "\") would")
                        .orElse("");
    }

    private static String model(Ramp ramp) {
        return ramp.scope().model().orElseThrow();
    }

    private static String route(Ramp ramp) {
        return ramp.scope().route().orElseThrow();
    }

    private Optional<LeastEvidence> recovery(Ramp ramp) {
        Optional<Segment> focus = ramp.scope()
                .segment()
                .or(() -> ramp.incident().flatMap(desk::find).flatMap(incident -> incident.segment()));
        return detectors.recovery(model(ramp), route(ramp), focus);
    }
}
