// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.LetOut;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.detect.Signal;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        return letThroughOnly && decision.isOfAStream()
                ? observeStream(decision, epochNanos)
                : observeCall(decision, epochNanos);
    }

    /**
     * What has left a stream before it was refused has reached somebody, and what has not, has reached nobody, whatever
     * became of the rest: each route of which something has left answers for that.
     */
    private @Nullable Signal observeStream(DecisionRecord decision, long epochNanos) {
        Signal raised = null;
        boolean answers = isByModel(decision); // also one that has let nothing out
        for (LetOut part : decision.letOut()) {
            boolean answered = answers && part.route() == decision.route();
            answers &= !answered;
            Signal signal = observe(part.route(), part.findings(), answered, decision, epochNanos);
            raised = raised == null ? signal : raised;
        }
        Signal signal = answers ? observe(decision.route(), List.of(), true, decision, epochNanos) : null;
        return raised == null ? signal : raised;
    }

    private @Nullable Signal observe(
            int route, List<Finding> findings, boolean answered, DecisionRecord decision, long epochNanos) {
        if (guard().routes().get(route).kind() != RouteKind.MODEL) {
            return null;
        }
        Stream<Finding> ofInput = decision.judgements().stream()
                .filter(each -> answered && each.stage() == Judgement.Stage.INPUT && isLetThrough(each, decision))
                .map(Judgement::finding);
        Optional<Severity> worst = Stream.concat(findings.stream(), ofInput)
                .filter(each -> detection().categories().contains(each.category()))
                .map(Finding::severity)
                .reduce(Severity::worse);
        Severity severity = detection().severity();
        return observe(
                route, worst.map(severity::worse).orElse(severity), decision, worst.isPresent() ? 1 : 0, epochNanos);
    }

    private @Nullable Signal observeCall(DecisionRecord decision, long epochNanos) {
        Severity worst = null;
        List<Judgement> judgements = decision.judgements();
        int refused = letThroughOnly ? lastRefused(judgements) : -1;
        for (int i = 0; i < judgements.size(); i++) {
            Judgement judgement = judgements.get(i);
            if (isWatched(judgement)
                    && (!letThroughOnly
                            || (isLetThrough(judgement, decision) && !isOfRefused(judgement, i, refused)))) {
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

    /** Where the judgement stands by which the last answer was refused; routes are tried one after the other. */
    private static int lastRefused(List<Judgement> judgements) {
        int last = judgements.size() - 1;
        while (last >= 0 && !isRefusal(judgements.get(last))) {
            last--;
        }
        return last;
    }

    private static boolean isRefusal(Judgement judgement) {
        Judgement.Action action = judgement.action();
        return judgement.stage() == Judgement.Stage.OUTPUT
                && !judgement.monitored()
                && (action == Judgement.Action.BLOCK || action == Judgement.Action.RETRY);
    }

    /** Whether a judgement is of an answer that was refused. */
    private static boolean isOfRefused(Judgement judgement, int at, int refused) {
        return judgement.stage() == Judgement.Stage.OUTPUT && at < refused;
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
