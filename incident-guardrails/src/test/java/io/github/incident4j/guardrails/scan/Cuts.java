// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a rail makes of a text in pieces, put together. */
public final class Cuts {
    private static final int LARGEST_BATCH = 100;

    private Cuts() {}

    /**
     * Gives a text in pieces drawn at random, with a batch and pauses that are drawn too.
     *
     * @param rail the rail
     * @param text the text
     * @param longest the length of the longest piece
     * @param random what draws
     * @return all that came out
     */
    public static Screening screened(TextRail rail, String text, int longest, Random random) {
        TextStreamGuard guard = rail.stream(random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(LARGEST_BATCH));
        StringBuilder out = new StringBuilder();
        List<Screening.Found> found = new ArrayList<>();
        Optional<io.github.incident4j.model.Finding> stop = Optional.empty();
        for (int at = 0; at < text.length() && stop.isEmpty(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
            boolean pauses = random.nextInt(8) == 0;
            for (int i = 0; i < (pauses ? 2 : 1) && stop.isEmpty(); i++) {
                Screening next = i == 0 ? guard.append(text.substring(at, end)) : guard.flush();
                out.append(next.text());
                found.addAll(next.found());
                stop = next.stop();
            }
            at = end;
        }
        Screening last = guard.end();
        out.append(last.text());
        found.addAll(last.found());
        return new Screening(out.toString(), found, stop.isPresent() ? stop : last.stop());
    }
}
