// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.internal.Characters;
import java.util.Locale;

/**
 * What follows a value of which a rule reads the beginning only, character by character in constant memory: the rest of
 * a token, or of a key up to its last line.
 */
abstract sealed class Rest {
    private static final String IN_TOKEN = "+/-_=";

    private Rest() {}

    /** Of a token of 10,000 characters: all without a gap, with what stands between the parts of a JWT. */
    static Rest ofToken() {
        return new OfToken();
    }

    /** Of a key: its lines and what stands between them, up to the line that begins so, in small letters. */
    static Rest ofKey(String lastLine) {
        return new OfKey(lastLine);
    }

    /** Of a value: all up to white space, a control or one of some signs. */
    static Rest ofValue(String ends) {
        return new OfValue(ends);
    }

    static boolean isOfToken(int c) {
        return c < 0x80 && (Ascii.isWord((char) c) || IN_TOKEN.indexOf(c) >= 0);
    }

    /** Takes the next code point; whether it still belongs to the value. None does behind one that does not. */
    final boolean takes(int codePoint) {
        boolean isHidden = Characters.isInvisible(codePoint) || Characters.isMark(codePoint);
        int plain = plain(codePoint);
        boolean takes = isHidden || goesOn(plain);
        if (isHidden || plain != codePoint) {
            forgetLast();
        }
        return takes;
    }

    /** A full-width, mathematical or circled letter, digit or sign as the view shows it; any other character itself. */
    static int plain(int codePoint) {
        boolean isOther = View.isOfAlphabet(codePoint) || isCircled(codePoint) || Character.isDigit(codePoint);
        if (codePoint < 0x80 || !isOther) {
            return codePoint;
        }
        String form = View.normalForm(Character.toString(codePoint));
        return form.length() == 1 ? form.charAt(0) : codePoint;
    }

    private static boolean isCircled(int c) {
        return c >= 0x2460 && c <= 0x24FF;
    }

    abstract boolean goesOn(int c);

    /** The last character is none to give back. */
    void forgetLast() {}

    /** The last character taken, when the one after it, which was not, has shown that it is none of the value; or 0. */
    char givenBack() {
        return 0;
    }

    private static final class OfValue extends Rest {
        private final String ends;
        private char last;
        private char givenBack;

        OfValue(String ends) {
            this.ends = ends;
        }

        @Override
        boolean goesOn(int c) {
            boolean isEnd = c >= 0x80 || Character.isWhitespace(c) || Character.isISOControl(c) || ends.indexOf(c) >= 0;
            boolean isEscape = last == '\\' && (isEnd ? c > ' ' : Unescape.SPACES.indexOf(c) >= 0);
            boolean isOfSentence = last > 0 && ".:!?".indexOf(last) >= 0;
            givenBack = isEscape || (isEnd && isOfSentence) ? last : 0;
            last = Character.isBmpCodePoint(c) ? (char) c : 0;
            return !isEnd && !isEscape;
        }

        @Override
        void forgetLast() {
            last = 0;
        }

        @Override
        char givenBack() {
            return givenBack;
        }
    }

    private static final class OfToken extends Rest {
        private static final String BETWEEN = ".%\\\r\n"; // parts of a JWT, lines of a key

        private boolean begun;

        @Override
        boolean goesOn(int c) {
            boolean of = isOfToken(c);
            begun |= of;
            return of || (begun && BETWEEN.indexOf(c) >= 0);
        }
    }

    private static final class OfKey extends Rest {
        private static final int LINE = 16; // characters in a row that only a line of a key has
        private static final int MOST_IDLE = 64; // characters without such a line, the last one and what is between
        private static final int LONGEST_LABEL = 80;
        private static final int MOST_DASHES = 10;

        private final String lastLine;
        private final StringBuilder recent = new StringBuilder();
        private int run;
        private int idle;
        private boolean isLast;
        private int label;
        private int dashes;

        OfKey(String lastLine) {
            this.lastLine = lastLine;
        }

        @Override
        boolean goesOn(int c) {
            return isLast ? isOfLastLine(c) : isOfKey(c);
        }

        private boolean isOfKey(int c) {
            recent.appendCodePoint(c);
            if (recent.length() > lastLine.length()) {
                recent.delete(0, recent.length() - lastLine.length());
            }
            isLast = recent.toString().toLowerCase(Locale.ROOT).equals(lastLine);
            run = isOfToken(c) ? run + 1 : 0;
            idle = run >= LINE ? 0 : idle + 1;
            return isLast || idle <= MOST_IDLE;
        }

        /** {@code RSA PRIVATE KEY-----}, or the code of PuTTY. */
        private boolean isOfLastLine(int c) {
            if (c == '-') {
                return dashes++ < MOST_DASHES;
            }
            return dashes == 0 && label++ < LONGEST_LABEL && c < 0x80 && (c == ' ' || Ascii.isWord((char) c));
        }
    }
}
