// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Skipped;
import java.util.List;
import java.util.Set;

/** Whether some guardrails have blocked, rewritten or sent back an answer of a version of the model. */
final class InterventionSampler implements Sampler {
    private final Set<String> guardrails;
    private final List<GuardInfo.Route> routes;
    private final List<String> names;

    InterventionSampler(Detection<?, ?> detection, GuardInfo guard) {
        this.guardrails = detection.names();
        this.routes = guard.routes();
        this.names = guard.routeNames();
    }

    @Override
    public void sample(DecisionRecord decision, Sink sink) {
        boolean blocked = false;
        for (Skipped skip : decision.skipped()) {
            if (skip.failure() instanceof Failure.OutputBlocked failure) {
                blocked = true;
                int route = names.indexOf(skip.route());
                if (route >= 0 && routes.get(route).kind() == RouteKind.MODEL) {
                    sink.take(route, guardrails.contains(failure.judgement().guardrail()) ? 1 : 0);
                }
            }
        }
        if (Monitor.isByModel(decision)) {
            sink.take(decision.route(), isChanged(decision, blocked) ? 1 : 0);
        }
    }

    /**
     * Whether the answer that was given is not the one that the model gave first. Where the answer of another version
     * was blocked, what was sent back may be of that one.
     */
    private boolean isChanged(DecisionRecord decision, boolean blocked) {
        for (Judgement judgement : decision.judgements()) {
            Judgement.Action action = judgement.action();
            if ((action == Judgement.Action.REWRITE || (action == Judgement.Action.RETRY && !blocked))
                    && judgement.stage() == Judgement.Stage.OUTPUT
                    && !judgement.monitored()
                    && guardrails.contains(judgement.guardrail())) {
                return true;
            }
        }
        return false;
    }
}
