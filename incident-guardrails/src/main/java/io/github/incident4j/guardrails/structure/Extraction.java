// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.structure.JsonReader.Begin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where JSON stands in a text of more than that. Fenced blocks (CommonMark 0.31, section 4.5) go before what stands
 * between other text, those that are named JSON before those without a name and a key. Of bare text the outermost
 * brackets count, whole, broken or cut off, and of these the ones that are {@linkplain Kind most like JSON}. Several of
 * the same kind are ambiguous, and so is any beside what was cut off where an answer stands; what stands within a
 * bracket is never taken by itself.
 *
 * <p>The time is linear in the text: where brackets are read that do not end, up to a number of walks through all of
 * it, a text with more of them is ambiguous.
 */
final class Extraction {
    private static final int MOST_WALKS = 16;
    private static final String QUOTES = "\"'\u201C\u201D\u201E\u2018\u2019\u201A";

    /** What a bracket with its content is, the most like JSON first. */
    private enum Kind {
        /** An object, or a list of objects, with a key in quotes. */
        KEYS_IN_QUOTES,
        /** One with keys without quotes and a quote in it, as programs and careless models have it. */
        VALUES_IN_QUOTES,
        /** A list of values, or an object without any quotes. */
        OTHER,
        /** What stands in square brackets with words before it: {@code [Here it is: {…}]}. */
        IN_WORDS,
        /** What begins with a key or a quote and cannot be read: {@code {name: A}}. */
        UNREADABLE,
        /**
         * What prose has: an empty one, or one whole number in square brackets, which is a citation; not where an
         * answer stands, directly behind a colon or an equals sign or alone on its line.
         */
        OF_PROSE;

        static Kind of(Begin begin, String text, Span span, boolean inWords) {
            String part = span.of(text);
            if (isOfProse(part) && !(isClosed(part) && isPlacedAsAnswer(text, span))) {
                return OF_PROSE;
            }
            if (begin == Begin.UNREADABLE) {
                return UNREADABLE;
            }
            if (inWords) {
                return IN_WORDS;
            }
            if (begin == Begin.KEY) {
                return KEYS_IN_QUOTES;
            }
            return begin == Begin.NAME && hasQuote(part) ? VALUES_IN_QUOTES : OTHER;
        }

        private static boolean isOfProse(String part) {
            String inside =
                    part.substring(1, part.length() - (isClosed(part) ? 1 : 0)).strip();
            return inside.isEmpty() || (part.charAt(0) == '[' && inside.chars().allMatch(c -> Ascii.isDigit((char) c)));
        }

        private static boolean isClosed(String part) {
            return part.length() > 1 && "]}".indexOf(part.charAt(part.length() - 1)) >= 0;
        }

        private static boolean isPlacedAsAnswer(String text, Span span) {
            int before = span.start() - 1;
            while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
                before--;
            }
            int after = span.end();
            while (after < text.length() && text.charAt(after) != '\n' && Character.isWhitespace(text.charAt(after))) {
                after++;
            }
            boolean beginsLine =
                    before < 0 || text.substring(before + 1, span.start()).contains("\n");
            boolean endsLine = after >= text.length() || text.charAt(after) == '\n';
            return (beginsLine && endsLine) || (before >= 0 && ":=".indexOf(text.charAt(before)) >= 0);
        }

