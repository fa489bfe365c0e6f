// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.detect.internal;

import io.github.incident4j.audit.internal.GuardInfo;
import io.github.incident4j.detect.Detection;
import io.github.incident4j.model.Failure;
import io.github.incident4j.model.RouteKind;
import io.github.incident4j.model.Skipped;
import java.util.List;

/** The samplers that need no more than a few words. */
final class Samplers {
    private Samplers() {}

    /** The value that the host's function has read of the answer, where a version of the model answered. */
    static Sampler value(Detection<?, ?> detection, GuardInfo guard) {
        int index = guard.values().indexOf(detection.name());
        return (decision, sink) -> {
            double value = Monitor.isByModel(decision) ? decision.value(index) : Double.NaN;
            if (Double.isFinite(value)) {
                sink.take(decision.route(), value);
            }
        };
    }

    /** Whether the answer took longer than a limit, where the route that answered was the first that was tried. */
    static Sampler slow(Detection<?, ?> detection) {
        long limit = detection.limitNanos();
        return (decision, sink) -> {
            if (Monitor.isByModel(decision) && isFirstTried(decision.skipped())) {
                sink.take(decision.route(), decision.latencyNanos() > limit ? 1 : 0);
            }
        };
    }

    /** How long the answer took, where the route that answered was the first that was tried. */
    static Sampler latency() {
        return (decision, sink) -> {
            if (Monitor.isByModel(decision) && isFirstTried(decision.skipped())) {
                sink.take(decision.route(), (double) decision.latencyNanos());
            }
        };
    }

    private static boolean isFirstTried(List<Skipped> skipped) {
        for (Skipped skip : skipped) {
            if (RouteFailures.isOwn(skip.failure())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether each version of the model that was tried has failed: an error, no answer, out of time; a block is none.
     */
    static Sampler errors(GuardInfo guard) {
        List<String> routes = guard.routeNames();
        return (decision, sink) -> {
            for (Skipped skip : decision.skipped()) {
                int route = RouteFailures.isOwn(skip.failure()) ? routes.indexOf(skip.route()) : -1;
                if (route >= 0 && guard.routes().get(route).kind() == RouteKind.MODEL) {
                    sink.take(route, RouteFailures.isError(skip.failure()) ? 1 : 0);
                }
            }
            if (Monitor.isByModel(decision)) {
                sink.take(decision.route(), 0);
            }
        };
    }

    /**
     * Whether the first version of the model did not answer, because it failed, its answer was blocked, or its breaker
     * was open, such as for slow answers. What a switch, a limit, the caller or an input keeps from it does not count,
     * nor does a breaker that a containment has opened.
     */
    static Sampler fallbacks(GuardInfo guard) {
        String first = guard.routes().get(0).name();
        return (decision, sink) -> {
            if (decision.route() == 0) {
                sink.take(0, 0);
                return;
            }
            for (Skipped skip : decision.skipped()) {
                if (skip.route().equals(first) && isFallback(skip.failure())) {
                    sink.take(0, 1);
                    return;
                }
            }
        };
    }

    private static boolean isFallback(Failure failure) {
        return RouteFailures.isOwn(failure) || (failure instanceof Failure.BreakerOpen open && !open.contained());
    }

    /** How many tokens the call took, where the host tells and a version of the model answered. */
    static Sampler tokens() {
        return (decision, sink) -> {
            long tokens = Monitor.isByModel(decision) ? decision.tokens() : -1;
            if (tokens >= 0) {
                sink.take(decision.route(), (double) tokens);
            }
        };
    }
}
