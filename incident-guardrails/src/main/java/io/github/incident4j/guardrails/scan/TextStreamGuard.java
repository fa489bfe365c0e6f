// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.List;
import java.util.Optional;

/**
 * Guards one text that comes in pieces: pieces in, safe text out. What it lets out and finds is, put together, what its
 * rail makes of the whole text, however that is cut, inside surrogate pairs too. No character of a value that is
 * redacted or blocked leaves.
 *
 * <p>The text is looked at whenever a batch of characters has come, so that small pieces cost little more than the
 * whole. Then it leaves as far as nothing that follows can make it part of a value: what is held back is the batch that
 * is not full, the last words, and what may be the beginning of a value or is one whose context is still to come. It is
 * never more than the guard's {@linkplain #holdBack() hold-back}. There is no clock: when the model pauses, say so by
 * {@link #flush()}, or have every piece looked at by {@code stream(1)}.
 *
 * <p>When a mask, a condition or a recogniser of yours throws, the text ends there: nothing more leaves.
 *
 * <p>A text of which only its length is unbounded is held in bounded memory. Used by one thread at a time.
 */
public final class TextStreamGuard {
    private final TextRail rail;
    private final int batch;
    private final List<String> faults;
    private final Scan scan;
    private final Screen screen;
    private int lookedAt; // up to where
    private int decided;
    private boolean ended;

    TextStreamGuard(TextRail rail, int batch, List<String> faults) {
        this.rail = rail;
        this.batch = batch;
        this.faults = faults;
        scan = new Scan(rail.scanner(), 256);
        screen = new Screen(rail, null);
    }

    /**
     * Takes the next piece.
     *
     * @param piece any text, the empty one too
     * @return what may be passed on now; nothing after the end or a stop, and as long as the batch is not full
     */
    public Screening append(String piece) {
        if (ended) {
            return Screening.NOTHING;
        }
        if (!faults.isEmpty()) {
            ended = true;
            return new Screening("", List.of(), Optional.of(rail.misconfigured(faults)));
        }
        screen.append(piece);
        return screen.length() - lookedAt < batch ? Screening.NOTHING : settle(look());
    }

    /**
     * Looks at what has come, as when the model pauses. What it makes of the text stays the same.
     *
     * @return what may be passed on now; nothing after the end or a stop
     */
    public Screening flush() {
        Screening last = append("");
        return ended || lookedAt == screen.length() ? last : settle(look());
    }

    /** Takes a piece and looks at it; answers the offset up to which the text is decided. */
    int take(String piece) {
        screen.append(piece);
        return look();
    }

    private int look() {
        int to = screen.length();
        if (to > lookedAt) {
            ended = true; // if this throws
            decided = scan.append(screen.slice(lookedAt, to));
            lookedAt = to;
            ended = false;
        }
        return decided;
    }

    /** Says that the text is complete, and decided up to its end, which this answers. */
    int complete() {
        look();
        ended = true; // if this throws
        scan.complete();
        ended = false;
        return screen.length();
    }

    /** What may be passed on up to an offset that is decided; offsets come in their order. */
    Screening settle(int to) {
        ended = true; // if this throws
        Screening next = screen.settle(scan.foundBefore(to), to);
        ended = next.stop().isPresent();
        return next;
    }

    /** How much of the text there is. */
    int length() {
        return screen.length();
    }

    /** {@return how many characters it holds back at most, counted as in {@link TextRail#holdBack()}, and its batch} */
    public int holdBack() {
        return rail.holdBack() + batch - 1;
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