        private static boolean hasQuote(String part) {
            return part.chars().anyMatch(c -> QUOTES.indexOf(c) >= 0);
        }
    }

    /**
     * A part of a text.
     *
     * @param start the index of its first UTF-16 unit
     * @param end the index after its last one
     */
    record Span(int start, int end) {
        String of(String text) {
            return text.substring(start, end);
        }
    }

    private Extraction() {}

    /**
     * The fenced blocks that are named JSON, and those without a name that begin with a key; where none is named, all
     * that begin as an object or array does.
     */
    static List<Span> fenced(String text, int maxDepth) {
        List<Span> named = new ArrayList<>();
        List<Span> withKey = new ArrayList<>();
        List<Span> unnamed = new ArrayList<>();
        int line = 0;
        while (line < text.length()) {
            int end = endOfLine(text, line);
            int fence = fence(text, line, end);
            if (fence == 0) {
                line = end + 1;
                continue;
            }
            int mark = afterBlanks(text, line, end);
            String info = text.substring(mark + fence, end).strip().toLowerCase(Locale.ROOT);
            int start = Math.min(end + 1, text.length());
            int last = start;
            int next = start;
            boolean closed = false;
            while (next < text.length() && !closed) {
                int nextEnd = endOfLine(text, next);
                closed = isClosing(text, next, nextEnd, text.charAt(mark), fence);
                last = closed ? next : Math.min(nextEnd + 1, text.length());
                next = nextEnd + 1;
            }
            Span block = new Span(start, last);
            if (info.startsWith("json")) {
                named.add(block);
            } else if (info.isEmpty()) {
                Begin begin = begin(block.of(text).strip(), maxDepth);
                if (begin != Begin.NONE) {
                    (begin.compareTo(Begin.NAME) >= 0 ? withKey : unnamed).add(block);
                }
            }
            line = Math.max(next, end + 1);
        }
        return bothOf(named.isEmpty() ? unnamed : named, withKey);
    }

    private static Begin begin(String block, int maxDepth) {
        return !block.isEmpty() && isBracket(block.charAt(0))
                ? new JsonReader(block, 0, maxDepth, true).begin()
                : Begin.NONE;
    }

    private static boolean isBracket(char c) {
        return c == '{' || c == '[';
    }

    /** How many marks open a fence on a line, or 0. */
    private static int fence(String text, int line, int end) {
        int from = afterBlanks(text, line, end);
        int at = from;
        while (at < end && (text.charAt(at) == '`' || text.charAt(at) == '~') && text.charAt(at) == text.charAt(from)) {
            at++;
        }
        boolean open = at - from >= 3
                && (text.charAt(from) == '~' || !text.substring(at, end).contains("`"));
        return open ? at - from : 0;
    }

    private static boolean isClosing(String text, int line, int end, char mark, int least) {
        int at = afterBlanks(text, line, end);
        int from = at;
        while (at < end && text.charAt(at) == mark) {
            at++;
        }
        return at - from >= least && text.substring(at, end).isBlank();
    }

    private static int afterBlanks(String text, int line, int end) {
        int at = line;
        while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    /** The outermost brackets of a text that are most like JSON, the broken ones, too. */
    static List<Span> inline(String text, int maxDepth) {
        Map<Kind, List<Span>> found = new EnumMap<>(Kind.class);
        int lastCommentEnd = JsonReader.lastCommentEnd(text);
        int inWordsUntil = 0;
        List<Span> cutOff = List.of(); // where an answer stands
        long walked = 0;
        for (int at = 0; at < text.length(); at++) {
            if (!isBracket(text.charAt(at))) {
                continue;
            }
            if (walked >= (long) MOST_WALKS * text.length()) {
                return found.isEmpty() ? List.of() : ambiguous(found, at, text.length());
            }
            Begin begin = new JsonReader(text, at, maxDepth, true, lastCommentEnd).begin();
            JsonReader reader = new JsonReader(text, at, maxDepth, true, lastCommentEnd);
            boolean isRead = reader.bracket();
            int end = isRead ? reader.end() : otherHalf(text, at);
            boolean isCutOff = end < 0 && isJsonCutOff(begin, text, at, reader);
            if (isRead || isCutOff || begin == Begin.UNREADABLE || begin.compareTo(Begin.BARE) > 0) {
                Span span = new Span(at, end < 0 ? text.length() : end);
                Kind kind = Kind.of(begin, text, span, at < inWordsUntil);
                found.computeIfAbsent(kind, none -> new ArrayList<>()).add(span);
                boolean isOpen = isCutOff || reader.repairs().containsKey(Repair.MISSING_BRACKET);
                cutOff = isOpen && Kind.isPlacedAsAnswer(text, span) ? List.of(span) : cutOff;
            }
            walked += Math.max(reader.end(), end < 0 ? text.length() : end) - at;
            if (isCutOff) {
                break; // a part of what was cut off is not the answer
            }
            if (end >= 0 && !(begin == Begin.NONE && isWrapping(text, at, end))) {
                at = end - 1; // nor is what a bracket takes in, even where the bracket is no JSON
            } else if (end >= 0 && text.charAt(at) == '[') {
                inWordsUntil = Math.max(inWordsUntil, end);
            }
        }
        List<Span> best = found.values().stream().findFirst().orElse(List.of());
        List<Span> unreadable = found.getOrDefault(Kind.UNREADABLE, List.of());
        boolean isMaybeCitation = best.size() == 1 && Kind.isOfProse(best.get(0).of(text));
        if (!best.containsAll(cutOff)) {
            return bothOf(best, cutOff);
        }
        return isMaybeCitation && !unreadable.isEmpty() ? bothOf(unreadable, best) : best;
    }

    private static List<Span> bothOf(List<Span> some, List<Span> others) {
        return Stream.concat(some.stream(), others.stream())
                .sorted(Comparator.comparingInt(Span::start))
                .toList();
    }

    /** Whether what has no end is JSON; in square brackets, where prose has {@code [0, 1)}, as far as it goes. */
    private static boolean isJsonCutOff(Begin begin, String text, int at, JsonReader reader) {
        return begin.compareTo(Begin.BARE) > 0
                || (begin == Begin.BARE && (reader.isCutOff() || hasBracket(text, at + 1, reader.end())));
    }

    private static List<Span> ambiguous(Map<Kind, List<Span>> found, int from, int to) {
        List<Span> all = new ArrayList<>(found.values().iterator().next());
        all.add(new Span(from, to));
        return all;
    }

    private static boolean hasBracket(String text, int from, int to) {
        return text.substring(from, Math.max(from, to)).chars().anyMatch(c -> isBracket((char) c));
    }

    /** Whether braces hold nothing but one more bracket, or square brackets that and some words before it. */
    private static boolean isWrapping(String text, int from, int end) {
        int inner = from + 1;
        while (inner < end && isBeforeWrapped(text.charAt(from), text.charAt(inner))) {
            inner++;
        }
        boolean hasWords = !text.substring(from + 1, inner).isBlank();
        int innerEnd = inner < end && isBracket(text.charAt(inner)) ? otherHalf(text, inner) : -1;
        return innerEnd > 0
                && innerEnd < end
                && hasWords == (text.charAt(from) == '[')
                && text.substring(innerEnd, end - 1).isBlank();
    }

    private static boolean isBeforeWrapped(char bracket, char c) {
        return bracket == '{' ? Character.isWhitespace(c) : "{}[]\"',".indexOf(c) < 0;
    }

    /** Where the other half of a bracket ends; else -1. */
    private static int otherHalf(String text, int from) {
        int depth = 0;
        boolean inString = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (inString) {
                at += c == '\\' ? 1 : 0;
                inString = c != '"';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return at + 1;
                }
            }
        }
        return -1;
    }
}
