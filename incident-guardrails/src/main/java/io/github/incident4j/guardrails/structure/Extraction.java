// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrails.structure.JsonReader.Begin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where JSON stands in a text of more than that: in a fenced block (CommonMark 0.31, section 4.5), else between other
 * text. Looks at a bounded number of beginnings, so the time is linear in the text.
 */
final class Extraction {
    private static final int MOST_TRIES = 16;

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

    /** The fenced blocks that are named JSON or begin as an object or array does. */
    static List<Span> fenced(String text) {
        List<Span> blocks = new ArrayList<>();
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
            if (info.startsWith("json") || (info.isEmpty() && beginsAsJson(text, block))) {
                blocks.add(block);
            }
            line = Math.max(next, end + 1);
        }
        return blocks;
    }

    private static boolean beginsAsJson(String text, Span span) {
        int at = span.start();
        while (at < span.end() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < span.end() && (text.charAt(at) == '{' || text.charAt(at) == '[');
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

    /**
     * The objects of a text, else the arrays, that stand in no other bracket, also the broken ones; those that begin
     * with the first brackets where there are many. Prose has {@code {name: string}} and {@code [10:21]}: what has no
     * quotes counts only if it is JSON, or can be repaired, and such an object only where nothing is more like JSON.
     */
    static List<Span> inline(String text, StrictJson json, int maxDepth, boolean repairing) {
        Found found = new Found();
        Found wrapped = new Found();
        int wrappedUntil = 0;
        int tries = 0;
        for (int at = 0; at < text.length() && tries < MOST_TRIES; at++) {
            char c = text.charAt(at);
            if (c != '{' && c != '[') {
                continue;
            }
            tries++;
            Begin begin = new JsonReader(text, at, maxDepth, true).begin();
            StrictJson.Reading reading = json.prefix(text.substring(at));
            JsonReader reader = new JsonReader(text, at, maxDepth, true);
            boolean isJson = reading.fault() == null;
            boolean isRepaired = !isJson && reader.value();
            int end = isJson ? at + reading.end() : isRepaired ? reader.end() : otherHalf(text, at);
            boolean countsLoosely = begin == Begin.LOOSE && (c == '{' || (isRepaired && repairing));
            if (isJson || begin == Begin.CERTAIN || countsLoosely) {
                Span span = new Span(at, end < 0 ? text.length() : end);
                boolean isLikeJson = isRepaired && repairing && span.of(text).indexOf('"') >= 0;
                (at < wrappedUntil ? wrapped : found).add(span, text, begin == Begin.CERTAIN || isLikeJson);
            }
            if (end >= 0 && begin == Begin.NONE && isWrapping(text, at, end)) {
                wrappedUntil = Math.max(wrappedUntil, end);
            } else if (end >= 0) {
                at = end - 1; // what a bracket takes in is not the answer, even where the bracket is no JSON
            } else if (begin == Begin.CERTAIN
                    || (begin == Begin.LOOSE && (c == '{' || hasBracket(text, at + 1, reader.end())))) {
                break; // nor is a part of what is cut off
            }
        }
        return found.any.isEmpty() ? wrapped.best() : found.best();
    }

    /** What was found, by how much it is like JSON. */
    private static final class Found {
        private final List<Span> objects = new ArrayList<>();
        private final List<Span> arrays = new ArrayList<>();
        private final List<Span> any = new ArrayList<>(); // but for certain objects, beside which it does not count
        private boolean isCertain; // of an array

        void add(Span span, String text, boolean certain) {
            boolean isArray = text.charAt(span.start()) == '[';
            if (isArray) {
                arrays.add(span);
                isCertain |= certain
                        && !text.substring(span.start() + 1, Math.max(span.start() + 1, span.end() - 1))
                                .isBlank();
            } else if (certain) {
                objects.add(span);
            }
            any.add(span);
        }

        List<Span> best() {
            return !objects.isEmpty() ? objects : isCertain ? arrays : any;
        }
    }

    private static boolean hasBracket(String text, int from, int to) {
        return text.substring(from, Math.max(from, to)).chars().anyMatch(c -> c == '{' || c == '[');
    }

    /** Whether braces hold nothing but one more bracket, or square brackets that and some words before it. */
    private static boolean isWrapping(String text, int from, int end) {
        int inner = from + 1;
        while (inner < end && isBeforeWrapped(text.charAt(from), text.charAt(inner))) {
            inner++;
        }
        boolean hasWords = !text.substring(from + 1, inner).isBlank();
        int innerEnd = inner < end && "{[".indexOf(text.charAt(inner)) >= 0 ? otherHalf(text, inner) : -1;
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
