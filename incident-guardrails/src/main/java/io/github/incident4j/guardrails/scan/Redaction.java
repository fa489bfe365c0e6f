// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A text whose values were replaced by numbered placeholders such as {@code [IBAN-1]}, and the way back: what a model
 * answers to it gets the values again. The same value has the same placeholder. It holds the values in memory, for one
 * call; it has no {@link #toString()} that shows them. Immutable, for any number of threads.
 *
 * <pre>{@code
 * Redaction redaction = rail.redaction(prompt);
 * String answer = model.ask(redaction.text());
 * Redaction.Restored restored = redaction.restore(answer);
 * }</pre>
 */
public final class Redaction {
    private static final int MOST_GARBLED = 100;
    private static final int MOST_BETWEEN = 3; // signs between label and number
    private static final char MARK = 'x';
    private static final int LONGEST_MARK = 7; // of a text of 2^31 characters

    private final String text;
    private final Map<String, String> valueOf;
    private final Map<String, Integer> countOf; // by label
    private final String mark;
    private final int longest; // of the placeholders
    private final Optional<Finding> stop;

    private Redaction(
            String text,
            Map<String, String> valueOf,
            Map<String, Integer> countOf,
            String mark,
            Optional<Finding> stop) {
        this.text = text;
        this.valueOf = valueOf;
        this.countOf = countOf;
        this.mark = mark;
        longest = valueOf.keySet().stream().mapToInt(String::length).max().orElse(0);
        this.stop = stop;
    }

    /**
     * An answer with its values again.
     *
     * @param text the answer
     * @param garbled what stands in the answer and looks like a placeholder that the model has changed or made up, such
     *     as {@code iban 1}, {@code [IBAN]} or {@code [IBAN-7]}; it stays as it is. At most 100 of them
     */
    public record Restored(String text, List<String> garbled) {

        /**
         * Keeps a copy of the list.
         *
         * @param text the answer
         * @param garbled what looks like a changed placeholder
         */
        public Restored {
            garbled = List.copyOf(garbled);
        }

        /** Holds no restored value, as it may be logged. */
        @Override
        public String toString() {
            return "Restored[" + text.length() + " characters, garbled=" + garbled.size() + "]";
        }
    }

    static Redaction of(TextRail rail, String original) {
        String mark = markNotIn(original);
        Map<String, String> placeholderOf = new HashMap<>();
        Map<String, String> valueOf = new HashMap<>();
        Map<String, Integer> countOf = new TreeMap<>();
        Screening screening = rail.screen(original, (match, value) -> {
            String label = inPlaceholder(match.label());
            String key = label + ' ' + value;
            return placeholderOf.computeIfAbsent(key, fresh -> {
                int number = countOf.merge(label, 1, Integer::sum);
                String placeholder = "[" + label + "-" + number + mark + "]";
                valueOf.put(placeholder, value);
                return placeholder;
            });
        });
        return new Redaction(screening.text(), Map.copyOf(valueOf), Map.copyOf(countOf), mark, screening.stop());
    }

    /** A label as it stands in placeholders: nothing in it ends one. */
    private static String inPlaceholder(String label) {
        StringBuilder plain = new StringBuilder(label);
        for (int i = 0; i < plain.length(); i++) {
            if (!Character.isLetterOrDigit(plain.charAt(i))) {
                plain.setCharAt(i, '_');
            }
        }
        return plain.toString();
    }

    /** What makes placeholders differ from everything in a text: most often nothing. */
    private static String markNotIn(String text) {
        Set<String> taken = new HashSet<>(); // what stands between a digit and a closing bracket
        for (int end = text.indexOf(']'); end >= 0; end = text.indexOf(']', end + 1)) {
            for (int from = end; from > 0 && end - from <= LONGEST_MARK; from--) {
                boolean begins = from == end || text.charAt(from) == MARK;
                if (begins && View.isDigit(text.charAt(from - 1))) {
                    taken.add(text.substring(from, end));
                }
            }
        }
        String mark = "";
        for (int i = 0; taken.contains(mark); i++) {
            mark = MARK + Integer.toString(i, Character.MAX_RADIX);
        }
        return mark;
    }

    /** {@return the text with placeholders; where a value blocks it ends there} */
    public String text() {
        return text;
    }

    /** {@return why the text must not go to a model at all, if it must not} */
    public Optional<Finding> stop() {
        return stop;
    }

    /**
     * Puts the values into an answer, in one pass: a value that looks like a placeholder is not replaced again.
     * {@code restore(text())} is the original text, unless that was stopped.
     *
     * @param answer what the model made of the text
     * @return the answer with values, and what looks like a garbled placeholder
     */
    public Restored restore(String answer) {
        StringBuilder restored = new StringBuilder(answer.length());
        List<String> garbled = new ArrayList<>();
        int at = 0;
        while (at < answer.length()) {
            int end = answer.charAt(at) == '[' ? endOfBrackets(answer, at) : at;
            String value = end > at ? valueOf.get(answer.substring(at, end)) : null;
            if (value != null) {
                restored.append(value);
                at = end;
            } else {
                int changed = endOfGarbled(answer, at);
                if (changed > 0 && garbled.size() < MOST_GARBLED) {
                    garbled.add(answer.substring(at, changed));
                }
                int next = Math.max(at + 1, changed);
                restored.append(answer, at, next);
                at = next;
            }
        }
        return new Restored(restored.toString(), garbled);
    }

    /** The end of what could be a placeholder by its brackets and length; the index itself when nothing could. */
    private int endOfBrackets(String answer, int from) {
        int last = Math.min(answer.length(), from + longest);
        for (int i = from; i < last; i++) {
            if (answer.charAt(i) == ']') {
                return i + 1;
            }
        }
        return from;
    }

    /**
     * The end of a label with a number, or in brackets without one, with or without something between them and brackets
     * round; 0 for none.
     */
    private int endOfGarbled(String answer, int from) {
        int start = answer.charAt(from) == '[' ? from + 1 : from;
        if (from > 0 && Character.isLetterOrDigit(answer.charAt(from - 1))) {
            return 0;
        }
        for (String label : countOf.keySet()) {
            if (!matches(answer, start, label)) {
                continue;
            }
            int digits = start + label.length();
            while (digits < answer.length()
                    && digits - start - label.length() < MOST_BETWEEN
                    && isBetween(answer.charAt(digits))) {
                digits++;
            }
            int end = digits;
            while (end < answer.length() && Character.isDigit(answer.charAt(end))) {
                end++;
            }
            boolean unnumbered = start > from && end == digits && end < answer.length() && answer.charAt(end) == ']';
            if (end > digits || unnumbered) {
                end = answer.startsWith(mark, end) ? end + mark.length() : end;
                return end < answer.length() && answer.charAt(end) == ']' ? end + 1 : end;
            }
        }
        return 0;
    }

    /** No line break, and no bracket: the next placeholder may begin there. */
    private static boolean isBetween(char c) {
        return !Character.isLetterOrDigit(c) && c != '[' && c != ']' && c != '\n';
    }

    /** Whether a label stands at an index, in any case and with any sign for its underscores. */
    private static boolean matches(String answer, int at, String label) {
        if (at + label.length() > answer.length()) {
            return false;
        }
        for (int i = 0; i < label.length(); i++) {
            char wanted = label.charAt(i);
            char c = answer.charAt(at + i);
            if (wanted == '_' ? Character.isLetterOrDigit(c) : Character.toUpperCase(c) != wanted) {
                return false;
            }
        }
        return true;
    }

    /** {@return how many values of which kind were replaced, and none of them} */
    @Override
    public String toString() {
        return "Redaction" + new TreeMap<>(countOf).toString().toLowerCase(Locale.ROOT);
    }
}
