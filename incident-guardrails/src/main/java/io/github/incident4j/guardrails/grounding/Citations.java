// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.grounding;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the citations of an answer, such as [1], [2, 3] and [doc-3], against the sources that were given. Code in
 * Markdown is left out.
 */
final class Citations {
    static final String NAME = "citations";
    static final String EVERY = "cited-sentences";

    private static final int LONGEST_MARKER = 200;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_IN_RANGE = 100;
    private static final int SHORTEST_SENTENCE = 5;
    private static final int LONGEST_ABBREVIATION = 3;

    private final String text;
    private final Set<String> ids;

    private int markers;
    private int unknown;
    private int firstUnknown = -1;
    private int firstUnknownEnd;

    /** Of the sentence that is being read. */
    private int words;

    private int from;
    private boolean cited;
    private boolean ended;
    private boolean line;

    private int sentences;
    private int uncited;
    private int firstUncited = -1;

    private Citations(String text, Set<String> ids) {
        this.text = text;
        this.ids = ids;
        read();
    }

    private static Citations of(String text, Collection<String> ids) {
        Set<String> folded = new HashSet<>();
        ids.forEach(id -> folded.add(id.toLowerCase(Locale.ROOT).strip()));
        return new Citations(text, folded);
    }

    static @Nullable Finding unknown(String answer, Collection<String> ids) {
        Citations citations = of(answer, ids);
        return citations.unknown == 0
                ? null
                : new Finding(
                        NAME,
                        "unknown-source",
                        citations.unknown + " of " + citations.markers
                                + " citations name no given source, the first at " + citations.firstUnknown + " to "
                                + citations.firstUnknownEnd);
    }

    static @Nullable Finding uncited(String answer, Collection<String> ids) {
        Citations citations = of(answer, ids);
        return citations.uncited == 0
                ? null
                : new Finding(
                        EVERY,
                        "uncited",
                        citations.uncited + " of " + citations.sentences
                                + " sentences cite no given source, the first at " + citations.firstUncited);
    }

