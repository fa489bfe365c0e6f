// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up what several rules say of one text: as if each were wrong independently of the others, the doubt that is left
 * is the product of theirs ("noisy or"; Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3). A
 * rule counts once, with the strongest of its matches: a weak one before cannot hide a strong one. What a text only
 * speaks of is put on record like all else, and does not block.
 */
final class Evidence {
    private static final int MOST_WAITING = 64;

    private final double flagAt;
    private final double blockAt;
    private final Sum said = new Sum();
    private final Sum meant = new Sum();
    private final List<Screening.Found> waiting = new ArrayList<>();

    Evidence(double flagAt, double blockAt) {
        this.flagAt = flagAt;
        this.blockAt = blockAt;
    }

    /** The evidence of some matches. */
    private static final class Sum {
        private final Map<String, Double> doubts = new HashMap<>();
        private double doubt = 1;

        boolean isMore(String rule, double confidence) {
            return 1 - confidence < doubts.getOrDefault(rule, 1.0);
        }

        /** Takes one match; whether it adds anything. */
        boolean add(Match match) {
            if (!isMore(match.rule(), match.confidence())) {
                return false;
            }
            double before = doubts.getOrDefault(match.rule(), 1.0);
            doubts.put(match.rule(), 1 - match.confidence());
            doubt *= (1 - match.confidence()) / before;
            return true;
        }

        double evidence() {
            return 1 - doubt;
        }
    }

    /** Whether a match would add anything, of which a text may hold thousands. */
    boolean isMore(String rule, double confidence, boolean mentioned) {
        return said.isMore(rule, confidence) || (!mentioned && meant.isMore(rule, confidence));
    }

    /** Takes one match; hands out what is on record once there is enough of it. True when there is enough to block. */
    boolean add(Match match, boolean mentioned, List<Screening.Found> found) {
        boolean adds = said.add(match);
        adds |= !mentioned && meant.add(match);
        if (!adds) {
            return false;
        }
        boolean enough = meant.evidence() >= blockAt;
        if (enough || waiting.size() < MOST_WAITING) {
            waiting.add(
                    enough
                            ? new Screening.Found(match, Action.BLOCK)
                            : new Screening.Found(match.severity(Severity.P3), Action.FLAG)); // it may be nothing
        }
        if (enough || said.evidence() >= flagAt) {
            found.addAll(waiting);
            waiting.clear();
        }
        return enough;
    }
}
