// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.Comparator;

/**
 * A value that counts, as a span of the original in UTF-16 units.
 *
 * @param recogniser the place of its recogniser
 * @param start its begin
 * @param end its end
 * @param confidence how sure the recogniser is
 * @param mentioned whether the text only speaks of it
 * @param layer what it was hidden in, empty for plain text
 * @param inContext whether a context word has made the recogniser surer
 * @param decoded the value itself where it was hidden in something, else empty
 */
record Span(
        int recogniser,
        int start,
        int end,
        double confidence,
        boolean mentioned,
        String layer,
        boolean inContext,
        String decoded) {

    private static final Comparator<Span> REST = Comparator.comparingDouble(Span::confidence)
            .reversed()
            .thenComparingInt(Span::recogniser)
            .thenComparing(Span::layer)
            .thenComparing(Span::mentioned)
            .thenComparing(Span::inContext)
            .thenComparing(Span::decoded);

    /** In the order of the text; where several begin the longest first, then the surest, then the first in the list. */
    static final Comparator<Span> ORDER = Span::compare;

    private static int compare(Span a, Span b) {
        if (a.start != b.start) {
            return Integer.compare(a.start, b.start);
        }
        if (a.end != b.end) {
            return Integer.compare(b.end, a.end);
        }
        return a.confidence == b.confidence && a.recogniser != b.recogniser
                ? Integer.compare(a.recogniser, b.recogniser)
                : REST.compare(a, b);
    }
}
