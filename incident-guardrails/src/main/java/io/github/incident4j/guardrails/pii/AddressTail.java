// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.View;
import java.util.Locale;
import java.util.Set;

/** What follows a street line and belongs to the address: the flat, then town and country with a postal code. */
final class AddressTail {
    private static final Set<String> UNITS =
            Pii.words("apt apartment suite ste unit flat floor fl room rm bldg building no wohnung appartement piso");
    private static final int MOST_WORDS = 6;
    private static final int LONGEST = 80;

    private AddressTail() {}

    /** The end of the address; lower case counts as a town only where the street is in lower case, too. */
    static int end(View view, int from, boolean lowerCase) {
        int unit = endOfUnit(view, from);
        int code = endOfCode(view, unit, lowerCase);
        return Math.max(unit, code);
    }

    private static int endOfUnit(View view, int from) {
        int at = skip(view, view.charAt(from) == '.' ? from + 1 : from);
        int to = at;
        while (to - at < 12 && view.isWordAt(to) && !view.isDigitAt(to)) {
            to++;
        }
        boolean sign = view.charAt(at) == '#';
        if (at == from || (!sign && !UNITS.contains(lower(view, at, to)))) {
            return from;
        }
        to = sign ? at + 1 : to;
        to += view.charAt(to) == '.' ? 1 : 0;
        to += view.charAt(to) == ' ' ? 1 : 0;
        int start = to;
        boolean digit = false;
        while (to - start < 6 && view.isWordAt(to)) {
            digit |= view.isDigitAt(to);
            to++;
        }
        return (digit || to - start == 1) && !view.isWordAt(to) ? to : from;
    }

    private static int endOfCode(View view, int from, boolean lowerCase) {
        int at = from;
        for (int word = 0; word <= MOST_WORDS && at - from < LONGEST; word++) {
            int start = skip(view, at);
            if (start == at) {
                return 0;
            }
            int to = endOfToken(view, start);
            if (to == start) {
                return 0;
            }
            if (isCode(view, start, to)) {
                return withTown(view, to, word);
            }
            boolean capital = Character.isUpperCase(view.charAt(start));
            if (!capital && !lowerCase && !isDigits(view, start, to)) {
                return 0;
            }
            at = to;
        }
        return 0;
    }

    /** Figures with hyphens, or letters. */
    private static int endOfToken(View view, int start) {
        int to = start;
        if (view.isDigitAt(start)) {
            while (to - start < 12 && (view.isWordAt(to) || (view.charAt(to) == '-' && view.isDigitAt(to + 1)))) {
                to++;
            }
            return to;
        }
        while (to - start < 24 && (isLetter(view.charAt(to)) || isInner(view, to))) {
            to++;
        }
        return to;
    }

    private static boolean isCode(View view, int from, int to) {
        int digits = 0;
        for (int i = from; i < to; i++) {
            char c = view.charAt(i);
            if (c != '-' && !view.isDigitAt(i)) {
                return false;
            }
            digits += c == '-' ? 0 : 1;
        }
        return digits >= 4 && digits <= 9;
    }

    /** Letters of the Latin, Greek and Cyrillic scripts. */
    private static boolean isLetter(char c) {
        return Character.isLetter(c) && c < 0x0530;
    }

    /** Where the code came first, the town comes after it. */
    private static int withTown(View view, int code, int wordsBefore) {
        if (wordsBefore > 0 || view.charAt(code) != ' ' || !Character.isUpperCase(view.charAt(code + 1))) {
            return code;
        }
        int to = code + 1;
        while (to - code < 24 && (isLetter(view.charAt(to)) || isInner(view, to))) {
            to++;
        }
        return to;
    }

    private static boolean isDigits(View view, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!view.isDigitAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInner(View view, int at) {
        char c = view.charAt(at);
        return (c == '-' || c == '\'' || c == '\u2019') && Character.isLetterOrDigit(view.charAt(at + 1));
    }

    /** Past at most four commas, spaces, line breaks and marks of a quoted line. */
    private static int skip(View view, int from) {
        int to = from;
        while (to - from < 4 && " ,\n\r>".indexOf(view.charAt(to)) >= 0 && to < view.length()) {
            to++;
        }
        return to;
    }

    private static String lower(View view, int from, int to) {
        StringBuilder word = new StringBuilder();
        for (int i = from; i < to; i++) {
            word.append(view.charAt(i));
        }
        return word.toString().toLowerCase(Locale.ROOT);
    }
}
