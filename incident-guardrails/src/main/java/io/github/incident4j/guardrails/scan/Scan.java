// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One scan of one text, whole or in pieces; the answers do not depend on the cuts. It holds back what is undecided and
 * forgets what is behind it.
 */
final class Scan {
    private final Layer layer;
    private final PriorityQueue<Span> found = new PriorityQueue<>(Span.ORDER);
    private final TextScanner scanner;
    private int[] seen = {}; // how many values of each recogniser of which there must be several
    private int appended;
    private String half = ""; // of a surrogate pair

    Scan(TextScanner scanner, int expected) {
        layer = Layer.outermost(scanner, expected, found::add);
        this.scanner = scanner;
    }

    /** The values in a whole text, in its order. */
    static List<Span> whole(TextScanner scanner, String text) {
        Scan scan = new Scan(scanner, text.length());
        scan.feed(text);
        scan.layer.complete();
        return scan.foundBefore(Integer.MAX_VALUE);
    }

    /** Takes a piece of the text; answers the offset in the text up to which everything is decided. */
    int append(String piece) {
        String text = half.isEmpty() ? piece : half + piece;
        boolean cut = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        half = cut ? text.substring(text.length() - 1) : "";
        feed(cut ? text.substring(0, text.length() - 1) : text);
        layer.advance();
        return layer.openFrom(appended);
    }

    /** Says that the text ends here. */
    void complete() {
        feed(half);
        half = "";
        layer.complete();
    }

    private void feed(String text) {
        layer.append(text, appended);
        appended += text.length();
    }

    /** Takes out the values that begin before an offset, in the order of the text. */
    List<Span> foundBefore(int offset) {
        Span next = found.peek();
        if (next == null || next.start() >= offset) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        while (next != null && next.start() < offset) {
            if (counts(next.recogniser())) {
                spans.add(next);
            }
            found.remove();
            next = found.peek();
        }
        return spans;
    }

    /** Whether a value is one that counts, given those before it. */
    private boolean counts(int recogniser) {
        int fewest = scanner.fewest(recogniser);
        if (fewest <= 1) {
            return true;
        }
        if (seen.length == 0) {
            seen = new int[scanner.size()];
        }
        seen[recogniser] = Math.min(fewest, seen[recogniser]) + 1;
        return seen[recogniser] == fewest;
    }
}
