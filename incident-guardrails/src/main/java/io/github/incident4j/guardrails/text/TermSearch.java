// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the first of many terms in a text, as whole words and in normal form. A word's two ends are symbols of their
 * own in what the automaton reads: a term that begins with a letter begins with an edge. So the search never looks
 * back, and its state is three numbers however long the terms are. Immutable.
 */
final class TermSearch {
    /** Stands where a word begins or ends; as a control character it is in no normal form. */
    private static final char EDGE = '\0';

    private static final int ASCII = 0x80;
    private static final byte OUTSIDE = 0;
    private static final byte WHITE = 1;
    private static final byte WORD = 2;
    private static final byte SIGN = 3;

    /** What each ASCII character is; outside of the fast path are the controls. */
    private static final byte[] KINDS = new byte[ASCII];

    /** The normal form of each ASCII character. */
    private static final char[] FOLDED = new char[ASCII];

    static {
        for (char c = 0; c < ASCII; c++) {
            boolean white = NormalForm.isWhiteSpace(c);
            KINDS[c] = NormalForm.isInvisible(c) ? OUTSIDE : white ? WHITE : Character.isLetterOrDigit(c) ? WORD : SIGN;
            FOLDED[c] = white ? ' ' : Character.toLowerCase(c);
        }
    }

    private final TermAutomaton automaton;
    /** Whether a term begins with an ASCII character, after the edge of its word if it has one. */
    private final boolean[] begins = new boolean[ASCII];

    /** Takes the terms as {@link #formOf} gives them. */
    TermSearch(List<String> forms) {
        List<String> symbols = new ArrayList<>(forms.size());
        for (String form : forms) {
            symbols.add(symbolsOf(form));
        }
        automaton = new TermAutomaton(symbols);
        int edge = automaton.next(TermAutomaton.START, EDGE);
        for (int c = 0; c < ASCII; c++) {
            begins[c] = automaton.next(edge, FOLDED[c]) != TermAutomaton.START;
        }
    }

    /** The normal form of a term, without white space around it; empty when nothing of it shows. */
    static String formOf(String term) {
        return NormalForm.of(term, 0).strip();
    }

    private static String symbolsOf(String form) {
        StringBuilder symbols = new StringBuilder(form.length() + 8);
        boolean word = false;
        boolean space = false;
        int codePoint;
        for (int i = 0; i < form.length(); i += Character.charCount(codePoint)) {
            codePoint = form.codePointAt(i);
            if (codePoint == ' ' && space) {
                continue;
            }
            space = codePoint == ' ';
            if (NormalForm.isWord(word, codePoint) != word) {
                word = !word;
                symbols.append(EDGE);
            }
            symbols.appendCodePoint(codePoint);
        }
        return (word ? symbols.append(EDGE) : symbols).toString();
    }

    /**
     * The place in the list, from 1, of the term that ends first in a text, of several that end there the smallest; 0
     * when there is none.
     */
    int firstIn(CharSequence text) {
        int length = text.length();
        int state = TermAutomaton.START;
        boolean word = false;
        boolean space = false;
        char next = length == 0 ? ' ' : text.charAt(0);
        if (isOutside(next)) {
            return firstIn(NormalForm.of(text, 0), state, word, space);
        }
        for (int i = 0; i < length; i++) {
            char c = next;
            next = i + 1 == length ? ' ' : text.charAt(i + 1);
            // The character before one outside ASCII goes with it: the two may be one letter.
            if (isOutside(next)) {
                return firstIn(NormalForm.of(text, i), state, word, space);
            }
            byte kind = KINDS[c];
            if (state == TermAutomaton.START && (!begins[c] || (word && kind == WORD))) {
                word = kind == WORD; // no term has begun and none begins here: the automaton stays where it is
                space = kind == WHITE;
                continue;
            }
            if (kind == WHITE && space) {
                continue;
            }
            space = kind == WHITE;
            if ((kind == WORD) != word) {
                word = !word;
                state = automaton.next(state, EDGE);
                if (automaton.termAt(state) != 0) {
                    return automaton.termAt(state);
                }
            }
            state = automaton.next(state, FOLDED[c]);
            if (automaton.termAt(state) != 0) {
                return automaton.termAt(state);
            }
        }
        return word ? automaton.termAt(automaton.next(state, EDGE)) : 0;
    }

    private static boolean isOutside(char c) {
        return c >= ASCII || KINDS[c] == OUTSIDE;
    }

    /** Goes on with the rest of a text in normal form. */
    private int firstIn(String form, int stateBefore, boolean wordBefore, boolean spaceBefore) {
        int state = stateBefore;
        boolean word = wordBefore;
        boolean space = spaceBefore;
        int codePoint;
        for (int i = 0; i < form.length(); i += Character.charCount(codePoint)) {
            codePoint = form.codePointAt(i);
            if (codePoint == ' ' && space) {
                continue;
            }
            space = codePoint == ' ';
            if (NormalForm.isWord(word, codePoint) != word) {
                word = !word;
                state = automaton.next(state, EDGE);
                if (automaton.termAt(state) != 0) {
                    return automaton.termAt(state);
                }
            }
            state = automaton.next(state, form.charAt(i));
            if (Character.isSupplementaryCodePoint(codePoint)) {
                state = automaton.next(state, form.charAt(i + 1));
            }
            if (automaton.termAt(state) != 0) {
                return automaton.termAt(state);
            }
        }
        return word ? automaton.termAt(automaton.next(state, EDGE)) : 0;
    }
}
