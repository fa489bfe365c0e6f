// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The automaton of Aho and Corasick, over UTF-16 units. States are numbered breadth first, so that a state's children
 * lie side by side, sorted by their units, and need no links: 14 bytes a state. A step costs at most two lookups on
 * average. Immutable.
 */
final class TermAutomaton {
    /** The state before any text. */
    static final int START = 0;

    private static final int ASCII = 0x80;
    private static final int FEW = 4;

    /** The unit on the way into each state. */
    private final char[] units;
    /** The first child of each state; its children end where those of the next state begin. */
    private final int[] children;
    /** The state of the longest proper suffix. */
    private final int[] suffixes;
    /** The smallest place of a term that ends in a state, from 1; 0 for none. */
    private final int[] terms;
    /** The children of the two states with the most traffic, by ASCII unit: the start and its first child. */
    private final int[] startChildren = new int[ASCII];

    private final int[] firstChildren = new int[ASCII];

    private record Term(String symbols, int place) {}

    /** Takes the terms, none of them empty. */
    TermAutomaton(List<String> terms) {
        List<Term> sorted = new ArrayList<>(terms.size());
        for (int i = 0; i < terms.size(); i++) {
            sorted.add(new Term(terms.get(i), i + 1));
        }
        sorted.sort(Comparator.comparing(Term::symbols).thenComparingInt(Term::place));
        int states = countStates(sorted);
        units = new char[states];
        children = new int[states + 1];
        suffixes = new int[states];
        this.terms = new int[states];
        build(sorted, states);
    }

    /** Every state is a prefix of a term, and each term brings those that it does not share with the one before. */
    private static int countStates(List<Term> sorted) {
        int states = 1;
        String before = "";
        for (Term term : sorted) {
            String symbols = term.symbols();
            int shared = 0;
            while (shared < symbols.length()
                    && shared < before.length()
                    && symbols.charAt(shared) == before.charAt(shared)) {
                shared++;
            }
            states += symbols.length() - shared;
            before = symbols;
        }
        return states;
    }

    private void build(List<Term> sorted, int states) {
        // The terms that begin as the state does: sorted, they are a range.
        int[] from = new int[states];
        int[] to = new int[states];
        int[] depths = new int[states];
        to[START] = sorted.size();
        int created = 1;
        for (int state = 0; state < states; state++) {
            int depth = depths[state];
            int first = from[state];
            terms[state] = terms[suffixes[state]];
            if (sorted.get(first).symbols().length() == depth) {
                int own = sorted.get(first).place();
                terms[state] = terms[state] == 0 ? own : Math.min(own, terms[state]);
            }
            while (first < to[state] && sorted.get(first).symbols().length() == depth) {
                first++;
            }
            children[state] = created;
            while (first < to[state]) {
                char unit = sorted.get(first).symbols().charAt(depth);
                int last = first + 1;
                while (last < to[state] && sorted.get(last).symbols().charAt(depth) == unit) {
                    last++;
                }
                units[created] = unit;
                from[created] = first;
                to[created] = last;
                depths[created] = depth + 1;
                suffixes[created] = state == START ? START : next(suffixes[state], unit);
                if (unit < ASCII && state <= 1) {
                    (state == START ? startChildren : firstChildren)[unit] = created;
                }
                created++;
                first = last;
            }
            children[state + 1] = created;
        }
    }

    /** The state after one more unit. */
    int next(int state, char unit) {
        int at = state;
        int child = child(at, unit);
        while (child == 0 && at != START) {
            at = suffixes[at];
            child = child(at, unit);
        }
        return child;
    }

    /** The smallest place of a term that ends here, from 1; 0 for none. */
    int termAt(int state) {
        return terms[state];
    }

    private int child(int state, char unit) {
        if (state <= 1 && unit < ASCII) {
            return (state == START ? startChildren : firstChildren)[unit];
        }
        int from = children[state];
        int to = children[state + 1];
        if (to - from > FEW) {
            return Math.max(0, Arrays.binarySearch(units, from, to, unit));
        }
        for (int child = from; child < to; child++) {
            if (units[child] == unit) {
                return child;
            }
        }
        return 0;
    }
}
