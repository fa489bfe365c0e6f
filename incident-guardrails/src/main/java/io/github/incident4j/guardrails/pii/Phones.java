// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Telephone numbers by their form: ITU-T E.164 with its country codes, the North American plan, national numbers with a
 * trunk zero, and, near a context word, any 7 to 15 digits in groups. Which of them are given out it does not know.
 */
final class Phones {
    static final String RULE = "phone";
    static final String TRIGGERS = "+(0123456789";
    static final Set<String> CONTEXT =
            Pii.words("phone phones telephone tel mobile cell cellphone call calls called calling fax dial "
                    + "ring sms whatsapp hotline voicemail desk office contact reach telefon telefonnummer "
                    + "handy handynummer mobil mobilnummer rufnummer anrufen rückruf téléphone portable "
                    + "appelez appeler teléfono telefono móvil movil celular llame llamar cellulare chiamare "
                    + "chiamami telefone telemóvel ligue telefoon bellen mobiel telefonu komórka zadzwoń "
                    + "puhelin 電話 电话 手机 手机号 전화 телефон");

    /** The country codes of E.164 that have two digits; +1 and +7 have one, all others three. */
    private static final String TWO_DIGITS =
            "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84"
                    + " 86 90 91 92 93 94 95 98";

    private static final String THREE_DIGITS_BEGIN =
            "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99";

    private static final int MOST_DIGITS = 15;
    private static final int MOST_GROUPS = 8;
    private static final int LONGEST_EXTENSION = 6;

    private Phones() {}

    static List<Recogniser> rules() {
        return List.of(new Anchored(RULE, TRIGGERS, true, CONTEXT, Phones::find).withAgainst(Pii.OF_THINGS));
    }

    /** The longest of the likeliest readings from a trigger on. */
    static @Nullable Hit find(View view, int at) {
        if (!isStart(view, at)) {
            return null;
        }
        Digits digits = new Digits(view, at);
        Hit best = null;
        while (digits.next()) {
            Hit hit = digits.isEnd() ? judged(digits) : null;
            if (hit != null && (best == null || hit.confidence() >= best.confidence())) {
                best = hit;
            }
        }
        return best == null ? null : withExtension(view, best);
    }

    /** Not inside a longer number, and each number from its first sign on. */
    private static boolean isStart(View view, int at) {
        char before = view.charAt(at - 1);
        if (view.charAt(at) == '(') {
            return isClosed(view, at + 1);
        }
        if (before == '(') {
            return !isClosed(view, at);
        }
        boolean joined = before == '-' || before == '.' || before == '/' || before == ' ';
        return before != '+' && (view.charAt(at) == '+' || !joined || !view.isDigitAt(at - 2));
    }

    /** Whether a bracket closes after one group of digits. */
    private static boolean isClosed(View view, int from) {
        int start = view.charAt(from) == '+' ? from + 1 : from;
        int at = start;
        while (at - start < 6 && view.isDigitAt(at)) {
            at++;
        }
        return at > start && view.charAt(at) == ')';
    }

    private static @Nullable Hit judged(Digits digits) {
        if (digits.isDate() || digits.isDotted()) {
            return null;
        }
        double confidence;
        double inContext = 0.85;
        if (digits.hasPlus()) {
            if (!isInternational(digits.value(), 0)) {
                return null;
            }
            confidence = 0.85;
            inContext = 0.95;
        } else if (digits.value().startsWith("00") && isInternational(digits.value(), 2)) {
            confidence = digits.groups() > 2 ? 0.65 : 0.3;
        } else if (digits.isNorthAmerican()) {
            confidence = digits.groups() == 1 ? 0.2 : digits.isTight() ? 0.7 : 0.55;
            inContext = 0.9;
        } else if (digits.isTrunk()) {
            confidence = digits.groups() == 1 ? 0.2 : digits.hasBrackets() ? 0.65 : digits.isUsual() ? 0.5 : 0.4;
        } else if (digits.isPlain()) {
            confidence = digits.hasBrackets() && digits.count() >= 8 ? 0.4 : 0.1;
            inContext = 0.7;
        } else {
            return null;
        }
        return new Hit(digits.from(), digits.to(), confidence, inContext);
    }

    /** E.164: a country code that is given out, and seven to fifteen digits in all. */
    private static boolean isInternational(String value, int from) {
        int count = value.length() - from;
        if (count < 7 || count > MOST_DIGITS) {
            return false;
        }
        char first = value.charAt(from);
        String two = value.substring(from, from + 2);
        return first == '1'
                ? count == 11 && value.charAt(from + 1) >= '2'
                : first == '7' ? count == 11 : holds(TWO_DIGITS, two) || holds(THREE_DIGITS_BEGIN, two);
    }

    private static boolean holds(String codes, String two) {
        return codes.indexOf(two) % 3 == 0;
    }

    /** An extension such as x123 or ext. 123 belongs to the number. */
    private static Hit withExtension(View view, Hit hit) {
        int at = hit.to();
        int start = view.charAt(at) == ' ' ? at + 1 : at;
        int sign = afterSign(view, start);
        if (sign == 0) {
            return hit;
        }
        int to = sign;
        while (to - sign < LONGEST_EXTENSION && view.isDigitAt(to)) {
            to++;
        }
        return to == sign || view.isWordAt(to) ? hit : new Hit(hit.from(), to, hit.confidence(), hit.inContext());
    }