    private void read() {
        boolean word = false;
        int wordStart = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '`') {
                i = endOfCode(i);
                word = false;
                continue;
            }
            int marker = c == '[' ? marker(i) : 0;
            if (marker > 0) {
                i = marker;
                word = false;
                continue;
            }
            boolean unspaced = Characters.isUnspaced(c);
            if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
                if (!word || unspaced) {
                    word(i, c);
                    wordStart = i;
                }
                word = !unspaced;
            } else {
                if (c == '\n' || isEnd(i, i - wordStart, word)) {
                    ended |= words > 0;
                    line |= c == '\n';
                    skipLeadIn(i);
                }
                word = false;
            }
            i++;
        }
        finish();
    }

    private void word(int at, char first) {
        // In a line a small letter goes on with the sentence, as after "e.g. "; nothing else does.
        if (ended && (line || !Character.isLowerCase(first) || text.charAt(at - 1) != ' ')) {
            finish();
        }
        ended = false;
        line = false;
        from = words == 0 ? at : from;
        words++;
    }

    private void finish() {
        if (words >= SHORTEST_SENTENCE) {
            sentences++;
            if (!cited) {
                firstUncited = uncited++ == 0 ? from : firstUncited;
            }
        }
        words = 0;
        cited = false;
        ended = false;
    }

    /** A line that ends with a colon, or begins with a number sign, announces something and claims nothing. */
    private void skipLeadIn(int at) {
        if (text.charAt(at) == '\n' && words > 0 && !cited) {
            int last = at - 1;
            while (last > from && (text.charAt(last) == ' ' || text.charAt(last) == '*')) {
                last--;
            }
            boolean heading = from >= 2 && text.charAt(from - 1) == ' ' && text.charAt(from - 2) == '#';
            if (text.charAt(last) == ':' || heading) {
                words = 0;
                ended = false;
            }
        }
    }

    private boolean isEnd(int at, int wordLength, boolean afterWord) {
        char c = text.charAt(at);
        if (c == '。' || c == '！' || c == '？') {
            return true;
        }
        if (c != '.' && c != '!' && c != '?') {
            return false;
        }
        char next = at + 1 < text.length() ? text.charAt(at + 1) : '\n';
        if (Character.isLetterOrDigit(next)) {
            return false;
        }
        char first = wordLength > 0 && wordLength <= at ? text.charAt(at - wordLength) : ' ';
        boolean abbreviation =
                c == '.' && afterWord && wordLength <= LONGEST_ABBREVIATION && Character.isUpperCase(first);
        return !abbreviation || next == '\n';
    }

    /** Where code in back quotes ends; that of a fence with the fence, and with the text when nothing closes it. */
    private int endOfCode(int start) {
        int quotes = 0;
        while (start + quotes < text.length() && text.charAt(start + quotes) == '`') {
            quotes++;
        }
        if (quotes >= 3) {
            int close = text.indexOf("```", start + quotes);
            return close < 0 ? text.length() : close + 3;
        }
        for (int i = start + quotes; i < text.length() && i < start + LONGEST_MARKER; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                break;
            } else if (c == '`') {
                return i + 1;
            }
        }
        return start + quotes;
    }

    /** Reads a marker from its bracket on; the place after it, or 0 when it is none. */
    private int marker(int start) {
        int end = start + 1;
        while (end < text.length() && end - start <= LONGEST_MARKER && text.charAt(end) != ']') {
            char c = text.charAt(end);
            if (c == '[' || c == '\n') {
                return 0;
            }
            end++;
        }
        if (end >= text.length()
                || text.charAt(end) != ']'
                || (end + 1 < text.length() && text.charAt(end + 1) == '(')) {
            return 0;
        }
        List<String> names = names(text.substring(start + 1, end));
        if (names.isEmpty()) {
            return 0;
        }
        for (String name : names) {
            markers++;
            if (isKnown(name)) {
                cited = true;
            } else if (unknown++ == 0) {
                firstUnknown = start;
                firstUnknownEnd = end + 1;
            }
        }
        return end + 1;
    }

    /** The names in brackets, in small letters; none unless each of them is known or looks like a source's. */
    private List<String> names(String inside) {
        String whole = inside.toLowerCase(Locale.ROOT).strip();
        if (ids.contains(whole)) {
            return List.of(whole);
        }
        List<String> names = new ArrayList<>();
        int from = 0;
        while (from <= whole.length()) {
            int to = from;
            while (to < whole.length() && whole.charAt(to) != ',' && whole.charAt(to) != ';') {
                to++;
            }
            String name = whole.substring(from, to).strip();
            name = name.startsWith("^") ? name.substring(1) : name;
            if (!ids.contains(name) && !looksLikeOne(name)) {
                return List.of();
            }
            names.add(name);
            from = to + 1;
        }
        return names;
    }

    /** Letters, digits and -_.#, with a digit among them. */
    private static boolean looksLikeOne(String name) {
        boolean digit = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            digit |= c >= '0' && c <= '9';
            if (!Character.isLetterOrDigit(c) && "-_.#–".indexOf(c) < 0) {
                return false;
            }
        }
        return digit && name.length() <= LONGEST_NAME;
    }

    private boolean isKnown(String name) {
        if (ids.contains(name)) {
            return true;
        }
        int dash = Math.max(name.indexOf('-'), name.indexOf('–'));
        int first = number(name, 0, dash);
        int last = number(name, dash + 1, name.length());
        if (first < 0 || last < first || last - first > MOST_IN_RANGE) {
            return false;
        }
        for (int i = first; i <= last; i++) {
            if (!ids.contains(Integer.toString(i))) {
                return false;
            }
        }
        return true;
    }

    private static int number(String name, int from, int to) {
        if (to <= from || to - from > 6) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = 10 * number + c - '0';
        }
        return number;
    }
}
