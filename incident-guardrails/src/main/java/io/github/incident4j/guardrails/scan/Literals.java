// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * All literals of all recognisers in one automaton (Aho and Corasick, "Efficient string matching", 1975), its failure
 * links folded into one table, so that a character costs one look. Literals are ASCII in small letters; the text is
 * compared without regard to case. Immutable.
 */
final class Literals {
    static final int START = 0;

    private static final int ASCII = 0x80;
    private static final int[][] NO_ENDS = new int[0][];

    /** The class of each character; 0 is for those in no literal. */
    private final int[] classes = new int[ASCII];

    private final int classCount;
    private final int[] next;
    private final int[] depths;
    /** For each state the literals that end there: place of the recogniser and length. */
    private final int[][][] ends;
    /** For each state the literals that have begun, of recognisers that look back: place and length so far. */
    private final int[][][] begun;

    private static final class Node {
        final Map<Character, Node> children = new TreeMap<>();
        final List<int[]> ends = new ArrayList<>();
        final List<int[]> begun = new ArrayList<>();
        int state;
        int depth;
        int suffix;
    }

    /** The literals of each recogniser, and whether it looks back. */
    Literals(List<List<String>> literals, IntPredicate looksBack) {
        Node root = new Node();
        List<Node> nodes = new ArrayList<>(List.of(root));
        int used = 0;
        for (int place = 0; place < literals.size(); place++) {
            for (String literal : literals.get(place)) {
                Node node = root;
                for (int i = 0; i < literal.length(); i++) {
                    char c = literal.charAt(i);
                    if (classes[c] == 0) {
                        classes[c] = ++used;
                        classes[Character.toUpperCase(c)] = used;
                    }
                    Node child = node.children.get(c);
                    if (child == null) {
                        child = new Node();
                        child.state = nodes.size();
                        child.depth = node.depth + 1;
                        nodes.add(child);
                        node.children.put(c, child);
                    }
                    node = child;
                    if (looksBack.test(place)) {
                        node.begun.add(new int[] {place, node.depth});
                    }
                }
                node.ends.add(new int[] {place, literal.length()});
            }
        }
        classCount = used + 1;
        next = new int[nodes.size() * classCount];
        depths = nodes.stream().mapToInt(node -> node.depth).toArray();
        ends = new int[nodes.size()][][];
        begun = new int[nodes.size()][][];
        link(nodes);
    }

    private void link(List<Node> nodes) {
        Deque<Node> queue = new ArrayDeque<>(List.of(nodes.get(START)));
        while (!queue.isEmpty()) {
            Node node = queue.remove();
            int row = node.state * classCount;
            if (node.state != START) {
                System.arraycopy(next, node.suffix * classCount, next, row, classCount);
                node.ends.addAll(Arrays.asList(ends[node.suffix]));
                node.begun.addAll(Arrays.asList(begun[node.suffix]));
            }
            begun[node.state] = node.begun.isEmpty() ? NO_ENDS : node.begun.toArray(NO_ENDS);
            ends[node.state] = node.ends.isEmpty() ? NO_ENDS : node.ends.toArray(NO_ENDS);
            node.children.forEach((c, child) -> {
                child.suffix = node.state == START ? START : next[row + classes[c]];
                next[row + classes[c]] = child.state;
                queue.add(child);
            });
        }
    }

    boolean isEmpty() {
        return ends.length == 1;
    }

    int next(int state, char c) {
        return c < ASCII ? next[state * classCount + classes[c]] : START;
    }

    /** How many characters of the text the state stands for: a literal may begin that many before. */
    int depth(int state) {
        return depths[state];
    }

    /** The literals of recognisers that look back of which the text has the beginning: place and length so far. */
    int[][] begunAt(int state) {
        return begun[state];
    }

    int[][] endsAt(int state) {
        return ends[state];
    }
}