    private static int afterSign(View view, int at) {
        int to = at;
        StringBuilder word = new StringBuilder();
        while (to - at < 9 && view.isWordAt(to) && !view.isDigitAt(to)) {
            word.append(Character.toLowerCase(view.charAt(to++)));
        }
        boolean known = "x".contentEquals(word) || "ext".contentEquals(word) || "extension".contentEquals(word);
        if (!known) {
            return 0;
        }
        to = view.charAt(to) == '.' ? to + 1 : to;
        return view.charAt(to) == ' ' ? to + 1 : to;
    }

    /** Reads digits with single separators, one group after the other. */
    private static final class Digits {
        private final View view;
        private final int from;
        private final boolean plus;
        private final StringBuilder value = new StringBuilder(MOST_DIGITS);
        private final int[] lengths = new int[MOST_GROUPS];
        private final char[] separators = new char[MOST_GROUPS];
        private int groups;
        private int to;
        private boolean brackets;
        private boolean open;

        Digits(View view, int from) {
            this.view = view;
            this.from = from;
            plus = view.charAt(from) == '+' || (view.charAt(from) == '(' && view.charAt(from + 1) == '+');
            to = from;
        }

        /** Goes on to the end of the next group, unless there is none. */
        boolean next() {
            int at = to;
            char sign = 0;
            while (!view.isDigitAt(at)) {
                char c = view.charAt(at);
                if (!mayFollow(c, sign)) {
                    return false;
                }
                open = c == '(' || (open && c != ')');
                brackets |= c == ')';
                sign = c;
                at++;
            }
            int start = at;
            while (view.isDigitAt(at) && value.length() <= MOST_DIGITS + 2) {
                value.append(view.charAt(at++));
            }
            if (at == start || groups == MOST_GROUPS || value.length() > MOST_DIGITS + 2) {
                return false;
            }
            separators[groups] = sign;
            lengths[groups++] = at - start;
            to = at;
            return true;
        }

        /** Whether a sign may stand after another one, or after a digit (0). */
        private boolean mayFollow(char c, char before) {
            if (groups == 0) {
                return (c == '(' && before == 0) || (c == '+' && before != '+');
            }
            return switch (c) {
                case ' ' -> before == 0 || before == ')' || before == '/';
                case '-', '.' -> before == 0 || before == ')';
                case '/' -> before == 0 || before == ')' || before == ' ';
                case '(' -> !open && !brackets && (before == 0 || before == ' ' || before == '-');
                case ')' -> open && before == 0;
                default -> false;
            };
        }

        /** Whether a number may end here: no word, and no further digits beyond a sign. */
        boolean isEnd() {
            char next = view.charAt(to);
            boolean joined = (next == '-' || next == '.' || next == '/') && view.isDigitAt(to + 1);
            boolean extension = (next == 'x' || next == 'e') && afterSign(view, to) > 0;
            return !open && !joined && (extension || !view.isWordAt(to));
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }

        int count() {
            return value.length();
        }

        int groups() {
            return groups;
        }

        boolean hasPlus() {
            return plus;
        }

        boolean hasBrackets() {
            return brackets;
        }

        String value() {
            return value.toString();
        }

        /** North American Numbering Plan: 3, 3 and 4 digits, the first two groups from 2, perhaps a 1 before. */
        boolean isNorthAmerican() {
            int code = value.length() == 11 && value.charAt(0) == '1' ? 1 : 0;
            if (value.length() != 10 + code || value.charAt(code) < '2' || value.charAt(code + 3) < '2') {
                return false;
            }
            return groups == 1 || is(3, 3, 4) || is(1, 3, 3, 4);
        }

        /** Whether a hyphen, full stop or bracket holds it together. */
        boolean isTight() {
            return brackets || separators[groups - 1] != ' ';
        }

        /** A national number with the trunk prefix 0. */
        boolean isTrunk() {
            return value.length() >= 9
                    && value.length() <= 12
                    && value.charAt(0) == '0'
                    && value.charAt(1) != '0'
                    && (groups == 1 || lengths[0] >= 2);
        }

        /** More than two groups, a slash, or the eleven digits of the United Kingdom. */
        boolean isUsual() {
            return groups > 2 || separators[1] == '/' || (value.length() == 11 && separators[1] == ' ');
        }

        /** Seven to fifteen digits, eight if they stand together, and none beyond a space. */
        boolean isPlain() {
            return value.length() >= (groups == 1 ? 8 : 7)
                    && value.length() <= MOST_DIGITS
                    && !(view.charAt(to) == ' ' && view.isDigitAt(to + 1));
        }

        /** Whether it begins as a date does, or is a pair of years. */
        boolean isDate() {
            boolean plain = !plus && !brackets;
            boolean yearFirst = groups >= 3 && lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2 && isCentury(0);
            int beforeYear = lengths[0] + lengths[1];
            boolean yearLast = groups >= 3 && lengths[0] <= 2 && lengths[1] <= 2 && lengths[2] == 4;
            return plain
                    && (yearFirst
                            || (yearLast && isCentury(beforeYear))
                            || (groups == 2 && lengths[0] == 4 && lengths[1] == 4 && isCentury(0) && isCentury(4)));
        }

        private boolean isCentury(int at) {
            return value.indexOf("19", at) == at || value.indexOf("20", at) == at;
        }

        /** The form of an address of IP version 4, and of thousands with full stops. */
        boolean isDotted() {
            for (int i = 1; i < groups; i++) {
                if (separators[i] != '.' || lengths[i] > 3) {
                    return false;
                }
            }
            return groups > 1 && lengths[0] <= 3 && !plus && !isTrunk();
        }

        private boolean is(int... of) {
            if (groups != of.length) {
                return false;
            }
            for (int i = 0; i < of.length; i++) {
                if (lengths[i] != of[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
