// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.words.Words;
import io.github.incident4j.model.Finding;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for names of an answer that stand in no source: words with a capital, elsewhere than where a sentence, a line
 * or a quotation begins. Where many such words have one, as in German, only those count that stand next to each other.
 */
final class Names {
    static final String NAME = "names";

    private static final double MANY = 0.2;
    private static final int FEW_WORDS = 10;
    private static final int SHORTEST_STEM = 4;
    private static final int LONGEST_ENDING = 3;

    private final Words words;
    private final boolean[] counted;

    private Names(Words words) {
        this.words = words;
        counted = new boolean[words.size()];
        int inside = 0;
        int capitals = 0;
        boolean heading = false;
        for (int i = 0; i < words.size(); i++) {
            boolean start = isStart(i);
            heading = start ? isHeading(i, heading) : heading;
            char first = words.view().charAt(words.start(i));
            if (!start) {
                inside++;
                counted[i] = !heading && words.end(i) - words.start(i) > 1 && Character.isUpperCase(first);
                capitals += counted[i] ? 1 : 0;
            }
        }
        if (inside >= FEW_WORDS && capitals > MANY * inside) {
            onlyRuns();
        }
    }

    static @Nullable Finding missing(String answer, Collection<String> sources) {
        Names names = new Names(Words.of(answer));
        Set<String> known = new HashSet<>();
        Set<String> stems = new HashSet<>();
        for (String source : sources) {
            Words words = Words.of(source);
            for (int i = 0; i < words.size(); i++) {
                String word = words.word(i);
                if (known.add(word)) {
                    addStems(word, stems);
                }
            }
        }
        int all = 0;
        int missing = 0;
        int first = -1;
        for (int i = 0; i < names.counted.length; i++) {
            if (!names.counted[i]) {
                continue;
            }
            all++;
            String word = names.words.word(i);
            if (!known.contains(word) && !stems.contains(word) && !hasStemIn(word, known)) {
                first = missing++ == 0 ? i : first;
            }
        }
        return missing == 0
                ? null
                : Unsupported.finding(
                        NAME,
                        "name",
                        missing,
                        all,
                        names.words.view(),
                        names.words.start(first),
                        names.words.end(first));
    }

    private static void addStems(String word, Set<String> stems) {
        for (int cut = 1; cut <= LONGEST_ENDING && word.length() - cut >= SHORTEST_STEM; cut++) {
            stems.add(word.substring(0, word.length() - cut));
        }
    }

    private static boolean hasStemIn(String word, Set<String> known) {
        Set<String> stems = new HashSet<>();
        addStems(word, stems);
        return stems.stream().anyMatch(known::contains);
    }

    private void onlyRuns() {
        boolean[] all = counted.clone();
        for (int i = 0; i < counted.length; i++) {
            boolean before = i > 0 && all[i - 1] && isNext(i);
            boolean after = i + 1 < all.length && all[i + 1] && isNext(i + 1);
            counted[i] &= before || after;
        }
    }

    /** Whether only a space stands before a word. */
    private boolean isNext(int word) {
        return words.start(word) - words.end(word - 1) == 1 && words.view().charAt(words.start(word) - 1) == ' ';
    }

    /** Whether a word may have its capital from where it stands. */
    private boolean isStart(int word) {
        View view = words.view();
        for (int i = words.start(word) - 1; i >= (word == 0 ? 0 : words.end(word - 1)); i--) {
            char c = view.charAt(i);
            if (c != ' ' && c != ',' && c != '-' && c != '\'' && c != '’' && c != '&' && c != '/') {
                return true;
            }
        }
        return word == 0;
    }

    /** Whether the line that a word stands in is a heading of Markdown; it stays one up to the next line. */
    private boolean isHeading(int word, boolean before) {
        View view = words.view();
        boolean line = word == 0;
        boolean sign = false;
        for (int i = word == 0 ? 0 : words.end(word - 1); i < words.start(word); i++) {
            char c = view.charAt(i);
            line |= c == '\n';
            sign = c != '\n' && (sign || (line && c == '#'));
        }
        return line ? sign : before;
    }
}
