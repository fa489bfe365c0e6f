// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.call.AuditOptions;
import io.github.incident4j.call.InFlight;
import io.github.incident4j.detect.Detection;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was configured of a guard, checked.
 *
 * @param info what all its decisions have in common
 * @param routes the routes in their order, 1 to 32
 * @param segments the declared segment attributes
 * @param inputRails the guardrails on inputs
 * @param outputRails the guardrails on outputs
 * @param slots the guardrails of which the rules can be exchanged, those on elements included
 * @param detections what is watched of inputs and answers
 * @param rules the fallback rules, the first that matches decides
 * @param recorded whether decisions are recorded
 * @param audit what is recorded of each call beyond the decision itself
 * @param trailRequired whether a decision that cannot be recorded is refused
 * @param deadlineNanos how long a call may take in all, or {@link CallState#NO_DEADLINE}
 * @param inFlight what becomes of running calls when their route is killed
 * @param feature the host's feature that it serves, if it names one
 * @param trafficKey reads the traffic key of an input, if there is a way
 * @param contextHook carries the host's context to other threads, if it has one
 * @param limits how often the model's routes may be called
 * @param cache keeps good answers, if a route answers from it
 * @param shadow answers beside the others, if there is one
 */
public record GuardSpec<I, O>(
        GuardInfo info,
        List<Route<I, O>> routes,
        List<SegmentSource<I>> segments,
        List<Rail<I>> inputRails,
        List<Rail<O>> outputRails,
        List<RailSlot<?>> slots,
        List<Detection<? super I, ? super O>> detections,
        List<Rule> rules,
        boolean recorded,
        AuditOptions<I, O> audit,
        boolean trailRequired,
        long deadlineNanos,
        InFlight inFlight,
        @Nullable String feature,
        @Nullable Function<? super I, @Nullable String> trafficKey,
        @Nullable UnaryOperator<Runnable> contextHook,
        ModelLimits limits,
        @Nullable CachedAnswers<I, O> cache,
        @Nullable Shadow<I, O> shadow) {

    /** Whether a call meets nothing but the kill switch on its way. */
    boolean isSwitchOnly() {
        return !recorded
                && inputRails.isEmpty()
                && outputRails.isEmpty()
                && routes.size() == 1
                && routes.get(0).isBare()
                && rules.isEmpty()
                && deadlineNanos == CallState.NO_DEADLINE
                && inFlight == InFlight.FINISH
                && limits.isNone()
                && shadow == null;
    }
}
