// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one view and opens another layer where escapes stand in it: percent signs (RFC 3986, and {@code %u} of
 * browsers), the character references of HTML, the backslashes of JSON, programs, style sheets and Markdown, and
 * quoted-printable (RFC 2045). The layer begins shortly before the first escape and ends a while after the last, no
 * earlier than the word. It goes on where the view goes on.
 */
final class Unescape {
    static final int BEFORE = 384; // that a value with an escape and its context begin before that
    private static final int AFTER = 512;
    private static final int AFTER_IN_WORD = 4_096; // of a token, and what else has no gap in it
    private static final int LONGEST_NAME = 14;
    private static final int MOST_DIGITS = 10;
    private static final int AT_ONCE = 4_096; // characters that a layer takes before it is read
    private static final int SHORTEST_LINE = 60; // of quoted-printable that is broken where it is full
    private static final int LONGEST_LINE = 75; // without the sign at its end (RFC 2045, section 6.7)
    private static final int LONGEST_PATH = 128; // of Windows, before a backslash in it
    private static final int LONGEST_COMPUTER = 66; // its name (RFC 1035, section 2.3.4) and what stands before it
    private static final String WITHOUT_REST = "AEIMQUYcgkosw048"; // of base64 of which the last two bits are not set
    private static final String SIGNS = "%&\\=";
    /** The letters behind a backslash of JSON that stand for white space. */
    static final String SPACES = "nrtf";

    private static final Map<String, Integer> NAMES = Map.ofEntries(
            Map.entry("amp", (int) '&'),
            Map.entry("lt", (int) '<'),
            Map.entry("gt", (int) '>'),
            Map.entry("quot", (int) '"'),
            Map.entry("apos", (int) '\''),
            Map.entry("nbsp", 0xA0),
            Map.entry("commat", (int) '@'),
            Map.entry("period", (int) '.'),
            Map.entry("colon", (int) ':'),
            Map.entry("sol", (int) '/'),
            Map.entry("lpar", (int) '('),
            Map.entry("rpar", (int) ')'),
            Map.entry("num", (int) '#'),
            Map.entry("equals", (int) '='),
            Map.entry("bsol", (int) '\\'),
            Map.entry("comma", (int) ','),
            Map.entry("quest", (int) '?'),
            Map.entry("percnt", (int) '%'),
            Map.entry("semi", (int) ';'),
            Map.entry("excl", (int) '!'),
            Map.entry("lsqb", (int) '['),
            Map.entry("rsqb", (int) ']'),
            Map.entry("lbrack", (int) '['),
            Map.entry("rbrack", (int) ']'),
            Map.entry("lcub", (int) '{'),
            Map.entry("rcub", (int) '}'),
            Map.entry("lbrace", (int) '{'),
            Map.entry("rbrace", (int) '}'),
            Map.entry("dollar", (int) '$'),
            Map.entry("lowbar", (int) '_'),
            Map.entry("plus", (int) '+'),
            Map.entry("grave", (int) '`'),
            Map.entry("shy", 0xAD),
            Map.entry("zwnj", 0x200C),
            Map.entry("zwj", 0x200D),
            Map.entry("ZeroWidthSpace", 0x200B),
            Map.entry("NoBreak", 0x2060),
            Map.entry("lrm", 0x200E),
            Map.entry("rlm", 0x200F),
            Map.entry("ndash", 0x2013),
            Map.entry("mdash", 0x2014),
            Map.entry("hyphen", 0x2010),
            Map.entry("dash", 0x2010),
            Map.entry("minus", 0x2212),
            Map.entry("ensp", 0x2002),
            Map.entry("emsp", 0x2003),
            Map.entry("thinsp", 0x2009),
            Map.entry("hairsp", 0x200A),
            Map.entry("verbar", (int) '|'),
            Map.entry("vert", (int) '|'),
            Map.entry("ast", (int) '*'),
            Map.entry("Hat", (int) '^'),
            Map.entry("Tab", (int) '\t'),
            Map.entry("NewLine", (int) '\n'));

    private final View from;
    private final Layer.Opener opener;
    private @Nullable Layer layer;
    private int at;
    private int lastEscape; // or sign that may have become one
    private int lastByte; // the end of the last escape of quoted-printable
    private int share = -1; // the last two backslashes before the name of a computer

