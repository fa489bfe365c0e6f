// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.Arrays;
import java.util.BitSet;

/** The words of a folded text from one of them on, read as far as somebody asks. Used by one thread. */
final class Words {
    static final char OUTSIDE = '\n';
    private static final int MOST = 24;

    private final View view;
    private final Lexicon lexicon;
    private int[] starts = new int[4]; // most phrases end with their second word
    private int[] ends = new int[4];
    private BitSet[] sets = new BitSet[4];
    private int count;

    Words(View view, int at, Lexicon lexicon) {
        this.view = view;
        this.lexicon = lexicon;
        read(at);
    }

    /** Whether a word of a folded text begins at an index. */
    static boolean begins(View view, int at) {
        char before = view.charAt(at - 1);
        return before == ' ' || before == '.' || before == OUTSIDE;
    }

    static int endOfWord(View view, int at) {
        int end = at;
        char c = view.charAt(end);
        while (c != ' ' && c != '.' && c != OUTSIDE) {
            end++;
            c = view.charAt(end);
        }
        return end;
    }

    boolean has(int place) {
        while (count <= place) {
            if (count == MOST || view.charAt(ends[count - 1]) == OUTSIDE) {
                return false;
            }
            read(ends[count - 1] + 1);
        }
        return ends[place] > starts[place];
    }

    private void read(int at) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, MOST);
            ends = Arrays.copyOf(ends, MOST);
            sets = Arrays.copyOf(sets, MOST);
        }
        starts[count] = at;
        ends[count] = endOfWord(view, at);
        sets[count] = lexicon.setsOf(view, at, ends[count]);
        count++;
    }

    BitSet sets(int place) {
        return sets[place];
    }

    int end(int place) {
        return ends[place];
    }

    boolean beginsSentence(int place) {
        return view.charAt(starts[place] - 1) != ' ';
    }

    boolean endsSentence(int place) {
        return view.charAt(ends[place]) != ' ';
    }

    /** The sets of the word before one that stands in the same sentence; none if there is no such word. */
    static BitSet setsBefore(View view, int at, Lexicon lexicon) {
        if (view.charAt(at - 1) != ' ') {
            return new BitSet();
        }
        int start = startOfWordBefore(view, at);
        return lexicon.setsOf(view, start, at - 1);
    }

    static int startOfWordBefore(View view, int at) {
        int start = at - 1;
        while (!begins(view, start)) {
            start--;
        }
        return start;
    }
}
