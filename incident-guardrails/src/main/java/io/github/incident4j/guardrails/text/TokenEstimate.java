// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;

/**
 * How many tokens a tokenizer by byte pairs may make of a text, without its vocabulary. Such tokenizers part a text
 * into words, digits by three, signs and white space before they look into the vocabulary; a short Latin word is one
 * token then, a long one a token for each few letters.
 */
final class TokenEstimate {
    private static final int FIRST_LATIN = 7;
    private static final int MORE_LATIN = 4;
    private static final int DIGITS = 3;
    private static final int SIGNS = 3;

    private TokenEstimate() {}

    private enum Kind {
        LATIN,
        ACCENTED,
        LETTER,
        ALONE,
        DIGIT,
        SPACE,
        BREAK,
        SIGN
    }

    /** The estimate; takes linear time. */
    static int of(String text) {
        double tokens = 0;
        int length;
        for (int i = 0; i < text.length(); i += length) {
            Kind kind = kind(text.codePointAt(i));
            length = 0;
            int signs = 0;
            int accents = 0;
            while (i + length < text.length()) {
                int codePoint = text.codePointAt(i + length);
                Kind next = kind(codePoint);
                if (next == Kind.ACCENTED && kind == Kind.LATIN) {
                    accents++;
                } else if (next == Kind.ACCENTED && kind == Kind.ACCENTED) {
                    kind = Kind.LATIN;
                    accents++;
                } else if (next != kind) {
                    break;
                }
                length += Character.charCount(codePoint);
                signs++;
            }
            tokens += tokens(kind, signs, accents);
        }
        return (int) Math.ceil(tokens);
    }

    private static double tokens(Kind kind, int signs, int accents) {
        return switch (kind) {
            case LATIN, ACCENTED ->
                signs <= FIRST_LATIN ? 1 + accents : 1 + (double) (signs - FIRST_LATIN) / MORE_LATIN + accents;
            case LETTER -> 0.5 + signs * 0.5;
            case ALONE -> signs * 1.1;
            case DIGIT -> Math.ceil((double) signs / DIGITS);
            case SPACE -> signs > 1 ? 1 : 0; // a single one goes with the word after it
            case BREAK -> 1;
            case SIGN -> Math.ceil((double) signs / SIGNS);
        };
    }

    private static Kind kind(int codePoint) {
        if (codePoint < 0x80) {
            if (codePoint == '\n' || codePoint == '\r') {
                return Kind.BREAK;
            } else if (Characters.isWhiteSpace(codePoint)) {
                return Kind.SPACE;
            } else if (codePoint >= '0' && codePoint <= '9') {
                return Kind.DIGIT;
            }
            return Character.isLetter(codePoint) ? Kind.LATIN : Kind.SIGN;
        } else if (Characters.isUnspaced(codePoint)) {
            return Kind.ALONE;
        } else if (codePoint < 0x0250 && Character.isLetter(codePoint)) {
            return Kind.ACCENTED;
        } else if (Character.isLetter(codePoint) || Characters.isMark(codePoint)) {
            return Kind.LETTER;
        }
        return Characters.isWhiteSpace(codePoint) ? Kind.SPACE : Kind.SIGN;
    }
}
