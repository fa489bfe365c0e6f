// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value (RFC 8259) by recursive descent: to say in plain words what is wrong with a text and where, or
 * to write it anew without the usual defects. It goes forward only. For one use by one thread.
 *
 * <p>Whether a text is JSON is decided by Jackson and not here; what was repaired is read by Jackson once more.
 */
final class JsonReader {
    private static final String NOT_JSON = "not-json";
    private static final char NOTHING = '\0';

    private final String text;
    private final int maxDepth;
    private final boolean repairing;
    private final int lastCommentEnd;
    private final StringBuilder out = new StringBuilder();
    private final Map<Repair, Integer> repairs = new EnumMap<>(Repair.class);
    private int at;
    private @Nullable Fault fault;

    JsonReader(String text, int from, int maxDepth, boolean repairing) {
        this(text, from, maxDepth, repairing, lastCommentEnd(text));
    }

    /** For one of many readers of a text: the end of a comment that has none is not looked for by each anew. */
    JsonReader(String text, int from, int maxDepth, boolean repairing, int lastCommentEnd) {
        this.text = text;
        this.maxDepth = maxDepth;
        this.repairing = repairing;
        this.lastCommentEnd = lastCommentEnd;
        at = from;
    }

    /** Where the last end of a comment stands in a text, or -1. */
    static int lastCommentEnd(String text) {
        return text.lastIndexOf("*/");
    }

    /** Reads a value and the white space round it; false when there is a fault. */
    boolean value() {
        if (repairing && charAt(at) == '\uFEFF') {
            at++;
            note(Repair.BYTE_ORDER_MARK);
        }
        return space() && value(1, NOTHING) && space();
    }

    /** Reads the object or array that begins here, and nothing behind it; false when there is a fault. */
    boolean bracket() {
        return value(1, NOTHING);
    }

    /** How what stands behind a bracket is like the begin of JSON. */
    enum Begin {
        NONE,
        /** An object with a key, or a list with a quote, behind which no JSON goes on: {@code {name: A}}. */
        UNREADABLE,
        /** A number or a constant in square brackets: prose has these, too. */
        BARE,
        /** A string in square brackets, or nothing at all in any. */
        VALUE,
        /** An object, or an array of such, with a key without quotes: {@code {name: "A"}}. */
        NAME,
        /** An object, or an array of such, with a key in quotes. */
        KEY
    }

    /** How an object begins here, with its end or a key and a value, or an array, with its end or a value. */
    Begin begin() {
        return begin(1);
    }

    private Begin begin(int depth) {
        char bracket = charAt(at);
        copy();
        if (depth > maxDepth || !space()) {
            return Begin.NONE;
        }
        char c = charAt(at);
        boolean isQuoted = quote(c) != NOTHING;
        if (c == (bracket == '{' ? '}' : ']')) {
            return Begin.VALUE;
        }
        if (bracket == '{') {
            boolean hasKey = (key() && space() && charAt(at) == ':') || isCutShort(c);
            if (hasKey && (isQuoted || isBeforeValue())) {
                return isQuoted ? Begin.KEY : Begin.NAME;
            }
            return hasKey || isQuoted ? Begin.UNREADABLE : Begin.NONE;
        }
        if (c == '{' || c == '[') {
            return begin(depth + 1);
        }
        boolean begins = (value(depth + 1, '[') && space() && (!isQuoted || isEnd() || ",]".indexOf(charAt(at)) >= 0))
                || isCutShort(c);
        if (isQuoted) {
            return begins ? Begin.VALUE : Begin.UNREADABLE;
        }
        return begins ? Begin.BARE : Begin.NONE;
    }

    /** Whether the text ends before one knows; an apostrophe without another one is none of JSON. */
    private boolean isCutShort(char first) {
        return isCutOff() && (first == '"' || quote(first) == NOTHING);
    }

    /** Whether a value begins behind the colon here, or could if the text went on. */
    private boolean isBeforeValue() {
        copy();
        if (!space()) {
            return false;
        }
        char c = charAt(at);
        return c == '{' || c == '[' || c == '-' || Ascii.isDigit(c) || quote(c) != NOTHING || constant() || isCutOff();
    }

    /** Whether nothing but letters is left, such as those of a constant. */
    boolean isCutOff() {
        int end = at;
        while (isNameStart(charAt(end))) {
            end++;
        }
        return end >= text.length();
    }

