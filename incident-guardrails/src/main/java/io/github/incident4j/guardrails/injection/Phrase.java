// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import java.util.BitSet;
import java.util.List;

/**
 * A row of words, each out of a set, some of them optional, with a bounded number of any words in between. It is
 * followed along the text in all its readings at once, a bit for each place in the row, so that nothing is read twice.
 *
 * <p>A sentence may end, or a line, between two words of the row, but not once others have been passed over.
 *
 * @param confidence how much it says, from 0 to 1
 * @param order whether it is an order, which says less behind words such as "how to"
 * @param atStart whether it counts at the beginning of a sentence only
 * @param atEnd whether it counts at the end of a sentence only
 * @param parts the row; the first is neither optional nor any word; at most 30
 */
record Phrase(double confidence, boolean order, boolean atStart, boolean atEnd, List<Part> parts) {
    static final int ANY = -1;
    static final int MOST_PARTS = 30;

    /**
     * One place of the row.
     *
     * @param set the set of words, or {@link #ANY}
     * @param optional whether it may be left out
     */
    record Part(int set, boolean optional) {}

    Phrase {
        parts = List.copyOf(parts);
    }

    int firstSet() {
        return parts.get(0).set();
    }

    /** The end of the phrase in the text, -1 if it is not there. The first word is known to be in the first set. */
    int end(Words words) {
        int strict = closed(1 << 1);
        int loose = 0; // readings that passed over a word
        int accepted = 1 << parts.size();
        int at = 1;
        while (((strict | loose) & accepted) == 0 && (strict | loose) != 0 && words.has(at)) {
            if (words.beginsSentence(at)) {
                loose = 0;
            }
            BitSet sets = words.sets(at);
            int nextStrict = 0;
            int nextLoose = 0;
            for (int i = 1; i < parts.size(); i++) {
                int bit = 1 << i;
                if (((strict | loose) & bit) != 0) {
                    int set = parts.get(i).set();
                    if (set == ANY) {
                        nextLoose |= words.beginsSentence(at) ? 0 : bit << 1;
                    } else if (sets.get(set)) {
                        nextStrict |= (strict & bit) << 1;
                        nextLoose |= (loose & bit) << 1;
                    }
                }
            }
            strict = closed(nextStrict);
            loose = closed(nextLoose);
            if (atEnd && !words.endsSentence(at)) {
                strict &= ~accepted;
                loose &= ~accepted;
            }
            at++;
        }
        return ((strict | loose) & accepted) == 0 ? -1 : words.end(at - 1);
    }

    /** With the places that are reached by leaving optional ones out. */
    private int closed(int places) {
        int all = places;
        for (int i = 1; i < parts.size(); i++) {
            if ((all & 1 << i) != 0 && parts.get(i).optional()) {
                all |= 1 << (i + 1);
            }
        }
        return all;
    }
}