    // what the last look at an escape gave
    private int value;
    private int end;

    Unescape(View from, Layer.Opener opener) {
        this.from = from;
        this.opener = opener;
    }

    /** The index in the view from which on it is still needed. */
    int needs() {
        return at - BEFORE;
    }

    /** The offset in the text from which on something may still be found. */
    int openFrom(int appended) {
        int open = at < from.length() ? from.originalStart(at) : from.openFrom(appended);
        if (layer != null) {
            return layer.openFrom(open);
        }
        // a sign that may become an escape: the layer would begin so far before it
        return at < from.length() ? from.originalStart(Math.max(0, at - BEFORE)) : open;
    }

    void advance() {
        for (int taken = 1; at < from.length(); taken++) {
            if (taken % AT_ONCE == 0 && layer != null) {
                layer.advance();
            }
            char c = from.unit(at);
            if (SIGNS.indexOf(c) >= 0) {
                int read = read(at);
                if (read == UNDECIDED) {
                    break;
                }
                if (read == ESCAPE) {
                    boolean inWord = Ascii.isWord(from.unit(end - 1));
                    opened().escape(value, isCertain(at), inWord, from.originalStart(at), from.originalEnd(end - 1));
                    lastEscape = at;
                    at = end;
                    continue;
                }
            }
            if (layer != null) {
                layer.append(c, from.isForm(at), from.originalStart(at), from.originalEnd(at));
                int after = at - lastEscape;
                if (after > AFTER_IN_WORD || (after > AFTER && Character.isWhitespace(c))) {
                    close(layer);
                }
            }
            at++;
        }
        if (layer != null) {
            if (from.isComplete()) {
                close(layer);
            } else {
                layer.advance();
            }
        }
    }

    /**
     * Whether nothing but an escape can stand at an index. Two digits of {@code =XX} may as well begin a value behind
     * its name, unless it is one that a writer of quoted-printable has to write, follows another one in a line, or
     * stands in an encoded-word of a header (RFC 2047).
     */
    private boolean isCertain(int index) {
        boolean isByte = from.unit(index) == '=' && end == index + 3 && value >= 0;
        boolean isBehindName = index > 0 && Ascii.isWord(from.unit(index - 1));
        boolean isCertain = !isByte
                || "=\n\r\t".indexOf(value) >= 0
                || (value >= 0x80 && !isBehindName && !isOfOperator(index))
                || followsByte(index)
                || isInEncodedWord(index);
        lastByte = isByte || from.unit(index) == '=' ? end : lastByte;
        return isCertain;
    }

    /** As in {@code id==94}; not {@code >=94}, which has a quotation mark behind a tag of HTML. */
    private boolean isOfOperator(int index) {
        return index > 0 && "=!<+-".indexOf(from.unit(index - 1)) >= 0;
    }

    private boolean followsByte(int index) {
        if (lastByte == 0 || index - lastByte > LONGEST_LINE) {
            return false;
        }
        int at = lastByte;
        while (at < index && (Ascii.isWord(from.unit(at)) || from.unit(at) >= 0x80)) {
            at++;
        }
        return at == index;
    }

