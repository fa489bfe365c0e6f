// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.model.Finding;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
     * @param garbled what stands in the answer and looks like a placeholder that the model has changed or made up: in
     *     brackets a label and a number, in digits or as a word up to ten, or none, such as {@code [iban 1]},
     *     {@code [IBAN]} or {@code [E-MAIL-one]}; elsewhere a label, a hyphen or underscore and a number, such as
     *     {@code iban_1}. In any case and width, with look-alikes, spaces, line breaks and what does not show, and with
     *     the brackets as {@code %5B}. It stays as it is. At most 100 of them
     * @param missing the placeholders of the text that do not stand in the answer, in the order of the text; that may
     *     be quite right, or the model has dropped or changed them
     */
    public record Restored(String text, List<String> garbled, List<String> missing) {

        /**
         * Keeps copies of the lists.
         *
         * @param text the answer
         * @param garbled what looks like a changed placeholder
         * @param missing the placeholders that do not stand in it
         */
        public Restored {
            garbled = List.copyOf(garbled);
            missing = List.copyOf(missing);
        }

        /** Holds no restored value, as it may be logged. */
        @Override
        public String toString() {
            return "Restored[" + text.length() + " characters, garbled=" + garbled.size() + ", missing="
                    + missing.size() + "]";
        }
    }

    static Redaction of(TextRail rail, String original) {
        String mark = markNotIn(original);
        Map<String, String> placeholderOf = new HashMap<>();
        Map<String, String> valueOf = new LinkedHashMap<>(); // in the order of the text
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
        return new Redaction(
                screening.text(), Collections.unmodifiableMap(valueOf), Map.copyOf(countOf), mark, screening.stop());
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
                if (begins && Ascii.isDigit(text.charAt(from - 1))) {
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
     * {@code restore(text())} is the original text, unless that was stopped. A placeholder is replaced wherever the
     * model has put it, also in the address of a link: judge the links of what this answers before it is shown.
     *
     * @param answer what the model made of the text
     * @return the answer with values, what looks like a garbled placeholder, and which ones are missing
     */
    public Restored restore(String answer) {
        StringBuilder restored = new StringBuilder(answer.length());
        Set<String> missing = new LinkedHashSet<>(valueOf.keySet());
        Garbled garbled = new Garbled(countOf.keySet(), mark);
        int passed = 0;
        for (int at = answer.indexOf('['); at >= 0; at = answer.indexOf('[', at + 1)) {
            int end = endOfBrackets(answer, at);
            String placeholder = answer.substring(at, end);
            String value = valueOf.get(placeholder);
            if (value != null) {
                missing.remove(placeholder);
                garbled.lookInto(answer.substring(passed, at));
                restored.append(answer, passed, at).append(value);
                passed = end;
                at = end - 1;
            }
        }
        garbled.lookInto(answer.substring(passed));
        restored.append(answer, passed, answer.length());
        return new Restored(restored.toString(), garbled.found(), List.copyOf(missing));
    }

    /**
     * Puts the values into an answer that comes in pieces, as {@link #restore} does into a whole one.
     *
     * @return what takes the pieces of one answer
     */
    public RestoringStream restoring() {
        return new RestoringStream(this);
    }

    /** What a placeholder stands for; null when it is none. */
    @Nullable
    String value(String placeholder) {
        return valueOf.get(placeholder);
    }

    /** The length of the longest placeholder. */
    int longest() {
        return longest;
    }

    /** The end of what could be a placeholder by its brackets and length; the index itself when nothing could. */
    int endOfBrackets(CharSequence answer, int from) {
        int last = Math.min(answer.length(), from + longest);
        for (int i = from; i < last; i++) {
            if (answer.charAt(i) == ']') {
                return i + 1;
            }
        }
        return from;
    }

    /** {@return how many values of which kind were replaced, and none of them} */
    @Override
    public String toString() {
        return "Redaction" + new TreeMap<>(countOf).toString().toLowerCase(Locale.ROOT);
    }
}
