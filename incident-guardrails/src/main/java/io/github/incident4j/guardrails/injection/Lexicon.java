// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.View;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sets of words that phrases are made of, all in one tree of characters, so that one walk along a word tells all
 * sets that hold it. A word that ends in {@code *} stands for all words that begin with it. Immutable once built.
 */
final class Lexicon {
    private static final BitSet NONE = new BitSet();

    private final Node root;

    private static final class Node {
        private final @Nullable Node[] small = new @Nullable Node[26]; // those for a to z, which are asked most
        private final Map<Character, Node> others = new HashMap<>();
        private final BitSet whole = new BitSet();
        private final BitSet begun = new BitSet();

        private @Nullable Node next(char c) {
            return c >= 'a' && c <= 'z' ? small[c - 'a'] : others.isEmpty() ? null : others.get(c);
        }

        private Node child(char c) {
            Node child = next(c);
            if (child == null) {
                child = new Node();
                if (c >= 'a' && c <= 'z') {
                    small[c - 'a'] = child;
                } else {
                    others.put(c, child);
                }
            }
            return child;
        }

        /** Hands down which sets hold all that begins like this. */
        private void settle(BitSet above) {
            begun.or(above);
            whole.or(begun);
            others.values().forEach(child -> child.settle(begun));
            for (Node child : small) {
                if (child != null) {
                    child.settle(begun);
                }
            }
        }
    }

    private Lexicon(Node root) {
        this.root = root;
    }

    /** A lexicon of sets; a set is known by its place. */
    static Lexicon of(List<List<String>> sets) {
        Node root = new Node();
        for (int set = 0; set < sets.size(); set++) {
            for (String word : sets.get(set)) {
                boolean begins = word.endsWith("*");
                Node node = root;
                for (char c : folded(word).toCharArray()) {
                    node = node.child(c);
                }
                (begins ? node.begun : node.whole).set(set);
            }
        }
        root.settle(new BitSet());
        return new Lexicon(root);
    }

    /** A word, without its asterisk, as it stands in a folded text. */
    static String folded(String word) {
        return View.folded(word.endsWith("*") ? word.substring(0, word.length() - 1) : word);
    }

    /**
     * The sets that hold the word that begins at an index of a folded text, or what is left of it without letters in
     * disguise at its end, which may have been signs.
     */
    BitSet setsOf(View view, int from, int to) {
        BitSet sets = setsOfAll(view, from, to);
        for (int end = to - 1; end > from && view.disguise(end) > 0; end--) {
            BitSet shorter = setsOfAll(view, from, end);
            if (!shorter.isEmpty()) {
                BitSet both = new BitSet();
                both.or(sets);
                both.or(shorter);
                sets = both;
            }
        }
        return sets;
    }

    private BitSet setsOfAll(View view, int from, int to) {
        Node node = root;
        BitSet begun = NONE;
        for (int i = from; i < to; i++) {
            Node next = node.next(view.charAt(i));
            if (next == null) {
                return begun;
            }
            node = next;
            begun = node.begun;
        }
        return node.whole;
    }

    /** Hands out a number for each set of words; equal sets have the same. */
    static final class Builder {
        private final Map<List<String>, Integer> places = new HashMap<>();
        private final List<List<String>> sets = new ArrayList<>();

        int place(List<String> words) {
            return places.computeIfAbsent(List.copyOf(words), key -> {
                sets.add(key);
                return sets.size() - 1;
            });
        }

        Lexicon build() {
            return Lexicon.of(sets);
        }
    }
}