    /** The index after what was read. */
    int end() {
        return at;
    }

    /** What was read, without its defects. */
    String written() {
        return out.toString();
    }

    Map<Repair, Integer> repairs() {
        return repairs;
    }

    @Nullable
    Fault fault() {
        return fault;
    }

    private boolean value(int depth, char parent) {
        char c = charAt(at);
        if (c == '{' || c == '[') {
            if (depth > maxDepth) {
                return fail("too-deep", "the JSON is nested deeper than " + maxDepth + " levels", at);
            }
            return c == '{' ? object(depth) : array(depth, parent);
        }
        if (quote(c) != NOTHING) {
            return string();
        }
        return (c == '-' || Ascii.isDigit(c)) ? number() : constant();
    }

    private boolean object(int depth) {
        copy();
        int comma = -1;
        while (true) {
            if (!space()) {
                return false;
            }
            char c = charAt(at);
            if (c == '}' && (comma < 0 || repairing)) {
                drop(comma);
                copy();
                return true;
            }
            if (isEnd() && repairing) {
                drop(comma);
                return close('}');
            }
            if (!key() || !space()) {
                return false;
            }
            if (charAt(at) != ':') {
                return fail("a colon was expected after the key");
            }
            copy();
            if (!space() || !value(depth + 1, '{') || !space()) {
                return false;
            }
            c = charAt(at);
            if (c == ',') {
                comma = out.length();
                copy();
            } else if (c == '}') {
                copy();
                return true;
            } else {
                return (isEnd() && repairing) ? close('}') : fail("a comma or a closing brace was expected");
            }
        }
    }

    private boolean array(int depth, char parent) {
        copy();
        int comma = -1;
        while (true) {
            if (!space()) {
                return false;
            }
            char c = charAt(at);
            if (c == ']' && (comma < 0 || repairing)) {
                drop(comma);
                copy();
                return true;
            }
            if (repairing && isOver(c, parent)) {
                drop(comma);
                return close(']');
            }
            if (!value(depth + 1, '[') || !space()) {
                return false;
            }
            c = charAt(at);
            if (c == ',') {
                comma = out.length();
                copy();
            } else if (c == ']') {
                copy();
                return true;
            } else {
                return (repairing && isOver(c, parent))
                        ? close(']')
                        : fail("a comma or a closing square bracket was expected");
            }
        }
    }

    /** Whether an array must be over, because the text is, or the object round it. */
    private boolean isOver(char c, char parent) {
        return isEnd() || (c == '}' && parent == '{');
    }

    private boolean close(char bracket) {
        out.append(bracket);
        note(Repair.MISSING_BRACKET);
        return true;
    }

    /** Takes a comma back after which nothing came. */
    private void drop(int comma) {
        if (comma >= 0) {
            out.deleteCharAt(comma);
            note(Repair.TRAILING_COMMA);
        }
    }

    private boolean key() {
        if (quote(charAt(at)) != NOTHING) {
            return string();
        }
        if (!repairing || !isNameStart(charAt(at))) {
            return fail("a key in double quotes was expected");
        }
        out.append('"');
        while (isNameStart(charAt(at)) || Ascii.isDigit(charAt(at)) || charAt(at) == '-') {
            copy();
        }
        out.append('"');
        note(Repair.UNQUOTED_KEY);
        return true;
    }

    /** The kind of quotes that a character opens: plain, single or typographic; or nothing. */
    private char quote(char c) {
        if (c == '"') {
            return '"';
        }
        if (!repairing) {
            return NOTHING;
        }
        return switch (c) {
            case '\'' -> '\'';
            case '\u201C', '\u201D', '\u201E' -> '\u201D';
            case '\u2018', '\u2019', '\u201A' -> '\u2019';
            default -> NOTHING;
        };
    }

