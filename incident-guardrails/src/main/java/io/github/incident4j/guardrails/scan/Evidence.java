// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Adds up what several rules say of one text: as if each were wrong independently of the others, the doubt that is left
 * is the product of theirs ("noisy or"; Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3). A
 * rule counts once, with its first match.
 */
final class Evidence {
    private static final int MOST_WAITING = 64;

    private final double flagAt;
    private final double blockAt;
    private final Set<String> rules = new HashSet<>();
    private final List<Screening.Found> waiting = new ArrayList<>();
    private double doubt = 1;

    Evidence(double flagAt, double blockAt) {
        this.flagAt = flagAt;
        this.blockAt = blockAt;
    }

    /** Takes one match; hands out what is on record once there is enough of it. True when there is enough to block. */
    boolean add(Match match, List<Screening.Found> found) {
        if (!rules.add(match.rule())) {
            return false;
        }
        doubt *= 1 - match.confidence();
        boolean enough = 1 - doubt >= blockAt;
        if (enough || waiting.size() < MOST_WAITING) {
            waiting.add(new Screening.Found(match, enough ? Action.BLOCK : Action.FLAG));
        }
        if (enough || 1 - doubt >= flagAt) {
            found.addAll(waiting);
            waiting.clear();
        }
        return enough;
    }
}
