// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a rail makes of a text in pieces, put together. */
public final class Cuts {

    private Cuts() {}

    /**
     * Gives a text in pieces drawn at random.
     *
     * @param rail the rail
     * @param text the text
     * @param longest the length of the longest piece
     * @param random what draws
     * @return all that came out
     */
    public static Screening screened(TextRail rail, String text, int longest, Random random) {
        TextStreamGuard guard = rail.stream();
        StringBuilder out = new StringBuilder();
        List<Screening.Found> found = new ArrayList<>();
        Optional<io.github.incident4j.model.Finding> stop = Optional.empty();
        for (int at = 0; at < text.length() && stop.isEmpty(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
            Screening next = guard.append(text.substring(at, end));
            out.append(next.text());
            found.addAll(next.found());
            stop = next.stop();
            at = end;
        }
        Screening last = guard.end();
        out.append(last.text());
        found.addAll(last.found());
        return new Screening(out.toString(), found, stop.isPresent() ? stop : last.stop());
    }
}
