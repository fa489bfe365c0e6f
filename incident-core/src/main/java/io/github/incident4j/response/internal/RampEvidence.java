// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.response.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.detect.internal.MeanEvidence;
import io.github.incident4j.incident.internal.IncidentDesk;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Segment;
import io.github.incident4j.model.Shares;
import io.github.incident4j.model.Skipped;
import io.github.incident4j.response.Ramp;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known for and against the present steps of ramps: the attempts of their routes since the step began, and the
 * detectors. Guarded by who has it.
 */
final class RampEvidence {
    private static final double ENOUGH = 20; // an e-value of 1/α at a level of 5 %

    private final RampControl.Detectors detectors;
    private final IncidentDesk desk;
    private final Map<String, Attempts> attempts = new HashMap<>();

    /** What the attempts of a ramp's route have shown since its step began. */
    private static final class Attempts {
        private final MeanEvidence sound;
        private final MeanEvidence harmful;
        private long all;
        private long failed;
        private String last = "";

        Attempts(double tolerance) {
            this.sound = MeanEvidence.below(tolerance);
            this.harmful = MeanEvidence.above(tolerance);
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

    /** The detectors start anew, and what was seen before does not count. */
    void rearm(Ramp ramp) {
        detectors.rearm(ramp.scope().model().orElseThrow());
        forget(ramp);
    }

    /** What was seen before does not count. */
    void forget(Ramp ramp) {
        attempts.remove(ramp.id());
    }

    private Attempts of(Ramp ramp) {
        return attempts.computeIfAbsent(
                ramp.id(), id -> new Attempts(ramp.plan().failureTolerance()));
    }

    /** Whether the ramp's route was tried for a decision of its segment; takes note of what came of it. */
    boolean isTried(Ramp ramp, DecisionRecord decision) {
        Optional<Segment> segment = ramp.scope().segment();
        if (segment.isPresent() && !segment.get().value().equals(valueOf(segment.get(), decision))) {
            return false;
        }
        String route = ramp.scope().route().orElseThrow();
        Attempts known = of(ramp);
        long before = known.all;
        for (Skipped skipped : decision.skipped()) {
            if (skipped.route().equals(route) && isOwn(skipped.failure())) {
                known.failed(skipped.failure());
            }
        }
        if (decision.isAnswered()
                && decision.guard().routes().get(decision.route()).name().equals(route)) {
            known.answered();
        }
        return known.all > before;
    }

    /**
     * Whether a failure is the route's own, and not that of a switch, a limit, the caller or its breaker, which only
     * passes on what was counted before.
     */
    private static boolean isOwn(Failure failure) {
        return failure instanceof Failure.ModelError
                || failure instanceof Failure.NoAnswer
                || failure instanceof Failure.OutputBlocked
                || (failure instanceof Failure.TimedOut timedOut && timedOut.started());
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
                + ramp.scope().route().orElseThrow() + " have failed, the last one by " + known.last + ", where "
                + Shares.percent(ramp.plan().failureTolerance()) + " is tolerated");
    }

    /** Whether the attempts and all that watches the route have shown that the step is safe. */
    boolean isSafe(Ramp ramp) {
        return Math.min(recovery(ramp), of(ramp).sound.value()) >= ENOUGH;
    }

    private double recovery(Ramp ramp) {
        Optional<Segment> focus = ramp.scope()
                .segment()
                .or(() -> ramp.incident().flatMap(desk::find).flatMap(incident -> incident.segment()));
        return detectors.recovery(
                ramp.scope().model().orElseThrow(), ramp.scope().route().orElseThrow(), focus);
    }
}
