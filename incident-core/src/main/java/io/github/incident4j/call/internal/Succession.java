// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.killswitch.SwitchState.Instead;
import io.github.incident4j.model.Failure;
import java.util.List;

/** Which route follows a failure: the switch's own word, the first rule that matches, the order of the routes. */
final class Succession {
    private final Route<?, ?>[] routes;
    private final Rule[] rules;

    Succession(Route<?, ?>[] routes, List<Rule> rules) {
        this.routes = routes;
        this.rules = rules.toArray(new Rule[0]);
    }

    /**
     * Decides what follows the failure of a route, which the trace holds: the next route's number, the same one for a
     * retry, or a negative number if the call is refused. What to wait before is in the call's state.
     */
    int next(int i, CallState<?> call) {
        call.waitBeforeNext(0);
        if (call.passedOn() != null) {
            return Rule.REFUSE;
        }
        Failure failure = Trace.of(call.trace).last().failure();
        if (failure instanceof Failure.Closed) {
            return Rule.REFUSE;
        }
        boolean unsafe = !routes[i].idempotent() && wasStopped(failure, call);
        Instead instead = call.takeInstead();
        if (instead instanceof Instead.Refuse) {
            return Rule.REFUSE;
        }
        if (instead != null && !unsafe) { // who kills does not know what has half happened
            int preferred = instead.preferred().map(this::numberOf).orElse(Rule.REFUSE);
            if (preferred >= 0 && call.isUntried(preferred)) {
                return preferred;
            }
        }
        for (int r = 0; r < rules.length; r++) {
            Rule rule = rules[r];
            if (matches(rule, i, failure, call)) {
                return byRule(r, rule, i, call);
            }
            if (call.passedOn() != null) {
                return Rule.REFUSE;
            }
        }
        return unsafe ? Rule.REFUSE : nextUntried(i, call);
    }

    /** Whether a rule decides; one that throws does not, as the host's call must not suffer for it. */
    private boolean matches(Rule rule, int i, Failure failure, CallState<?> call) {
        try {
            return rule.matches().test(routes[i].name(), failure);
        } catch (Throwable e) {
            Rails.endsCall(e, call); // but for what means that nobody waits
            return false;
        }
    }

    /**
     * Whether the model call was stopped on its way, by its time limit or by a kill, so that nobody knows how far it
     * came.
     */
    private static boolean wasStopped(Failure failure, CallState<?> call) {
        return failure instanceof Failure.TimedOut timedOut
                ? timedOut.started()
                : failure instanceof Failure.Killed && call.isStoppedMidway();
    }

    private int byRule(int r, Rule rule, int i, CallState<?> call) {
        int retry = rule.retries() == 0 ? 0 : call.retry(r, rules.length, rule.retries());
        if (retry > 0) {
            call.waitBeforeNext(rule.backoffNanos().applyAsLong(retry));
            return i;
        }
        return switch (rule.then()) {
            case Rule.NEXT -> nextUntried(i, call);
            case Rule.REFUSE -> Rule.REFUSE;
            default -> call.isUntried(rule.then()) ? rule.then() : Rule.REFUSE;
        };
    }

    private int nextUntried(int i, CallState<?> call) {
        for (int k = i + 1; k < routes.length; k++) {
            if (call.isUntried(k)) {
                return k;
            }
        }
        return Rule.REFUSE;
    }

    /** The route of a name, or a negative number. */
    int numberOf(String route) {
        for (int i = 0; i < routes.length; i++) {
            if (routes[i].name().equals(route)) {
                return i;
            }
        }
        return Rule.REFUSE;
    }
}
