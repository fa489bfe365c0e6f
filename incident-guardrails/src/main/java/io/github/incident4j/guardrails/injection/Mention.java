// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.BitSet;

/**
 * The words that tell that a phrase in quotation marks is only spoken of, as in "what does the phrase '…' mean?". The
 * sentence round the marks has to ask or explain, and to call what stands in them by a name; and nothing near them may
 * ask to act on it. Marks alone say nothing: everybody can put some.
 *
 * @param asks the set of words that ask or explain
 * @param opens the set of words that ask where a sentence begins with them
 * @param names the set of words for what is quoted, or for what it is and does
 * @param orders the set of words that ask to act
 */
record Mention(int asks, int opens, int names, int orders) {
    private static final int FARTHEST = 100; // characters to a mark, and from there to the words
    private static final int OPENING = 1;
    private static final int CLOSING = 2;
    private static final int MARKS = OPENING | CLOSING;
    private static final int NONE = -2;

    /** Whether what stands in a span of a folded text is only spoken of. */
    boolean holds(View view, int from, int to, Lexicon lexicon) {
        int opening = opening(view, from);
        int closing = opening == NONE ? NONE : closing(view, to);
        if (closing == NONE) {
            return false;
        }
        BitSet said = before(view, opening, lexicon);
        said.or(behind(view, closing, lexicon));
        return (said.get(asks) || said.get(opens)) && said.get(names) && !said.get(orders);
    }

    /** The gap with the mark before a phrase, which must be an opening one; -1 for the beginning of the text. */
    private static int opening(View view, int from) {
        for (int i = from - 1; i > from - FARTHEST; i--) {
            if (i < 0) {
                return i;
            }
            if (isMarked(view, i)) {
                return (view.disguise(i) & OPENING) == 0 ? NONE : i;
            }
        }
        return NONE;
    }

    /** The gap with the mark behind a phrase, which must be a closing one, or the end of the text. */
    private static int closing(View view, int to) {
        for (int i = to; i < to + FARTHEST; i++) {
            if (view.isEnd(i)) {
                return i;
            }
            if (isMarked(view, i)) {
                return (view.disguise(i) & CLOSING) == 0 ? NONE : i;
            }
        }
        return NONE;
    }

    private static boolean isGap(View view, int index) {
        char c = view.charAt(index);
        return c == ' ' || c == '.';
    }

    /** Whether quotation marks stand between two words. */
    static boolean isMarked(View view, int gap) {
        return isGap(view, gap) && (view.disguise(gap) & MARKS) != 0;
    }

    /** What the words before a mark say, of its sentence or the one that ends there. */
    private BitSet before(View view, int opening, Lexicon lexicon) {
        BitSet said = new BitSet();
        int gap = opening;
        while (gap > Math.max(0, opening - FARTHEST) && (gap == opening || view.charAt(gap) == ' ')) {
            int start = Words.startOfWordBefore(view, gap + 1);
            BitSet sets = said(view, start, gap, lexicon);
            said.or(sets);
            gap = start - 1;
            said.set(opens, view.charAt(gap) != ' ' && sets.get(opens));
        }
        return said;
    }

    /** What the words behind a mark say, of its sentence or the one that begins there; of others whether to act. */
    private BitSet behind(View view, int closing, Lexicon lexicon) {
        BitSet said = new BitSet();
        boolean inSentence = true;
        int gap = closing;
        while (gap < closing + FARTHEST && !view.isEnd(gap + 1)) {
            int end = Words.endOfWord(view, gap + 1);
            BitSet sets = said(view, gap + 1, end, lexicon);
            if (inSentence) {
                said.or(sets);
                said.set(opens, said.get(opens) && gap == closing);
            } else if (sets.get(orders)) {
                said.set(orders);
            }
            inSentence &= view.charAt(end) == ' ';
            gap = end;
        }
        return said;
    }

    /** The sets of a word; in a script that has no spaces, of all words in what stands there. */
    private static BitSet said(View view, int from, int to, Lexicon lexicon) {
        BitSet said = (BitSet) lexicon.setsOf(view, from, to).clone();
        for (int i = from + 1; i < Math.min(to, from + FARTHEST); i++) {
            if (view.charAt(i) >= Grammar.FIRST_GLYPH) {
                said.or(lexicon.setsOf(view, i, to));
            }
        }
        return said;
    }
}
