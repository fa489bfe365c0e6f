// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/**
 * Reads one view and writes another, in which words are as a reader takes them who wants to understand: small letters
 * without accents, look-alikes of other scripts as Latin, digits and signs for letters ({@code 1gn0re}) as these, and
 * letters with a sign or space between each two ({@code i g n o r e}) as one word. Letters that cannot be told apart,
 * {@code l} and {@code i}, are both {@code i}. Between words stands one space, or a full stop where a sentence or line
 * ends. It goes on where the first view goes on, and the result does not depend on the cuts.
 *
 * <p>A sign at the end of a word may be a letter of it or not ({@code rule$}, {@code 1gn0r3!}): it is there as a letter
 * in {@linkplain View#disguise disguise}. So is what stands between words where quotation marks do: by 1 where some
 * begin, by 2 where some end; and, by 4 more, a full stop where nothing but a line ends. A first letter is where a sign
 * stands before it that may be the first letter ({@code $esame}): by the place of the sign in {@link #LEADING}.
 */
final class Fold {
    private static final LookAlikes LOOK_ALIKES = LookAlikes.load();
    private static final int LONGEST = 64;
    private static final int FEWEST_SPACED = 4;
    private static final String BETWEEN = " .-_*|/+,";
    private static final String SIGNS = "01345789@$|!";
    private static final String LETTERS = "oieastbgasii";
    private static final String IN_ROWS = "@$";
    private static final String LEADING = "$@!";
    private static final int LONGEST_ROW = 3; // of signs
    private static final String QUOTES = "\"'`\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u2039\u203A\u00AB\u00BB"
            + "\u300C\u300D\u300E\u300F\u300A\u300B\u3008\u3009";
    /** Marks that open, each with the one that closes behind it, as in Chinese and Japanese, which have no spaces. */
    private static final String DIRECTED = "\u201C\u201D\u2018\u2019\u300C\u300D\u300E\u300F\u300A\u300B\u3008\u3009";

    private static final int OPENS = 1;
    private static final int CLOSES = 2;
    private static final int LINE_ONLY = 4;

    private final View from;
    private final View to;
    private int at; // what lies before it is in the other view, or is between words
    private boolean begun;
    private boolean gap; // between the last word and the next
    private boolean stop; // and there a sentence ends
    private boolean line; // or a line
    private int quotes; // and there some open or close

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

    /** The index in the first view up to which it was read. */
    int at() {
        return at;
    }

    /** The index in the first view from which on it is still needed. */
    int needs() {
        return at - 1 - LONGEST_ROW;
    }

    /** Goes on as far as the first view allows. */
    void advance() {
        boolean known = true;
        while (known && at < from.length()) {
            known = Character.isLetterOrDigit(from.unit(at)) ? word(at) : sign();
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
        if (LEADING.indexOf(c) >= 0) {
            if (isToCome(at + 1)) {
                return false;
            }
            if (at + 1 < from.length() && Character.isLetter(from.unit(at + 1))) {
                return word(at + 1);
            }
        }
        if (c == '\n') {
            line = true;
        } else if (".!?;:".indexOf(c) >= 0) {
            if (isToCome(at + 1)) {
                return false;
            }
            stop |= at + 1 == from.length() || Character.isWhitespace(from.unit(at + 1));
        } else if (QUOTES.indexOf(c) >= 0) {
            if (isToCome(at + 1)) {
                return false;
            }
            char behind = at + 1 == from.length() ? ' ' : from.unit(at + 1);
            quotes |= quote(at == 0 ? ' ' : from.unit(at - 1), c, behind);
        }
        gap = true;
        at++;
        return true;
    }

    /** What a quotation mark between two characters does; between two letters it is an apostrophe and does nothing. */
    private static int quote(char before, char mark, char behind) {
        if (Character.isWhitespace(before) && Character.isWhitespace(behind)) { // as in French
            return "\u00AB\u2039\u201C".indexOf(mark) >= 0
                    ? OPENS
                    : "\u00BB\u203A\u201D".indexOf(mark) >= 0 ? CLOSES : 0;
        }
        if (DIRECTED.indexOf(mark) >= 0 && (isUnspaced(before) || isUnspaced(behind))) {
            return DIRECTED.indexOf(mark) % 2 == 0 ? OPENS : CLOSES;
        }
        boolean letterBefore = Character.isLetterOrDigit(before);
        boolean letterBehind = Character.isLetterOrDigit(behind);
        boolean opens =
                letterBehind ? !letterBefore : Character.isWhitespace(before) && !Character.isWhitespace(behind);
        return opens ? OPENS : !letterBehind && !Character.isWhitespace(before) ? CLOSES : 0;
    }

    private static boolean isUnspaced(char c) {
        return c > '\u3000' && c < '\uA000';
    }

    /**
     * Takes a word, or letters with something between each two, which begins where the reader is or behind a sign
     * there; false when its end is still to come.
     */
    private boolean word(int start) {
        int end = start;
        boolean letters = false;
        boolean signs = false;
        while (end - start < LONGEST) {
            Answer more = isOfWord(end);
            if (more == Answer.UNDECIDED) {
                return false;
            }
            if (more == Answer.NO) {
                break;
            }
            letters |= Character.isLetter(from.unit(end));
            signs |= SIGNS.indexOf(from.unit(end)) >= 0;
            end++;
        }
        int last = letters ? endOfLast(end, signs) : end;
        if (last < 0) {
            return false;
        }
        int step = 1;
        if (end - start == 1) {
            int spaced = endOfSpaced(start);
            if (spaced < 0) {
                return false;
            }
            if (spaced > 0) {
                end = spaced;
                last = spaced;
                step = 2;
                letters = true;
            }
        }
        gap |= start > at;
        separate();
        for (int i = start; i < end; i += step) {
            to.append(folded(from.unit(i), letters), from.originalStart(i == start ? at : i), from.originalEnd(i));
            if (i == start && start > at) {
                disguise(LEADING.indexOf(from.unit(at)) + 1);
            }
        }
        for (int i = end; i < last; i++) {
            to.append(folded(from.unit(i), true), from.originalStart(i), from.originalEnd(i));
            to.disguise();
        }
        at = end; // what they say as signs they say, too
        return true;
    }

    /** The end of the signs behind a word that may be its last letters, -1 if it is still to come. */
    private int endOfLast(int end, boolean signs) {
        int last = end;
        while (last - end < LONGEST_ROW) {
            if (isToCome(last)) {
                return -1;
            }
            char c = last < from.length() ? from.unit(last) : ' ';
            if (IN_ROWS.indexOf(c) < 0 && !(signs && c == '!')) {
                return last;
            }
            last++;
        }
        return last;
    }

    /** The end of single letters with the same sign between each two, 0 if there are too few, -1 if it is to come. */
    private int endOfSpaced(int start) {
        int last = start;
        int count = 1;
        while (count < LONGEST) {
            if (isToCome(last + 3)) {
                return -1;
            }
            boolean more = last + 2 < from.length()
                    && BETWEEN.indexOf(from.unit(last + 1)) >= 0
                    && from.unit(last + 1) == from.unit(start + 1)
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
            to.append(stop || line ? '.' : ' ', start, start + 1);
            disguise(line && !stop ? quotes + LINE_ONLY : quotes);
        }
        begun = true;
        gap = false;
        stop = false;
        line = false;
        quotes = 0;
    }

    private void disguise(int by) {
        for (int i = 0; i < by; i++) {
            to.disguise();
        }
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
        if (SIGNS.indexOf(c) < 0) {
            return Answer.NO;
        }
        int before = index - 1;
        while (index - before < LONGEST_ROW && before >= 0 && IN_ROWS.indexOf(from.unit(before)) >= 0) {
            before--;
        }
        if (before < 0 || !Character.isLetterOrDigit(from.unit(before))) {
            return Answer.NO;
        }
        int behind = index + 1;
        while (behind - index < LONGEST_ROW && behind < from.length() && IN_ROWS.indexOf(from.unit(behind)) >= 0) {
            behind++;
        }
        if (isToCome(behind)) {
            return Answer.UNDECIDED;
        }
        boolean inside = behind < from.length()
                && Character.isLetterOrDigit(from.unit(behind))
                && (Character.isLetter(from.unit(before)) || Character.isLetter(from.unit(behind)));
        return inside ? Answer.YES : Answer.NO;
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
