// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finding for all that was found in one text. It has the rule of a value of the gravest action, of these the most
 * severe, of these the first, and the severity of the worst of all.
 */
final class Summary {
    private static final int MOST_NAMED = 10;

    private final List<Match> named = new ArrayList<>();
    private int count;
    private Screening.@Nullable Found gravest;
    private Severity worst = Severity.P3;

    /** A finding for one value. */
    static Finding of(Screening.Found found) {
        Summary summary = new Summary();
        summary.add(found);
        return summary.finding();
    }

    void add(Screening.Found found) {
        count++;
        if (named.size() < MOST_NAMED) {
            named.add(found.match());
        }
        worst = worst.worse(found.match().severity());
        if (gravest == null || isGraver(found, gravest)) {
            gravest = found;
        }
    }

    private static boolean isGraver(Screening.Found found, Screening.Found than) {
        int byAction = found.action().compareTo(than.action());
        return byAction > 0
                || (byAction == 0
                        && found.match().severity().compareTo(than.match().severity()) < 0);
    }

    /** The gravest action; null when nothing was found. */
    @Nullable
    Action action() {
        return gravest == null ? null : gravest.action();
    }

    /** The finding; something must have been found. */
    Finding finding() {
        Screening.Found of = gravest;
        if (of == null) {
            throw new IllegalStateException("nothing was found");
        }
        List<String> places = named.stream().map(Summary::place).toList();
        int more = count - named.size();
        return new Finding(
                of.match().rule(),
                of.match().category(),
                "the text holds " + String.join(", ", places) + (more > 0 ? " and " + more + " more" : ""),
                worst);
    }

    private static String place(Match match) {
        boolean same = match.start() == match.codePointStart() && match.end() == match.codePointEnd();
        String in = match.layer().isEmpty() ? "" : " in " + match.layer();
        return match.rule() + in + " at " + match.start() + " to " + match.end()
                + (same ? "" : " (code points " + match.codePointStart() + " to " + match.codePointEnd() + ")");
    }
}
