// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.audit.internal.LetOut;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Judgement;
import java.util.ArrayList;
import java.util.List;

/**
 * Which findings that were let through have left a stream: with the element that they are about, or where a guardrail
 * holds elements back, with the first one that may be it. One of each category and severity is enough.
 */
final class Leaving {
    private static final int NONE = -1;
    private static final int MOST = 64; // of a route

    private final List<Finding> noted = new ArrayList<>(2); // of what has not come out of the guardrails
    private final List<Waiting> waiting = new ArrayList<>(2);
    private int route = NONE; // of which something has left
    private volatile List<LetOut> left = List.of(); // replaced, as a cancellation may look at it

    /** Leaves with the element that follows so many. */
    private record Waiting(Finding finding, long after) {}

    /** Another attempt: what has not left by now never will. */
    void begin() {
        noted.clear();
        waiting.clear();
        route = NONE;
    }

    void found(Judgement judgement) {
        boolean through = judgement.monitored() || judgement.action() == Judgement.Action.FLAG;
        if (through && judgement.stage() == Judgement.Stage.OUTPUT) {
            noted.add(judgement.finding());
        }
    }

    /** How many findings were noted about what has not come out of the guardrails on the whole of the stream. */
    int noted() {
        return noted.size();
    }

    /** What was noted leaves with the element that follows so many: the first findings, and the rest of them. */
    void leaveAfter(int first, long afterFirst, long afterRest) {
        for (int k = 0; k < noted.size(); k++) {
            Finding finding = noted.get(k);
            if (waiting.stream().noneMatch(each -> isLike(each.finding(), finding))) {
                waiting.add(new Waiting(finding, k < first ? afterFirst : afterRest));
            }
        }
        noted.clear();
    }

    /** So many elements have left, or are about to. */
    void leave(int from, long elements) {
        if (!waiting.isEmpty()) {
            waiting.removeIf(each -> {
                boolean leaves = each.after() < elements;
                if (leaves) {
                    noted.add(each.finding());
                }
                return leaves;
            });
        }
        leave(from);
    }

    /** An element leaves, and all that was noted with it. */
    void leave(int from) {
        if (route == from && noted.isEmpty()) {
            return;
        }
        route = from;
        List<LetOut> all = new ArrayList<>(left);
        List<Finding> findings = new ArrayList<>();
        all.removeIf(each -> each.route() == from && findings.addAll(each.findings()));
        for (Finding finding : noted) {
            if (findings.size() < MOST && findings.stream().noneMatch(each -> isLike(each, finding))) {
                findings.add(finding);
            }
        }
        all.add(new LetOut(from, List.copyOf(findings)));
        noted.clear();
        left = List.copyOf(all);
    }

    private static boolean isLike(Finding one, Finding other) {
        return one.category().equals(other.category()) && one.severity() == other.severity();
    }

    List<LetOut> left() {
        return left;
    }
}