    private boolean string() {
        int start = at;
        char quote = quote(charAt(at));
        at++;
        out.append('"');
        if (quote != '"') {
            note(quote == '\'' ? Repair.SINGLE_QUOTES : Repair.TYPOGRAPHIC_QUOTES);
        }
        while (!closes(quote)) {
            char c = charAt(at);
            if (isEnd()) {
                return fail(NOT_JSON, "the string that begins here has no end", start);
            }
            if (c == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (c < ' ') {
                int letter = "\n\r\t".indexOf(c);
                if (!repairing || letter < 0) {
                    return fail("a control character stands in a string without an escape");
                }
                out.append('\\').append("nrt".charAt(letter));
                note(Repair.BARE_CONTROL);
                at++;
            } else if (c == '"') {
                out.append("\\\"");
                at++;
            } else {
                copy();
            }
        }
        at++;
        out.append('"');
        return true;
    }

    /** Whether a string ends here. An apostrophe ends one only where a sign follows that may follow a string. */
    private boolean closes(char quote) {
        char c = charAt(at);
        if (quote == '"' || isEnd()) {
            return c == quote && !isEnd();
        }
        if (quote == '\u201D') {
            return c == '\u201D' || c == '\u201C';
        }
        if (c != quote) {
            return false;
        }
        int next = at + 1;
        while (isSpace(charAt(next))) {
            next++;
        }
        return next >= text.length() || ",:}]".indexOf(charAt(next)) >= 0;
    }

    private boolean escape() {
        char c = charAt(at + 1);
        if (c == 'u') {
            for (int i = 2; i < 6; i++) {
                if (Character.digit(charAt(at + i), 16) < 0 || charAt(at + i) >= 0x80) {
                    return fail("an escape needs four hexadecimal digits");
                }
            }
        } else if (repairing && c == '\'') {
            at += 2;
            out.append('\'');
            return true;
        } else if ("\"\\/bfnrt".indexOf(c) < 0) {
            return fail("a backslash stands before a character that has no escape");
        }
        copy();
        copy();
        return true;
    }

    private boolean number() {
        int start = at;
        if (charAt(at) == '-') {
            copy();
        }
        boolean zero = charAt(at) == '0';
        if (!digits()) {
            return fail("a digit was expected");
        }
        if (zero && Ascii.isDigit(charAt(at - 1)) && at - start > (text.charAt(start) == '-' ? 2 : 1)) {
            return fail(NOT_JSON, "a number begins with a needless zero", start);
        }
        if (charAt(at) == '.') {
            copy();
            if (!digits()) {
                return fail("a digit was expected after the decimal point");
            }
        }
        if (charAt(at) == 'e' || charAt(at) == 'E') {
            copy();
            if (charAt(at) == '+' || charAt(at) == '-') {
                copy();
            }
            if (!digits()) {
                return fail("a digit was expected in the exponent");
            }
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (Ascii.isDigit(charAt(at))) {
            copy();
        }
        return at > start;
    }

    private boolean constant() {
        return isWord("true", "true")
                || isWord("false", "false")
                || isWord("null", "null")
                || (repairing
                        && (isWord("True", "true") || isWord("False", "false") || isWord("None", "null"))
                        && note(Repair.PYTHON_CONSTANT))
                || fail(isEnd() ? "the text ends where a value was expected" : "a value was expected");
    }

    private boolean isWord(String word, String written) {
        int end = at + word.length();
        if (!text.startsWith(word, at) || isNameStart(charAt(end)) || Ascii.isDigit(charAt(end))) {
            return false;
        }
        at = end;
        out.append(written);
        return true;
    }

    /** Reads white space, and comments when these are repaired. */
    private boolean space() {
        while (true) {
            char c = charAt(at);
            if (isSpace(c) && !isEnd()) {
                copy();
            } else if (repairing && c == '/' && charAt(at + 1) == '/') {
                while (!isEnd() && charAt(at) != '\n' && charAt(at) != '\r') {
                    at++;
                }
                note(Repair.COMMENT);
            } else if (repairing && c == '/' && charAt(at + 1) == '*') {
                int end = at + 2 > lastCommentEnd ? -1 : text.indexOf("*/", at + 2);
                if (end < 0) {
                    return fail("the comment that begins here has no end");
                }
                at = end + 2;
                note(Repair.COMMENT);
            } else {
                return true;
            }
        }
    }

    private boolean note(Repair repair) {
        repairs.merge(repair, 1, Integer::sum);
        return true;
    }

    private boolean fail(String why) {
        return fail(NOT_JSON, why, at);
    }

    private boolean fail(String category, String why, int where) {
        fault = new Fault(category, why, where);
        return false;
    }

    private void copy() {
        out.append(charAt(at));
        at++;
    }

    private boolean isEnd() {
        return at >= text.length();
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : NOTHING;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    }
}
