// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.incident;

import io.github.incident4j.model.IncidentType;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The standard severity rules; what they are is said at {@link SeverityRules}. */
final class StandardSeverity {
    private Severity severity;
    private final List<String> reasons = new ArrayList<>();

    private StandardSeverity(Severity severity) {
        this.severity = severity;
    }

    static SeverityRules.Rating rate(IncidentType type, Assessment given) {
        StandardSeverity rating =
                new StandardSeverity(ofImpact(given.technical()).worse(ofImpact(given.harm())));
        rating.reasons.add("technical impact " + word(given.technical()) + ", harm " + word(given.harm()));
        boolean isMajor = given.harm().compareTo(Impact.MAJOR) >= 0;
        if (given.isOngoing() && given.isIrreversible() && given.harm() != Impact.NONE) {
            rating.atLeast(oneWorse(rating.severity), "it goes on and cannot be put right");
        }
        if (type == IncidentType.BIAS) {
            rating.atLeast(Severity.P1, "a group is treated worse");
            if (isMajor) {
                rating.atLeast(Severity.P0, "a group was treated wrongly");
            }
        }
        if (type == IncidentType.PRIVACY) {
            rating.atLeast(Severity.P1, "personal data shows");
        }
        if (type == IncidentType.SECURITY && isMajor) {
            rating.atLeast(Severity.P1, "an attack did harm");
        }
        if (given.isPublic()) {
            rating.atLeast(Severity.P2, "the public knows of it");
        }
        if (given.isNotifiable()) {
            rating.atLeast(Severity.P2, "an authority may have to be told");
        }
        return new SeverityRules.Rating(rating.severity, rating.reasons);
    }

    private void atLeast(Severity least, String reason) {
        severity = severity.worse(least);
        reasons.add(reason);
    }

    private static Severity ofImpact(Impact impact) {
        return switch (impact) {
            case SEVERE -> Severity.P0;
            case MAJOR -> Severity.P1;
            case MODERATE -> Severity.P2;
            case MINOR, NONE -> Severity.P3;
        };
    }

    private static Severity oneWorse(Severity severity) {
        return switch (severity) {
            case P0, P1 -> Severity.P0;
            case P2 -> Severity.P1;
            case P3 -> Severity.P2;
        };
    }

    private static String word(Impact impact) {
        return impact.name().toLowerCase(Locale.ROOT);
    }
}
