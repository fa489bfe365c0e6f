// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Tells what a machine drew from what a person wrote: placeholders, words, names, counting rows. */
final class Randomness {
    /** The share of the possible entropy that a value drawn at random practically never falls below. */
    private static final double FLOOR = 0.6;

    /** In a longer value some of the words stand by chance. */
    private static final int LONG = 128;

    private static final Substrings PLACEHOLDERS = new Substrings(inBothCases(
            "example",
            "xxxx",
            "your",
            "changeme",
            "change_me",
            "change-me",
            "changeit",
            "placeholder",
            "redacted",
            "dummy",
            "sample",
            "insert",
            "replace",
            "removed",
            "hidden",
            "fixme",
            "anonymous",
            "****",
            "...",
            "____"));

    private Randomness() {}

    private static List<String> inBothCases(String... words) {
        return Stream.of(words)
                .flatMap(word -> Stream.of(word, word.toUpperCase(Locale.ROOT)))
                .distinct()
                .toList();
    }

    /** Whether a text has a character of a kind. */
    static boolean hasAny(CharSequence text, Kind kind) {
        for (int i = 0; i < text.length(); i++) {
            if (kind.has(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A kind of characters. */
    @FunctionalInterface
    interface Kind {
        boolean has(char c);
    }

    /** The entropy of the characters of a text, as they come in it, in bits for each (Shannon, 1948). */
    static double entropy(CharSequence text) {
        int[] counts = new int[0x80];
        for (int i = 0; i < text.length(); i++) {
            counts[text.charAt(i) & 0x7F]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy;
    }

    /** Whether a value is too regular to have been drawn from a number of different characters. */
    static boolean isRegular(CharSequence value, int variety) {
        return isPoor(value, variety) || isCounting(value);
    }

    /** Whether a value repeats too few characters to have been drawn from a number of different ones. */
    static boolean isPoor(CharSequence value, int variety) {
        int possible = Math.min(value.length(), variety);
        return possible > 1 && entropy(value) < FLOOR * Math.log(possible) / Math.log(2);
    }

    /** Whether most characters repeat the one before or follow it in ASCII, as in 12345678 or abcdefgh. */
    static boolean isCounting(CharSequence value) {
        int steps = 0;
        for (int i = 1; i < value.length(); i++) {
            int step = value.charAt(i) - value.charAt(i - 1);
            if (step == 0 || step == 1 || step == -1) {
                steps++;
            }
        }
        return value.length() > 3 && 2 * steps >= value.length();
    }

    /** Whether a value says that it stands for another: {@code your-key}, {@code EXAMPLE}, {@code xxxx}. */
    static boolean isPlaceholder(String value) {
        if (value.length() > LONG) {
            return false;
        }
        return PLACEHOLDERS.standIn(value) || value.startsWith("Your") || isReference(value);
    }

    /** Whether a value is to be filled in by somebody: {@code <key>}, {@code ${KEY}}, <code>{{ key }}</code>. */
    static boolean isReference(String value) {
        int length = value.length();
        return length > 0
                && ((value.charAt(0) == '<' && value.charAt(length - 1) == '>')
                        || (value.charAt(0) == '[' && value.charAt(length - 1) == ']')
                        || (value.charAt(0) == '%' && value.charAt(length - 1) == '%')
                        || names(value, "${", '}')
                        || names(value, "$(", ')')
                        || names(value, "#{", '}')
                        || names(value, "{{", '}')
                        || names(value, "%(", ')')
                        || (value.charAt(0) == '{' && value.indexOf('}') > 0)
                        || (value.charAt(0) == '$' && isName(value.substring(1))));
    }

    /** Whether a name stands between two signs. */
    private static boolean names(String value, String open, char close) {
        int at = value.indexOf(open);
        int end = at < 0 ? -1 : value.indexOf(close, at);
        return end > 0
                && value.substring(at + open.length(), end)
                        .chars()
                        .allMatch(c -> Ascii.isWord((char) c) || Chars.isOneOf((char) c, " _.-:[]'\"/"));
    }

    /** Whether there are letters, digits and underscores only, as in the name of a variable. */
    static boolean isName(CharSequence value) {
        return value.length() > 0
                && !Ascii.isDigit(value.charAt(0))
                && !hasAny(value, c -> c != '_' && !Ascii.isWord(c));
    }

    /** Whether there is no digit, and letters of one case only. */
    static boolean isOneCase(CharSequence value) {
        return !hasAny(value, Ascii::isDigit) && !(hasAny(value, Ascii::isSmall) && hasAny(value, Ascii::isCapital));
    }

    /** Whether there are small hexadecimal digits only, as in a digest. */
    static boolean isDigest(CharSequence value) {
        return !hasAny(value, c -> !Ascii.isDigit(c) && !(c >= 'a' && c <= 'f'));
    }

    /**
     * Whether a value is made of words, names, short numbers and dates between signs, such as
     * {@code my-service-token-v2}, {@code com.acme.Token1} or {@code 2024-01-31}.
     */
    static boolean isWords(CharSequence value) {
        int turns = 0;
        int humps = 0;
        int capitals = 0;
        int letters = 0;
        int longest = 0;
        int segment = 0;
        boolean odd = false;
        boolean anyLower = hasAny(value, Ascii::isSmall);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!Ascii.isWord(c)) {
                segment = 0;
                continue;
            }
            if (segment > 0) {
                char before = value.charAt(i - 1);
                char next = i + 1 < value.length() ? value.charAt(i + 1) : ' ';
                turns += Ascii.isDigit(before) == Ascii.isDigit(c) ? 0 : 1;
                humps += Ascii.isSmall(before) && Ascii.isCapital(c) ? 1 : 0;
                capitals += Ascii.isCapital(before) && Ascii.isCapital(c) && anyLower ? 1 : 0;
                // Behind a number a word begins with a capital, as in Ed25519PrivateKey.
                odd |= Ascii.isDigit(before) && Ascii.isLetter(c) && !(Ascii.isCapital(c) && Ascii.isSmall(next));
            }
            letters += Ascii.isLetter(c) ? 1 : 0;
            segment++;
            longest = Math.max(longest, segment);
        }
        boolean calm = turns <= 1 + value.length() / 12
                && 4 * humps <= letters
                && capitals <= 3 + letters / 12
                && !(odd && longest >= 12);
        return calm || longest < 4;
    }
}
