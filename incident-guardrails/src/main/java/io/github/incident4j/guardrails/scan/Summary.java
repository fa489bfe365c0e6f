// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrail.Remark;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The findings of one text: one for each category and action, so that none hides another. The one of the gravest
 * action, of these the most severe, of these the first, has decided; its sentence names the places of all.
 */
final class Summary {
    private static final int MOST_NAMED = 10;

    private final Map<Kind, Part> kinds = new LinkedHashMap<>();
    private final Part all = new Part();

    private record Kind(Action action, String category) {}

    /** A finding for one value. */
    static Finding of(Screening.Found found) {
        Part part = new Part();
        part.add(found);
        return part.finding();
    }

    void add(Screening.Found found) {
        all.add(found);
        kinds.computeIfAbsent(new Kind(found.action(), found.match().category()), kind -> new Part())
                .add(found);
    }

    /** The gravest action; null when nothing was found. */
    @Nullable
    Action action() {
        return all.gravest == null ? null : all.gravest.action();
    }

    /** The finding that has decided; something must have been found. */
    Finding finding() {
        return all.finding();
    }

    /** The findings beside the one that has decided; what would have stopped the text does not, as another one has. */
    List<Remark> remarks() {
        Screening.Found decided = all.gravest;
        List<Remark> remarks = new ArrayList<>();
        kinds.forEach((kind, part) -> {
            if (decided != null
                    && !kind.equals(new Kind(decided.action(), decided.match().category()))) {
                remarks.add(new Remark(part.finding(), kind.action() == Action.REDACT));
            }
        });
        return remarks;
    }

    /** Some values, as one finding: the rule and the severity of the gravest. */
    private static final class Part {
        private final List<Match> named = new ArrayList<>();
        private final Set<String> notNamed = new LinkedHashSet<>(); // rules
        private int count;
        private Screening.@Nullable Found gravest;

        void add(Screening.Found found) {
            count++;
            if (named.size() < MOST_NAMED) {
                named.add(found.match());
            } else {
                notNamed.add(found.match().rule());
            }
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
                    "the text holds " + String.join(", ", places)
                            + (more > 0 ? " and " + more + " more of " + String.join(", ", notNamed) : ""),
                    of.match().severity());
        }
    }

    private static String place(Match match) {
        boolean same = match.start() == match.codePointStart() && match.end() == match.codePointEnd();
        String in = match.layer().isEmpty() ? "" : " in " + match.layer();
        return match.rule() + in + " at " + match.start() + " to " + match.end()
                + (same ? "" : " (code points " + match.codePointStart() + " to " + match.codePointEnd() + ")")
                + (match.why().isEmpty() ? "" : " (" + match.why() + ")");
    }
}
