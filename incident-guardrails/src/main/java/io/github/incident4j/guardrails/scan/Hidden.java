// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Characters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads texts that are written in characters that do not show: Unicode's tag characters, which mirror ASCII, and
 * variation selectors, of which there are as many as bytes. A few others that do not show may stand between them.
 */
final class Hidden {
    private static final int FEWEST = 4;
    private static final int LONGEST = 8_192;
    private static final int STEP = 4_096; // a longer run is read in pieces that overlap by half
    private static final char FIRST = 0xD800; // no character of these is below that
    private static final int MOST_BETWEEN = 16; // others that do not show, between two characters of a run
    private static final int NOTHING = -1;
    private static final int TAG = 0x100;

    private final Layer layer;
    private final StringBuilder run = new StringBuilder();
    private int[] starts = new int[16]; // of the characters of the run
    private boolean tags;
    private int between;
    private int end;
    private boolean read; // whether all of the run was decoded already

    Hidden(Layer layer) {
        this.layer = layer;
    }

    /** The offset from which on something may still be found, of a text that came so far. */
    int openFrom(int appended) {
        return run.isEmpty() ? appended : starts[0];
    }

    void append(String text, int offset) {
        int width;
        for (int i = 0; i < text.length(); i += width) {
            char c = text.charAt(i);
            if (c < FIRST) {
                width = 1;
                if (!run.isEmpty() && !isBetween(c)) {
                    complete();
                }
            } else {
                int codePoint = text.codePointAt(i);
                width = Character.charCount(codePoint);
                append(codePoint, offset + i, offset + i + width);
            }
        }
    }

    void append(int codePoint, int from, int to) {
        int value = valueOf(codePoint);
        boolean ends = value == NOTHING ? !isBetween(codePoint) : (value >= TAG) != tags;
        if (!run.isEmpty() && ends) {
            complete();
        }
        if (value != NOTHING) {
            tags = value >= TAG;
            between = 0;
            if (run.length() == starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
            }
            starts[run.length()] = from;
            run.append((char) (value % TAG));
            end = to;
            read = false;
            if (run.length() == LONGEST) {
                decode();
                System.arraycopy(starts, STEP, starts, 0, LONGEST - STEP);
                run.delete(0, STEP);
                read = true;
            }
        }
    }

    private boolean isBetween(int codePoint) {
        between++;
        return between <= MOST_BETWEEN && Characters.isInvisible(codePoint);
    }

    void complete() {
        if (run.length() >= FEWEST && !read) {
            decode();
        }
        run.setLength(0);
    }

    private void decode() {
        String text = run.toString();
        layer.decoded(
                tags ? text : new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                tags ? "tags" : "variation-selectors",
                starts[0],
                end);
    }

    private static int valueOf(int c) {
        if (c >= 0xFE00 && c <= 0xFE0F) {
            return c - 0xFE00;
        }
        if (c < 0xE0020) {
            return NOTHING;
        }
        if (c <= 0xE007E) {
            return TAG + c - 0xE0000;
        }
        return c >= 0xE0100 && c <= 0xE01EF ? c - 0xE0100 + 16 : NOTHING;
    }
}
