// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One scan of one text, whole or in pieces; the answers do not depend on the cuts. It holds back what is undecided and
 * forgets what is behind it.
 */
final class Scan {
    private final View view;
    private final Walk walk;
    private final @Nullable Fold fold; // null when nobody reads the text folded
    private final View foldedView = new View(0);
    private final Walk foldedWalk;
    private final PriorityQueue<Span> found = new PriorityQueue<>(Span.ORDER);
    private int appended;
    private String half = ""; // of a surrogate pair

    Scan(TextScanner scanner, int expected) {
        view = new View(expected);
        walk = new Walk(scanner, scanner.plain(), view, this::found);
        fold = scanner.folded().isEmpty() ? null : new Fold(view, foldedView);
        foldedWalk = new Walk(scanner, scanner.folded(), foldedView, this::found);
    }

    /** The values in a whole text, in its order. */
    static List<Span> whole(TextScanner scanner, String text) {
        Scan scan = new Scan(scanner, text.length());
        scan.feed(text);
        scan.view.complete();
        scan.advance();
        return scan.foundBefore(Integer.MAX_VALUE);
    }

    /** Takes a piece of the text; answers the offset in the text up to which everything is decided. */
    int append(String piece) {
        String text = half + piece;
        boolean cut = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        half = cut ? text.substring(text.length() - 1) : "";
        feed(cut ? text.substring(0, text.length() - 1) : text);
        advance();
        int decided = decided(view, walk.openFrom(), appended);
        if (fold != null) {
            int unfolded = decided(view, fold.at(), appended);
            decided = Math.min(decided, decided(foldedView, foldedWalk.openFrom(), unfolded));
        }
        return decided;
    }

    /** The offset in the text of an index in a view, or where the view may still change, or else its end. */
    private static int decided(View in, int index, int end) {
        return index < in.length() ? in.originalStart(index) : in.openFrom(end);
    }

    /** Says that the text ends here. */
    void complete() {
        feed(half);
        half = "";
        view.complete();
        advance();
    }

    private void feed(String text) {
        view.append(text, appended);
        appended += text.length();
    }

    private void advance() {
        walk.advance();
        int needed = walk.needs();
        if (fold != null) {
            fold.advance();
            foldedWalk.advance();
            foldedView.forget(foldedWalk.needs());
            needed = Math.min(needed, fold.at() - 1);
        }
        view.forget(needed);
    }

    private void found(View in, int recogniser, int from, int to, double confidence) {
        found.add(new Span(recogniser, in.originalStart(from), in.originalEnd(to - 1), confidence, ""));
    }

    /** Takes out the values that begin before an offset, in the order of the text. */
    List<Span> foundBefore(int offset) {
        Span next = found.peek();
        if (next == null || next.start() >= offset) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        while (next != null && next.start() < offset) {
            spans.add(next);
            found.remove();
            next = found.peek();
        }
        return spans;
    }
}
