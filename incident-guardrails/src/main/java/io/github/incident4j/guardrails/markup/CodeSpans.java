// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fenced blocks and code spans of a Markdown text (CommonMark 0.31, sections 4.5 and 6.1), in one pass. */
final class CodeSpans {
    static final CodeSpans NONE = new CodeSpans(List.of());

    private static final int LONGEST_RUN = 16;

    private final List<int[]> spans;

    private CodeSpans(List<int[]> spans) {
        this.spans = spans;
    }

    static CodeSpans of(String text) {
        List<int[]> spans = new ArrayList<>();
        int line = 0;
        int paragraph = 0;
        while (line < text.length()) {
            int end = endOfLine(text, line);
            int mark = afterBlanks(text, line, end);
            int width = run(text, mark, end);
            boolean fence = mark - line < 4
                    && width >= 3
                    && "`~".indexOf(text.charAt(mark)) >= 0
                    && (text.charAt(mark) == '~'
                            || text.indexOf('`', mark + width) < 0
                            || text.indexOf('`', mark + width) >= end);
            if (!fence) {
                line = end + 1;
                if (mark == end) {
                    inline(text, paragraph, end, spans);
                    paragraph = line;
                }
                continue;
            }
            inline(text, paragraph, line, spans);
            int close = end + 1;
            boolean open = true;
            while (open && close < text.length()) {
                int closeEnd = endOfLine(text, close);
                int at = afterBlanks(text, close, closeEnd);
                int closing = run(text, at, closeEnd);
                open = closing < width
                        || text.charAt(at) != text.charAt(mark)
                        || afterBlanks(text, at + closing, closeEnd) < closeEnd;
                close = closeEnd + 1;
            }
            spans.add(new int[] {line, Math.min(close, text.length())});
            line = close;
            paragraph = Math.min(close, text.length());
        }
        inline(text, Math.min(paragraph, text.length()), text.length(), spans);
        return new CodeSpans(spans);
    }

    /** The code spans of a paragraph; where a run has no counterpart, no later one of that width is looked for. */
    private static void inline(String text, int from, int to, List<int[]> spans) {
        int[] none = new int[LONGEST_RUN + 1];
        Arrays.fill(none, to);
        int at = from;
        while (at < to) {
            if (text.charAt(at) != '`') {
                at++;
                continue;
            }
            int width = run(text, at, to);
            int close = width <= LONGEST_RUN && none[width] == to ? closing(text, at + width, to, width) : -1;
            if (close < 0) {
                if (width <= LONGEST_RUN) {
                    none[width] = at;
                }
                at += width;
            } else {
                spans.add(new int[] {at, close});
                at = close;
            }
        }
    }

    private static int closing(String text, int from, int to, int width) {
        int at = from;
        while (at < to) {
            int run = text.charAt(at) == '`' ? run(text, at, to) : 0;
            if (run == width) {
                return at + run;
            }
            at += Math.max(run, 1);
        }
        return -1;
    }

    /** How often the character at an index stands there in a row. */
    private static int run(String text, int at, int end) {
        int to = at;
        while (to < end && text.charAt(to) == text.charAt(at)) {
            to++;
        }
        return to - at;
    }

    private static int afterBlanks(String text, int from, int end) {
        int at = from;
        while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
            at++;
        }
        return at;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    /** Whether a span lies in code as a whole. */
    boolean holds(int start, int end) {
        int low = 0;
        int high = spans.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int[] span = spans.get(middle);
            if (span[1] <= start) {
                low = middle + 1;
            } else if (span[0] > start) {
                high = middle - 1;
            } else {
                return end <= span[1];
            }
        }
        return false;
    }
}
