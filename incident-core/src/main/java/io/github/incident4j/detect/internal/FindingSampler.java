// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.incident4j.audit.internal.DecisionRecord;
import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.audit.internal.LetOut;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Severity;
import io.github.incident4j.model.Skipped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether guardrails found something of some categories in a decision, also in one that was refused. An input that was
 * blocked counts for the version that has answered last, as that would have answered: so each version has its part of
 * such inputs, whatever share of the calls it answers.
 */
final class FindingSampler implements Sampler {
    private static final int NOBODY = -1;

    private final Detection<?, ?> detection;
    private final GuardInfo guard;
    private final boolean letThroughOnly;
    private int answeredLast = NOBODY; // the version; of others the next input would not have come to it, either

    FindingSampler(Detection<?, ?> detection, GuardInfo guard) {
        this.detection = detection;
        this.guard = guard;
        this.letThroughOnly = detection.kind() == Detection.Kind.FINDINGS_LET_THROUGH;
    }

    @Override
    public void sample(DecisionRecord decision, Sink sink) {
        if (letThroughOnly && decision.isOfAStream()) {
            sampleStream(decision, sink);
        } else {
            sampleCall(decision, sink);
        }
        if (Monitor.isByModel(decision)) {
            answeredLast = decision.route();
        } else if (!isBlockedInput(decision)) {
            answeredLast = NOBODY;
        }
    }

    private static boolean isBlockedInput(DecisionRecord decision) {
        for (Judgement judgement : decision.judgements()) {
            if (judgement.stage() == Judgement.Stage.INPUT
                    && judgement.action() == Judgement.Action.BLOCK
                    && !judgement.monitored()) {
                return true;
            }
        }
        return false;
    }

    /**
     * What has left a stream before it was refused has reached somebody, and what has not, has reached nobody, whatever
     * became of the rest: each route of which something has left answers for that.
     */
    private void sampleStream(DecisionRecord decision, Sink sink) {
        boolean answers = Monitor.isByModel(decision); // also one that has let nothing out
        for (LetOut part : decision.letOut()) {
            boolean answered = answers && part.route() == decision.route();
            answers &= !answered;
            sample(part.route(), part.findings(), answered, decision, sink);
        }
        if (answers) {
            sample(decision.route(), List.of(), true, decision, sink);
        }
    }

    private void sample(int route, List<Finding> findings, boolean answered, DecisionRecord decision, Sink sink) {
        if (!isModel(route)) {
            return;
        }
        Stream<Finding> ofInput = decision.judgements().stream()
                .filter(each -> answered && each.stage() == Judgement.Stage.INPUT && isLetThrough(each, decision))
                .map(Judgement::finding);
        Optional<Severity> worst = Stream.concat(findings.stream(), ofInput)
                .filter(each -> detection.names().contains(each.category()))
                .map(Finding::severity)
                .reduce(Severity::worse);
        worst.ifPresentOrElse(severity -> sink.take(route, 1, severity), () -> sink.take(route, 0));
    }

    private void sampleCall(DecisionRecord decision, Sink sink) {
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
            sampleSound(decision, sink);
            return;
        }
        int route = routeOf(decision);
        if (route != NOBODY) {
            sink.take(route, 1, worst);
        }
    }

    /** Each version whose answer was judged, also one that was blocked for something else; the others gave none. */
    private void sampleSound(DecisionRecord decision, Sink sink) {
        for (Skipped skip : letThroughOnly ? List.<Skipped>of() : decision.skipped()) {
            int route = skip.failure() instanceof Failure.OutputBlocked ? versionOf(skip) : NOBODY;
            if (route != NOBODY) {
                sink.take(route, 0);
            }
        }
        if (Monitor.isByModel(decision)) {
            sink.take(decision.route(), 0);
        }
    }

    /** The version of the model that a skip is of; a route of a configuration before this one is none. */
    private int versionOf(Skipped skip) {
        int route = guard.routeNames().indexOf(skip.route());
        return route >= 0 && isModel(route) ? route : NOBODY;
    }

    private boolean isWatched(Judgement judgement) {
        return detection.names().contains(judgement.finding().category());
    }

    private boolean isModel(int route) {
        return guard.routes().get(route).kind() == RouteKind.MODEL;
    }

    /** What was blocked has reached nobody, even where another guardrail had let it through before. */
    private static boolean isLetThrough(Judgement judgement, DecisionRecord decision) {
        return Monitor.isByModel(decision) && (judgement.monitored() || judgement.action() == Judgement.Action.FLAG);
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
                return versionOf(skip);
            }
        }
        if (Monitor.isByModel(decision)) {
            return decision.route();
        }
        return isBlockedInput(decision) ? answeredLast : NOBODY;
    }

    @Override
    public void save(ObjectNode into) {
        if (answeredLast != NOBODY) {
            into.put("answered_last", guard.routeNames().get(answeredLast));
        }
    }

    @Override
    public void load(JsonNode from) {
        int route = guard.routeNames().indexOf(from.path("answered_last").asText());
        answeredLast = route >= 0 && isModel(route) ? route : NOBODY;
    }
}
