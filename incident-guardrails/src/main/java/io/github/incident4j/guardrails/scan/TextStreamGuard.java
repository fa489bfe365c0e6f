// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.List;
import java.util.Optional;

/**
 * Guards one text that comes in pieces: pieces in, safe text out. What it lets out and finds is, put together, what its
 * rail makes of the whole text, however that is cut, inside surrogate pairs too. No character of a value that is
 * redacted or blocked leaves.
 *
 * <p>Text leaves as soon as nothing that follows can make it part of a value. So no clock is needed: what is held back
 * while a model pauses is the last word, and what may be the beginning of a value or is one whose context is still to
 * come. It is never more than the rail's {@linkplain TextRail#holdBack() hold-back} in characters that show.
 *
 * <p>A text of which only its length is unbounded is held in bounded memory. Used by one thread at a time.
 */
public final class TextStreamGuard {
    private static final Screening NOTHING = new Screening("", List.of(), Optional.empty());

    private final TextRail rail;
    private final Scan scan;
    private final Screen screen;
    private boolean ended;

    TextStreamGuard(TextRail rail) {
        this.rail = rail;
        scan = new Scan(rail.scanner(), 256);
        screen = new Screen(rail, null);
    }

    /**
     * Takes the next piece.
     *
     * @param piece any text, the empty one too
     * @return what may be passed on now; nothing after the end or a stop
     */
    public Screening append(String piece) {
        if (ended) {
            return NOTHING;
        }
        if (!rail.faults().isEmpty()) {
            ended = true;
            return new Screening("", List.of(), Optional.of(rail.misconfigured()));
        }
        return settle(take(piece));
    }

    /** Takes a piece; answers the offset up to which the text is decided. */
    int take(String piece) {
        screen.append(piece);
        return scan.append(piece);
    }

    /** Says that the text is complete, and decided up to its end, which this answers. */
    int complete() {
        scan.complete();
        return screen.length();
    }

    /** What may be passed on up to an offset that is decided; offsets come in their order. */
    Screening settle(int to) {
        Screening next = screen.settle(scan.foundBefore(to), to);
        ended = next.stop().isPresent();
        return next;
    }

    /** How much of the text there is. */
    int length() {
        return screen.length();
    }

    /**
     * Says that the text is complete.
     *
     * @return the rest that may be passed on; nothing when called again
     */
    public Screening end() {
        Screening last = append("");
        if (ended) {
            return last;
        }
        Screening rest = settle(complete());
        ended = true;
        return rest;
    }
}
