// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that find writing which is meant to be read by a model and not by a filter, whatever it says. */
final class Disguise {
    private static final int REACH = 160;
    private static final int MANY_HIDDEN = 8; // the flag of a part of a country takes six tags and one more
    /** Letters of Greek and Cyrillic that look like letters of Latin. */
    private static final String LOOK_ALIKES = "АВЕКМНОРСТУХЅІЈавекморстухѕіјһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγ";

    private static final String LEET = "01345789@$|!";
    private static final String LEET_LETTERS = "oieastbgasii"; // as folded text has them
    private static final KnownWords KNOWN = KnownWords.load();
    private static final int LONGEST_WORD = 64;
    private static final String HIDDEN = String.valueOf(View.HIDDEN);
    private static final String BETWEEN = " .-_*|/+,";
    private static final int FEWEST_SPACED = 10;

    private Disguise() {}

    static List<Recogniser> rules() {
        return List.of(
                Sign.at("hidden-characters", HIDDEN, false, REACH, Disguise::inWords),
                Sign.at("hidden-run", HIDDEN, false, 1, Disguise::run),
                Sign.at("bidi-override", HIDDEN, false, 1, Disguise::turned),
                Sign.at("mixed-scripts", LOOK_ALIKES, false, REACH, Disguise::mixed),
                Sign.at("leet", LEET, false, REACH, Disguise::leet),
                Sign.at("spaced-letters", Sign.WORD_STARTS, true, REACH, Disguise::spaced));
    }

    private static int endOfWord(View view, int at) {
        int end = at;
        while (view.isWordAt(end)) {
            end++;
        }
        return end;
    }

    /** Letters with characters in between that do not show, with marks that stand on no letter, or in other forms. */
    private static @Nullable Hit inWords(View view, int at) {
        int start = at;
        while (at - start < LONGEST_WORD && view.isWordAt(start - 1)) {
            start--;
            if (view.disguise(start) > 0) {
                return null; // it was asked there
            }
        }
        if (!Ascii.isLetter(view.charAt(start)) || !isDisguised(view, start, endOfWord(view, at))) {
            return null;
        }
        int words = 0;
        int letters = 0;
        int disguised = 0;
        int end = at;
        for (int from = start; words < 4 && Ascii.isLetter(view.charAt(from)); from = end + 1) {
            end = endOfWord(view, from);
            words += isDisguised(view, from, end) ? 1 : 0;
            for (int i = from; i < end; i++) {
                letters++;
                disguised += view.disguise(i) > 0 ? 1 : 0;
            }
        }
        boolean heavy = words > 1 && letters >= 4 && disguised >= 4 && 2 * disguised >= letters - words;
        return Sign.hit(at, end, heavy ? 0.6 : words > 1 ? 0.45 : 0.25);
    }

    private static boolean isDisguised(View view, int from, int end) {
        for (int i = from; i < end; i++) {
            // behind the last letter of a word it may belong to what follows
            if (view.disguise(i) > 0 && (i + 1 < end || view.disguise(i) > 1)) {
                return end - from > 1;
            }
        }
        return false;
    }

    /** A run of characters that do not show: tags, variation selectors, invisible operators as digits. */
    private static @Nullable Hit run(View view, int at) {
        return view.disguise(at) >= MANY_HIDDEN ? Sign.hit(at, at + 1, 0.7) : null;
    }

    /** An override of the direction, which shows a text in another order than it is read. */
    private static @Nullable Hit turned(View view, int at) {
        return view.isTurned(at) ? Sign.hit(at, at + 1, 0.5) : null;
    }

    /** Words of Latin letters with some that only look so. */
    private static @Nullable Hit mixed(View view, int at) {
        int words = 0;
        int end = at;
        boolean first = true;
        int start = startOfMixed(view, at);
        if (start < 0) {
            return null;
        }
        for (int from = start; from < at + REACH; ) {
            int to = from;
            int latin = 0;
            int other = 0;
            int before = -1;
            for (char c = view.charAt(to); Character.isLetter(c); c = view.charAt(to)) {
                boolean isLatin = Ascii.isLetter(c);
                boolean looksLatin = LOOK_ALIKES.indexOf(c) >= 0;
                latin += isLatin ? 1 : 0;
                other += looksLatin ? 1 : 0;
                before = looksLatin && before < 0 ? to : before;
                to++;
            }
            boolean is = latin >= 2 && other >= 1 && latin + other == to - from && to - from >= 4;
            if (first && (!is || before != at)) {
                return null;
            }
            first = false;
            if (is) {
                words++;
                end = to;
            }
            from = to + 1;
            if (view.charAt(to) == '\n' || words >= 3) {
                break;
            }
        }
        return words == 0 ? null : Sign.hit(at, end, words >= 3 ? 0.6 : words == 2 ? 0.5 : 0.3);
    }

