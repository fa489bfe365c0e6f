// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What a text rail says of a text, or of the next piece of one.
 *
 * @param text what may be passed on: everything that is decided, with the masks; it ends where a value stands that
 *     blocks
 * @param found the values in it, in the order of the text
 * @param stop why the text ends here, if it does
 */
public record Screening(String text, List<Found> found, Optional<Finding> stop) {
    static final Screening NOTHING = new Screening("", List.of(), Optional.empty());

    /**
     * Keeps a copy of what was found.
     *
     * @param text what may be passed on
     * @param found the values
     * @param stop why the text ends here
     */
    public Screening {
        found = List.copyOf(found);
    }

    /** Holds nothing of the text, as it may be logged. */
    @Override
    public String toString() {
        return "Screening[" + text.length() + " characters, found=" + found.size() + ", stop=" + stop.isPresent() + "]";
    }

    /** {@return the finding that decides about the text, as {@link TextRail} describes it} */
    public Optional<Finding> finding() {
        Summary summary = new Summary();
        found.forEach(summary::add);
        return found.isEmpty() ? Optional.empty() : Optional.of(summary.finding());
    }

    /**
     * One value and what is done about it.
     *
     * @param match where it stands, and by which rule
     * @param action what is done
     */
    public record Found(Match match, Action action) {}
}
