// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that begins with a literal, as a rule of a text rail. It is run where the literal stands, on
 * what stands behind it.
 *
 * @param rule the rule's name
 * @param literal what it begins with, in small letters
 * @param atBoundary whether no letter, digit or underscore stands before it
 * @param program the expression without what says so
 */
record PatternRule(String rule, String literal, boolean atBoundary, Pattern program) implements Recogniser {
    private static final int REACH = 512;
    private static final int LONGEST_LITERAL = 64;
    private static final String BOUNDARY = "\\b";
    private static final String NO_LITERAL = "[(.^$*+?{|)\\";

    /** The text from an index on, as long as it is read within what is there. */
    private static final class Window implements CharSequence {
        private final View view;
        private final int from;
        private final int length;
        private boolean ended;

        Window(View view, int from, int length) {
            this.view = view;
            this.from = from;
            this.length = length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            ended |= view.isEnd(from + index);
            return view.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Window(view, from + start, end - start);
        }

        @Override
        public String toString() {
            return new StringBuilder(length).append(this, 0, length).toString();
        }
    }

    /** The rule for an expression; null when it does not begin with two characters that are always the same. */
    static @Nullable PatternRule of(String rule, String pattern) {
        String flags = flags(pattern);
        String rest = pattern.substring(flags.length());
        boolean boundary = rest.startsWith(BOUNDARY);
        String body = boundary ? rest.substring(BOUNDARY.length()) : rest;
        String literal = literal(body);
        boolean usable = literal.length() > 1 && !hasAlternatives(body) && !(boundary && !isWord(literal.charAt(0)));
        return usable ? new PatternRule(rule, literal, boundary, Pattern.compile(flags + body)) : null;
    }

    /** What stands for the whole expression, such as {@code (?i)}. */
    private static String flags(String pattern) {
        int end = pattern.startsWith("(?") ? pattern.indexOf(')') : -1;
        return end > 2 && pattern.substring(2, end).chars().allMatch(Character::isLetter)
                ? pattern.substring(0, end + 1)
                : "";
    }

    private static String literal(String pattern) {
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < pattern.length() && literal.length() < LONGEST_LITERAL) {
            boolean escaped = pattern.charAt(i) == '\\' && i + 1 < pattern.length();
            char c = pattern.charAt(escaped ? i + 1 : i);
            i += escaped ? 2 : 1;
            char repeat = i < pattern.length() ? pattern.charAt(i) : ' ';
            boolean plain = c >= ' ' && c < 0x7F && (escaped ? !isWord(c) : NO_LITERAL.indexOf(c) < 0);
            if (!plain || repeat == '*' || repeat == '?' || repeat == '{') {
                break;
            }
            literal.append(Ascii.small(c));
        }
        return literal.toString();
    }

    /** Whether a bar stands outside of groups and classes, or may: behind {@code \Q} it is not looked for. */
    private static boolean hasAlternatives(String pattern) {
        int depth = 0;
        int inClass = -1; // where the class begins
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                if (pattern.startsWith("Q", i + 1)) {
                    return true;
                }
                i++;
            } else if (inClass >= 0) {
                inClass = c == ']' && i > inClass ? -1 : inClass;
            } else if (c == '[') {
                inClass = pattern.startsWith("^", i + 1) ? i + 2 : i + 1; // a bracket there is one of its signs
            } else if (c == '|' && depth == 0) {
                return true;
            } else {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }
        return false;
    }

    @Override
    public String category() {
        return Patterns.DENIED_CATEGORY;
    }

    @Override
    public String label() {
        return "DENIED_PATTERN";
    }

    @Override
    public List<String> literals() {
        return List.of(literal);
    }

    @Override
    public boolean atWordStart() {
        return atBoundary;
    }

    @Override
    public int reach() {
        return REACH;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        if (atBoundary && isWord(view.charAt(at - 1))) {
            return null;
        }
        Window window = new Window(view, at, REACH);
        Matcher matcher = program.matcher(window);
        boolean found = matcher.lookingAt();
        if (window.ended) { // so the end of the text is part of the answer
            int length = 0;
            while (length < REACH && !view.isEnd(at + length)) {
                length++;
            }
            matcher = program.matcher(new Window(view, at, length));
            found = matcher.lookingAt();
        }
        return found && matcher.end() > 0 ? new Hit(at, at + matcher.end(), 1, 1) : null;
    }

    private static boolean isWord(char c) {
        return Ascii.isWord(c) || c == '_';
    }
}