    /** The start of the word; -1 if it was asked at another such letter of the word already. */
    private static int startOfMixed(View view, int at) {
        int start = at;
        while (at - start < 64 && Character.isLetter(view.charAt(start - 1))) {
            if (LOOK_ALIKES.indexOf(view.charAt(start - 1)) >= 0) {
                return -1;
            }
            start--;
        }
        return start;
    }

    /** Words with digits and signs for letters, several in a row, two of which are known: no formulas, keys, ids. */
    private static @Nullable Hit leet(View view, int at) {
        if (!Ascii.isLetter(view.charAt(at - 1)) && !Ascii.isLetter(view.charAt(at + 1))) {
            return null;
        }
        int inside = 0;
        int known = 0;
        int points = 0;
        int others = 0;
        int end = at;
        for (int from = startOfLeet(view, at); (points < 6 || known < 2) && others < 5 && from < at + 120; ) {
            int to = from;
            int letters = 0;
            long word = KnownWords.begin();
            long shorter = word; // without a sign at its end, which may be one
            boolean isSmall = false; // and no formula, part number or key
            boolean isInside = false; // a sign between two letters, and not only behind them as in mp3
            for (char c = view.charAt(to); Ascii.isLetter(c) || LEET.indexOf(c) >= 0; c = view.charAt(to)) {
                boolean isLetter = Ascii.isLetter(c);
                letters += isLetter ? 1 : 0;
                isSmall |= c >= 'a' && c <= 'z';
                isInside |= !isLetter && letters > 0 && Ascii.isLetter(view.charAt(to + 1));
                shorter = word;
                word = KnownWords.with(word, unleeted(c));
                to++;
            }
            boolean isWhole = !view.isWordAt(from - 1) && !view.isWordAt(to) && to - from <= 16;
            boolean is = isWhole && isSmall && letters < to - from && to - from >= 3;
            known += is && isKnown(view, to, word, shorter) ? 1 : 0;
            points += !is ? 0 : isInside ? 2 : 1;
            inside += is && isInside ? 1 : 0;
            others += !is && to - from >= 3 ? 1 : 0;
            end = is ? to : end;
            if (view.charAt(to) == '\n') {
                break;
            }
            from = to + 1;
        }
        return known < 2 || inside < 2 || points < 4 || end <= at ? null : Sign.hit(at, end, points >= 6 ? 0.55 : 0.3);
    }

    private static char unleeted(char c) {
        int sign = LEET.indexOf(c);
        char small = c <= 'Z' ? (char) (c | 0x20) : c;
        return sign >= 0 ? LEET_LETTERS.charAt(sign) : small == 'l' ? 'i' : small;
    }

    private static boolean isKnown(View view, int to, long word, long shorter) {
        return KNOWN.hold(word) || (LEET.indexOf(view.charAt(to - 1)) >= 0 && KNOWN.hold(shorter));
    }

    private static int startOfLeet(View view, int at) {
        int start = at;
        while (at - start < 16
                && (Ascii.isLetter(view.charAt(start - 1)) || LEET.indexOf(view.charAt(start - 1)) >= 0)) {
            start--;
        }
        return start;
    }

    /** Single letters with the same sign between each two, that look like words and not like a list. */
    private static @Nullable Hit spaced(View view, int at) {
        char sign = view.charAt(at + 1);
        if (BETWEEN.indexOf(sign) < 0 || !Ascii.isLetter(view.charAt(at + 2)) || isStep(view, at - 2, sign)) {
            return null;
        }
        int count = 1;
        int vowels = isVowel(view.charAt(at)) ? 1 : 0;
        int rising = 0;
        int last = at;
        // between words there may be more signs
        for (int next = next(view, last, sign); next > 0 && count < 40; next = next(view, last, sign)) {
            vowels += isVowel(view.charAt(next)) ? 1 : 0;
            rising += view.charAt(next) >= view.charAt(last) ? 1 : 0;
            last = next;
            count++;
        }
        boolean words = 5 * vowels >= count && 10 * vowels <= 7 * count && 10 * rising <= 8 * count;
        return count >= FEWEST_SPACED && words ? Sign.hit(at, last + 1, 0.55) : null;
    }

    private static boolean isStep(View view, int at, char sign) {
        return Ascii.isLetter(view.charAt(at)) && view.charAt(at + 1) == sign && !view.isWordAt(at - 1);
    }

    private static int next(View view, int last, char sign) {
        int next = last + 1;
        while (next < last + 4 && (view.charAt(next) == sign || view.charAt(next) == ' ')) {
            next++;
        }
        return next > last + 1 && Ascii.isLetter(view.charAt(next)) && !view.isWordAt(next + 1) ? next : -1;
    }

    private static boolean isVowel(char c) {
        return "aeiouyAEIOUY".indexOf(c) >= 0;
    }
}
