// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches how often guardrails find something of some categories, in decisions that were refused, too. */
final class FindingMonitor extends RateMonitor {
    private static final int NOBODY = -1;

    private final boolean letThroughOnly;

    FindingMonitor(Detection<?, ?> detection, GuardInfo guard) {
        super(detection, guard);
        this.letThroughOnly = detection.kind() == Detection.Kind.FINDINGS_LET_THROUGH;
    }

    @Override
    @Nullable
    Signal observe(DecisionRecord decision, long epochNanos) {
        Severity worst = null;
        for (Judgement judgement : decision.judgements()) {
            if (isWatched(judgement) && (!letThroughOnly || isLetThrough(judgement, decision))) {
                Severity severity = judgement.finding().severity();
                worst = worst == null ? severity : worst.worse(severity);
            }
        }
        if (worst == null) {
            return isByModel(decision)
                    ? observe(decision.route(), detection().severity(), decision, 0, epochNanos)
                    : null; // nobody has judged, or not to the end
        }
        int route = routeOf(decision);
        return route == NOBODY ? null : observe(route, detection().severity().worse(worst), decision, 1, epochNanos);
    }

    private boolean isWatched(Judgement judgement) {
        return detection().categories().contains(judgement.finding().category());
    }

    /** What was blocked has reached nobody, even where another guardrail had let it through before. */
    private static boolean isLetThrough(Judgement judgement, DecisionRecord decision) {
        return isByModel(decision) && (judgement.monitored() || judgement.action() == Judgement.Action.FLAG);
    }

    /** The version of the model that a finding speaks of. */
    private int routeOf(DecisionRecord decision) {
        for (Skipped skip : letThroughOnly ? List.<Skipped>of() : decision.skipped()) {
            if (skip.failure() instanceof Failure.OutputBlocked blocked && isWatched(blocked.judgement())) {
                int route = numberOf(skip.route());
                return guard().routes().get(route).kind() == RouteKind.MODEL ? route : NOBODY;
            }
        }
        return isByModel(decision) ? decision.route() : 0;
    }

    @Override
    String counted() {
        return "decisions";
    }
}
