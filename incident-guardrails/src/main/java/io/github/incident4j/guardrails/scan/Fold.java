// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * Reads one view and writes another, in which words are as a reader takes them who wants to understand: small letters
 * without accents, look-alikes of other scripts as Latin, digits and signs for letters ({@code 1gn0re}) as these, and
 * letters with a sign or space between each two ({@code i g n o r e}) as one word. Letters that cannot be told apart,
 * {@code l} and {@code i}, are both {@code i}. Between words stands one space, or a full stop where a sentence or line
 * ends. It goes on where the first view goes on, and the result does not depend on the cuts.
 */
final class Fold {
    private static final LookAlikes LOOK_ALIKES = LookAlikes.load();
    private static final int LONGEST = 64;
    private static final int FEWEST_SPACED = 4;
    private static final String BETWEEN = " .-_*|/+,";
    private static final String SIGNS = "01345789@$|!";
    private static final String LETTERS = "oieastbgasii";

    private final View from;
    private final View to;
    private int at; // what lies before it is in the other view, or is between words
    private boolean begun;
    private boolean gap; // between the last word and the next
    private boolean stop; // and there a sentence ends

    Fold(View from, View to) {
        this.from = from;
        this.to = to;
    }

    /** A text in this form, such as a word that is looked for. */
    static String of(String text) {
        View folded = new View(text.length());
        new Fold(View.of(text), folded).advance();
        return folded.slice(0, folded.length());
    }

    /** The index in the first view from which on it is still needed. */
    int at() {
        return at;
    }

    /** Goes on as far as the first view allows. */
    void advance() {
        boolean known = true;
        while (known && at < from.length()) {
            known = isOfWord(at) == Answer.UNDECIDED ? false : isOfWord(at) == Answer.YES ? word() : sign();
        }
        if (from.isComplete()) {
            to.complete();
        }
    }

    private enum Answer {
        YES,
        NO,
        UNDECIDED
    }

    /** Passes over what is of no word; false when what comes next decides what it is. */
    private boolean sign() {
        char c = from.unit(at);
        if (c == '\n') {
            stop = true;
        } else if (".!?;:".indexOf(c) >= 0) {
            if (isToCome(at + 1)) {
                return false;
            }
            stop |= at + 1 == from.length() || Character.isWhitespace(from.unit(at + 1));
        }
        gap = true;
        at++;
        return true;
    }

    /** Takes a word, or letters with something between each two; false when its end is still to come. */
    private boolean word() {
        int end = at;
        boolean letters = false;
        while (end - at < LONGEST) {
            Answer more = isOfWord(end);
            if (more == Answer.UNDECIDED) {
                return false;
            }
            if (more == Answer.NO) {
                break;
            }
            letters |= Character.isLetter(from.unit(end));
            end++;
        }
        int step = 1;
        if (end - at == 1) {
            int spaced = endOfSpaced();
            if (spaced < 0) {
                return false;
            }
            if (spaced > 0) {
                end = spaced;
                step = 2;
                letters = true;
            }
        }
        separate();
        for (int i = at; i < end; i += step) {
            to.append(folded(from.unit(i), letters), from.originalStart(i), from.originalEnd(i));
        }
        at = end;
        return true;
    }

    /** The end of single letters with the same sign between each two, 0 if there are too few, -1 if it is to come. */
    private int endOfSpaced() {
        int last = at;
        int count = 1;
        while (count < LONGEST) {
            if (isToCome(last + 3)) {
                return -1;
            }
            boolean more = last + 2 < from.length()
                    && BETWEEN.indexOf(from.unit(last + 1)) >= 0
                    && from.unit(last + 1) == from.unit(at + 1)
                    && Character.isLetterOrDigit(from.unit(last + 2))
                    && (last + 3 == from.length() || !Character.isLetterOrDigit(from.unit(last + 3)));
            if (!more) {
                break;
            }
            last += 2;
            count++;
        }
        return count < FEWEST_SPACED ? 0 : last + 1;
    }

    private void separate() {
        if (begun && gap) {
            int start = from.originalStart(at);
            to.append(stop ? '.' : ' ', start, start + 1);
        }
        begun = true;
        gap = false;
        stop = false;
    }

    /** Whether a letter or digit stands somewhere, or a sign that stands for a letter. */
    private Answer isOfWord(int index) {
        if (index >= from.length()) {
            return from.isComplete() ? Answer.NO : Answer.UNDECIDED;
        }
        char c = from.unit(index);
        if (Character.isLetterOrDigit(c)) {
            return Answer.YES;
        }
        if (SIGNS.indexOf(c) < 0 || index == 0 || !Character.isLetter(from.unit(index - 1))) {
            return Answer.NO;
        }
        if (isToCome(index + 1)) {
            return Answer.UNDECIDED;
        }
        return index + 1 < from.length() && Character.isLetter(from.unit(index + 1)) ? Answer.YES : Answer.NO;
    }

    private boolean isToCome(int index) {
        return index >= from.length() && !from.isComplete();
    }

    private static char folded(char c, boolean amongLetters) {
        char plain = LOOK_ALIKES.plain(Character.toLowerCase(c));
        int sign = amongLetters ? SIGNS.indexOf(plain) : -1;
        return sign >= 0 ? LETTERS.charAt(sign) : plain == 'l' ? 'i' : plain;
    }
}
