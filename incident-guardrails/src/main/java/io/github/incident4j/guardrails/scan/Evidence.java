// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up what several rules say of one text: as if each were wrong independently of the others, the doubt that is left
 * is the product of theirs ("noisy or"; Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3). A
 * rule counts once, with the strongest of its matches: a weak one before cannot hide a strong one.
 */
final class Evidence {
    private static final int MOST_WAITING = 64;

    private final double flagAt;
    private final double blockAt;
    private final Map<String, Double> doubts = new HashMap<>();
    private final List<Screening.Found> waiting = new ArrayList<>();
    private double doubt = 1;

    Evidence(double flagAt, double blockAt) {
        this.flagAt = flagAt;
        this.blockAt = blockAt;
    }

    /** Takes one match; hands out what is on record once there is enough of it. True when there is enough to block. */
    boolean add(Match match, List<Screening.Found> found) {
        double before = doubts.getOrDefault(match.rule(), 1.0);
        if (1 - match.confidence() >= before) {
            return false;
        }
        doubts.put(match.rule(), 1 - match.confidence());
        doubt *= (1 - match.confidence()) / before;
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