    /** Behind {@code =?UTF-8?Q?}, which is followed by no blank. */
    private boolean isInEncodedWord(int index) {
        for (int at = index - 1; at >= 2 && index - at <= LONGEST_LINE; at--) {
            char c = from.unit(at);
            if (Character.isWhitespace(c)) {
                return false;
            }
            if (c == '?' && (from.unit(at - 1) | 0x20) == 'q' && from.unit(at - 2) == '?') {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a backslash is of a path of Windows: {@code C:\} stands before it or two backslashes and the name of a
     * computer, in the same word. Where {@code C:\\} does, the path is itself in a string with escapes.
     */
    private boolean isInPath(int index) {
        for (int at = index; at >= 0 && index - at < LONGEST_PATH && !endsPath(from.unit(at)); at--) {
            if (from.unit(at) == '\\' && (at == share || (isBehindDrive(at) && unit(at + 1) != '\\'))) {
                return true;
            }
        }
        return false;
    }

    private boolean isBehindDrive(int index) {
        return index >= 2
                && from.unit(index - 1) == ':'
                && Ascii.isLetter(from.unit(index - 2))
                && (index == 2 || !Ascii.isWord(from.unit(index - 3)));
    }

    private static boolean endsPath(char c) {
        return Character.isWhitespace(c) || "\"'`<>|,;".indexOf(c) >= 0;
    }

    /** Two backslashes: one of them in a string, or both before the name of a computer, with one behind it. */
    private int readPair(int index) {
        int to = index + 2;
        while (to - index < LONGEST_COMPUTER && (Ascii.isWord(unit(to)) || "-_.".indexOf(unit(to)) >= 0)) {
            to++;
        }
        boolean isOfText = index > 0 && (Ascii.isWord(from.unit(index - 1)) || from.unit(index - 1) == '\\');
        if (!isOfText && (isToCome(to) || (unit(to) == '\\' && isToCome(to + 1)))) {
            return UNDECIDED;
        }
        if (!isOfText && to > index + 2 && unit(to) == '\\' && Ascii.isWord(unit(to + 1))) {
            share = index;
            return NO_ESCAPE;
        }
        return read('\\', index + 2);
    }

    private Layer opened() {
        Layer open = layer;
        if (open == null) {
            open = opener.open();
            for (int i = Math.max(0, at - BEFORE); i < at; i++) {
                open.append(from.unit(i), from.isForm(i), from.originalStart(i), from.originalEnd(i));
            }
            layer = open;
            lastEscape = at;
        }
        return open;
    }

    private void close(Layer open) {
        open.complete();
        layer = null;
    }

    private static final int NO_ESCAPE = 0;
    private static final int ESCAPE = 1;
    private static final int UNDECIDED = 2;

    /** Looks whether an escape stands at an index, which gives its value, -1 for nothing, and its end. */
    private int read(int index) {
        char c = from.unit(index);
        if (c == '&') {
            return readReference(index);
        }
        if (c == '=') {
            int behind = unit(index + 1) == '\r' ? index + 2 : index + 1;
            if (isToCome(behind)) {
                return UNDECIDED;
            }
            if (unit(behind) == '\n') {
                if (isPadding(index)) {
                    return NO_ESCAPE;
                }
                value = -1;
                end = behind + 1;
                return ESCAPE;
            }
        }
        if (c == '%' && unit(index + 1) == 'u') {
            return readCode(index);
        }
        if (c == '\\') {
            if (isToCome(index + 1)) {
                return UNDECIDED;
            }
            char kind = unit(index + 1);
            if (kind == '\\') {
                return readPair(index);
            }
            if (Ascii.isWord(kind) && isInPath(index)) {
                return NO_ESCAPE;
            }
            if ((kind == 'u' || kind == 'x') && unit(index + 2) == '{') {
                return readBraces(index);
            }
            if (kind == 'u') {
                return readCode(index);
            }
            if (kind == 'U') {
                return read(hex(index + 2, 8), index + 10);
            }
            if (Ascii.isDigit(kind)) {
                return readStyle(index);
            }
            boolean space = SPACES.indexOf(kind) >= 0;
            if (space || (kind > ' ' && kind < 0x7F && !Ascii.isWord(kind))) {
                value = space ? '\n' : kind;
                end = index + 2;
                return ESCAPE;
            }
        }
        return readBytes(index);
    }

    /**
     * Whether a sign of equality at the end of a line is the padding of base64 and does not join the line with the
     * next: signs stand before it that lack one to whole groups of bytes and have no bits left over, in a line that no
     * writer of quoted-printable would have broken there.
     */
    private boolean isPadding(int index) {
        if (index > 0 && from.unit(index - 1) == '=') {
            return true; // quoted-printable has =3D for the first of two
        }
        int start = rowBefore(index);
        int signs = index - start;
        boolean isWhole = signs % 4 == 3 || signs == BEFORE - 1; // of more than that the first are forgotten
        if (signs < Decoders.FEWEST || !isWhole || WITHOUT_REST.indexOf(from.unit(index - 1)) < 0) {
            return false;
        }
        int line = start;
        while (line > 0 && index - line <= LONGEST_LINE && from.unit(line - 1) != '\n') {
            line--;
        }
        return index - line < SHORTEST_LINE || index - line > LONGEST_LINE;
    }

    /** Where the signs of base64 begin that stand before an index. */
    private int rowBefore(int index) {
        int start = index;
        while (start > 0 && index - start < BEFORE - 1) {
            char c = from.unit(start - 1);
            if (!Ascii.isWord(c) && !Decoder.isSign(c)) {
                break;
            }
            start--;
        }
        return start;
    }

    /** A code point that was read, and where its escape ends. */
    private int read(int code, int end) {
        if (code < 0 || code > Character.MAX_CODE_POINT) {
            return code == UNKNOWN ? UNDECIDED : NO_ESCAPE;
        }
        this.value = code;
        this.end = end;
        return ESCAPE;
    }

    /** A character of a style sheet (CSS Syntax, section 4.3.7), as two digits and a space or as six; else a byte. */
    private int readStyle(int index) {
        int six = hex(index + 1, 6);
        if (six == UNKNOWN) {
            return UNDECIDED;
        }
        if (six >= ' ' && six < 0x7F) {
            return read(six, index + 7);
        }
        int two = hex(index + 1, 2);
        if (two >= ' ' && isToCome(index + 3)) {
            return UNDECIDED;
        }
        return two >= ' ' && two < 0x7F && unit(index + 3) == ' ' ? read(two, index + 4) : readBytes(index);
    }

    /** A character reference of HTML. */
    private int readReference(int index) {
        if (unit(index + 1) == '#') {
            return readNumber(index);
        }
        int semicolon = index + 1;
        while (semicolon - index <= LONGEST_NAME + 1 && Ascii.isWord(unit(semicolon))) {
            semicolon++;
        }
        if (isToCome(semicolon)) {
            return UNDECIDED;
        }
        Integer known = unit(semicolon) == ';' ? NAMES.get(from.slice(index + 1, semicolon)) : null;
        if (known == null) {
            return NO_ESCAPE;
        }
        value = known;
        end = semicolon + 1;
        return ESCAPE;
    }

    /** A numeric one, of which the semicolon may be missing, as browsers have it. */
    private int readNumber(int index) {
        boolean hex = (unit(index + 2) | 0x20) == 'x';
        int first = index + (hex ? 3 : 2);
        int at = first;
        int code = 0;
        int digit = Character.digit(unit(at), hex ? 16 : 10);
        while (digit >= 0 && at - first < MOST_DIGITS) {
            code = Math.min(code * (hex ? 16 : 10) + digit, Character.MAX_CODE_POINT + 1);
            at++;
            digit = Character.digit(unit(at), hex ? 16 : 10);
        }
        if (isToCome(at)) {
            return UNDECIDED;
        }
        if (at == first || code > Character.MAX_CODE_POINT) {
            return NO_ESCAPE;
        }
        value = code;
        end = unit(at) == ';' ? at + 1 : at;
        return ESCAPE;
    }

    /** A code point in braces, as in JavaScript, Rust and Perl. */
    private int readBraces(int index) {
        int to = index + 3;
        int code = 0;
        for (int digit = Character.digit(unit(to), 16); digit >= 0 && to - index < 3 + MOST_DIGITS; to++) {
            code = Math.min(code * 16 + digit, Character.MAX_CODE_POINT + 1);
            digit = Character.digit(unit(to + 1), 16);
        }
        if (isToCome(to)) {
            return UNDECIDED;
        }
        return to > index + 3 && unit(to) == '}' ? read(code, to + 1) : NO_ESCAPE;
    }

    /** A sign, u and four digits, or a pair of these for a character beyond the basic plane. */
    private int readCode(int index) {
        int first = hex(index + 2, 4);
        if (first == UNKNOWN) {
            return UNDECIDED;
        }
        if (first < 0) {
            return NO_ESCAPE;
        }
        value = first;
        end = index + 6;
        if (Character.isHighSurrogate((char) first)) {
            if (isToCome(end + 1)) {
                return UNDECIDED;
            }
            int second = unit(end) == unit(index) && unit(end + 1) == 'u' ? hex(end + 2, 4) : -1;
            if (second == UNKNOWN) {
                return UNDECIDED;
            }
            if (second >= 0 && Character.isLowSurrogate((char) second)) {
                value = Character.toCodePoint((char) first, (char) second);
                end += 6;
            }
        }
        return ESCAPE;
    }

    /** Bytes of UTF-8, each with a sign before it; a byte that is none of these is a character of its own. */
    private int readBytes(int index) {
        int prefix = from.unit(index) == '\\' ? 2 : 1;
        int first = readByte(index);
        if (first < 0) {
            return first == UNKNOWN ? UNDECIDED : NO_ESCAPE;
        }
        if (first < ' ' && hasNoControls(index) && "\n\r\t".indexOf(first) < 0) {
            return NO_ESCAPE;
        }
        int size = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
        byte[] bytes = new byte[size];
        bytes[0] = (byte) first;
        value = first;
        end = index + prefix + 2;
        for (int i = 1; i < size; i++) {
            int next = readByte(index + i * (prefix + 2));
            if (next == UNKNOWN) {
                return UNDECIDED;
            }
            if (next < 0x80 || next >= 0xC0) {
                return isNoByte(index) ? NO_ESCAPE : ESCAPE;
            }
            bytes[i] = (byte) next;
        }
        if (size == 1 && isNoByte(index)) {
            return NO_ESCAPE;
        }
        value = new String(bytes, StandardCharsets.UTF_8).codePointAt(0);
        end = index + size * (prefix + 2);
        return ESCAPE;
    }

    /** Of quoted-printable and octal, whose writers have little use for bytes that do not show: {@code key=04}. */
    private boolean hasNoControls(int index) {
        return unit(index) == '=' || isOctal(index);
    }

    private boolean isOctal(int index) {
        return unit(index) == '\\' && unit(index + 1) != 'x';
    }

    /**
     * Whether a single byte is none after all: of quoted-printable one that follows a name, as in {@code user=admin}
     * (its writers have capitals, and those bytes have no sign that shows), in octal one that is no UTF-8, as in
     * {@code tools\2024}.
     */
    private boolean isNoByte(int index) {
        boolean isHidden = (value >= 0x80 && value < 0xA0) || value == 0xAD;
        boolean isSmall = Ascii.isSmall(unit(index + 1)) && Ascii.isSmall(unit(index + 2));
        boolean isBehindName = index > 0 && Ascii.isWord(unit(index - 1));
        return (unit(index) == '=' && (isSmall || (isHidden && isBehindName))) || (isOctal(index) && value >= 0x80);
    }

    private static final int NO_BYTE = -1;
    private static final int UNKNOWN = -2;

    private int readByte(int index) {
        if (isToCome(index + 1)) {
            return UNKNOWN;
        }
        char sign = unit(index);
        return switch (sign) {
            case '%' -> hex(index + 1, 2);
            case '=' -> isOfTwoCases(index + 1) ? NO_BYTE : hex(index + 1, 2);
            case '\\' -> isOctal(index) ? octal(index + 1) : hex(index + 2, 2);
            default -> NO_BYTE;
        };
    }

    private int octal(int index) {
        int code = digits(index, 3, 8);
        return code > 0xFF ? NO_BYTE : code;
    }

    /** No writer of quoted-printable does that: it is what follows a name, as in {@code key=Ab}. */
    private boolean isOfTwoCases(int index) {
        char first = unit(index);
        char second = unit(index + 1);
        return Ascii.isLetter(first) && Ascii.isLetter(second) && Ascii.isSmall(first) != Ascii.isSmall(second);
    }

    private int hex(int index, int digits) {
        return digits(index, digits, 16);
    }

    private int digits(int index, int digits, int radix) {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            if (isToCome(index + i)) {
                return UNKNOWN;
            }
            int digit = Character.digit(unit(index + i), radix);
            if (digit < 0) {
                return NO_BYTE;
            }
            code = Math.min(code * radix + digit, Character.MAX_CODE_POINT + 1);
        }
        return code;
    }

    private boolean isToCome(int index) {
        return index >= from.length() && !from.isComplete();
    }

    private char unit(int index) {
        return index < from.length() ? from.unit(index) : '\0';
    }
}
