// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import java.text.Normalizer;

/**
 * Texts as a reader sees them: without what does not show, in compatibility form, in one case, with plain spaces,
 * apostrophes and hyphens. Case folding is by code point, with ß as ss; NFKC comes before it, so that everything that
 * counts as the same text is folded the same, and after it, because small letters compose where capitals do not.
 */
final class NormalForm {
    /** As in Unicode's stream-safe format. The normaliser sorts a run of marks in quadratic time. */
    private static final int MOST_MARKS = 30;

    private NormalForm() {}

    /** The normal form from an index on; runs of white space keep their length. Takes linear time. */
    static String of(CharSequence text, int from) {
        return Normalizer.normalize(
                fold(Normalizer.normalize(visible(text, from), Normalizer.Form.NFKC)), Normalizer.Form.NFKC);
    }

    private static CharSequence visible(CharSequence text, int from) {
        StringBuilder visible = new StringBuilder(text.length() - from);
        int marks = 0;
        int codePoint;
        for (int i = from; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = Character.codePointAt(text, i);
            if (isInvisible(codePoint)) {
                continue;
            }
            marks = isMark(codePoint) || isHalfWidthMark(codePoint) ? marks + 1 : 0;
            if (marks <= MOST_MARKS) {
                visible.appendCodePoint(codePoint);
            }
        }
        return visible;
    }

    private static CharSequence fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            int single = fold(codePoint);
            if (single == 'ß') {
                folded.append("ss");
            } else {
                folded.appendCodePoint(single);
            }
        }
        return folded;
    }

    /** One code point in one case; ß stays, for what it stands for is two. */
    static int fold(int codePoint) {
        if (isWhiteSpace(codePoint)) {
            return ' ';
        }
        if (codePoint < 0x80) {
            return Character.toLowerCase(codePoint);
        }
        return switch (codePoint) {
            case 0x2018, 0x2019, 0x201B -> '\'';
            case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212 -> '-';
            default -> Character.toLowerCase(Character.toUpperCase(codePoint));
        };
    }

    static boolean isWhiteSpace(int codePoint) {
        return Characters.isWhiteSpace(codePoint);
    }

    static boolean isInvisible(int codePoint) {
        return Characters.isInvisible(codePoint);
    }

    /** Whether a word goes on, or begins, with a code point; a mark goes with what it stands on. */
    static boolean isWord(boolean before, int codePoint) {
        if (isMark(codePoint)) {
            return before;
        }
        return Character.isLetterOrDigit(codePoint) && !Characters.isUnspaced(codePoint);
    }

    static boolean isMark(int codePoint) {
        return Characters.isMark(codePoint);
    }

    /** The half-width sound marks are letters that become marks in the compatibility form. */
    private static boolean isHalfWidthMark(int codePoint) {
        return codePoint == 0xFF9E || codePoint == 0xFF9F;
    }

    static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
