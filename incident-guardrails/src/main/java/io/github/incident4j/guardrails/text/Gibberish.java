// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrails.internal.Characters;
import io.github.incident4j.model.Finding;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a text whose letters do not follow each other as in words: its cross entropy, in bits a letter, under a
 * model of pairs of letters.
 *
 * <p>The model was counted, letters without accents, in the manuals and messages of a text editor in English, German,
 * French, Spanish, Italian, Portuguese, Dutch and Polish, and in two licences; of a pair it has the probability in the
 * language in which that is largest.
 */
final class Gibberish {
    static final String NAME = "gibberish";

    /** Below this a handful of names or abbreviations would decide. */
    private static final int FEWEST = 40;

    /** Ordinary texts have about 2.8 and at most 3.5; letters drawn at random have 5. */
    private static final double MOST_BITS = 4;

    private static final double BITS = 0.8;

    /** The bits, in units of 0.8, that a letter costs after another; the first row and column are a word's edge. */
    private static final String[] COSTS = {
        "f45444555576464448653544c74",
        "23645d76756546245b353466976",
        "4379b1a8b26d1995af3563c8f3b",
        "22d6c3bf134468c2ab5644ebf73",
        "14b771aae2e84a628f6775a7c54",
        "268555766456453a89344678686",
        "239f5236a1da6a62af5763f9a7b",
        "23aa71b442cb59239b46627cffe",
        "21d6b1dcc29b3964af4735f9f9b",
        "35645265c8454434775447488f7",
        "21f94168f4f4864288d5835c8f4",
        "1366b248b4976c636b633379faa",
        "2389429763e749647ac5457be5c",
        "234982bac3f9a4833f7586aae89",
        "1395337442b79a53b894366bf57",
        "1966445686a654244a345363bb5",
        "3287537674dc37824f3643ccf57",
        "59fffbffffff68ffff89f0fffff",
        "2385428773f6767495644576e53",
        "24a473987476597459b425b9f73",
        "228ac2a923c69b73af474596e55",
        "25656356735553256f343965984",
        "62dff1fff0ffbaf2df5fd77ffff",
        "3286716e42db785356548587d39",
        "15f4937b92aff8a439452ffa39f",
        "13649388f77664332a642386f8a",
        "017782bad1fa864297a752f6f44"
    };

    private Gibberish() {}

    static @Nullable Finding in(String text) {
        Walk walk = new Walk();
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint < 0x80) {
                walk.sign(codePoint);
            } else if (Character.isLetter(codePoint)) {
                walk.letter(codePoint);
            } else if (!Characters.isMark(codePoint) && !Characters.isInvisible(codePoint)) {
                walk.edge();
            }
        }
        walk.edge();
        if (walk.pairs < FEWEST || walk.others > walk.letters || walk.bits() <= MOST_BITS) {
            return null;
        }
        return new Finding(
                NAME,
                NAME,
                "the letters do not follow each other as in words: " + Math.round(10 * walk.bits()) / 10.0
                        + " bits a letter, at most " + MOST_BITS + " are ordinary");
    }

    /** Adds up what the letters of words cost; a single letter is no word. */
    private static final class Walk {
        private long cost;
        private int pairs;
        private int letters;
        private int others;
        private int before;
        private int wordCost;
        private int wordLength;

        void sign(int c) {
            int lower = c | 0x20;
            if (lower >= 'a' && lower <= 'z') {
                latin(lower);
            } else {
                edge();
            }
        }

        void letter(int codePoint) {
            String plain = switch (codePoint) {
                case 'ß' -> "ss";
                case 'ł', 'Ł' -> "l";
                case 'ø', 'Ø' -> "o";
                case 'đ', 'Đ' -> "d";
                case 'ı' -> "i";
                case 'æ', 'Æ' -> "ae";
                case 'œ', 'Œ' -> "oe";
                default -> Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
            };
            int lower = plain.charAt(0) | 0x20;
            if (lower < 'a' || lower > 'z') {
                others++;
                edge();
                return;
            }
            latin(lower);
            if (plain.length() > 1 && plain.charAt(1) >= 'a' && plain.charAt(1) <= 'z') {
                latin(plain.charAt(1));
            }
        }

        private void latin(int lower) {
            int letter = lower - 'a' + 1;
            letters++;
            wordCost += cost(before, letter);
            wordLength++;
            before = letter;
        }

        void edge() {
            if (wordLength > 1) {
                cost += wordCost + cost(before, 0);
                pairs += wordLength + 1;
            }
            before = 0;
            wordCost = 0;
            wordLength = 0;
        }

        private static int cost(int first, int second) {
            return Character.digit(COSTS[first].charAt(second), 16);
        }

        double bits() {
            return BITS * cost / pairs;
        }
    }
}
