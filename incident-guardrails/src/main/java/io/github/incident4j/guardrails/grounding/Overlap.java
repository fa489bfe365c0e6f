// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for an answer of which too few runs of words stand in a source. */
record Overlap(int length, double least) {
    static final String NAME = "overlap";
    static final int LONGEST = 10;

    /** A shorter answer, such as a name or a yes, has too few runs. */
    private static final int SHORTEST = 8;

    @Nullable
    Finding in(String answer, Collection<String> sources) {
        Words said = Words.of(answer);
        if (said.size() < Math.max(SHORTEST, length)) {
            return null;
        }
        Set<Long> grams = new HashSet<>();
        for (String source : sources) {
            grams.addAll(Words.of(source).grams(length));
        }
        int covered = said.covered(grams, length);
        return covered >= least * said.size()
                ? null
                : new Finding(
                        NAME,
                        "ungrounded",
                        covered + " of the answer's " + said.size() + " words stand in a source with " + (length - 1)
                                + " beside them");
    }
}
