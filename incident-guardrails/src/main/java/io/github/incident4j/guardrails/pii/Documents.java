// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Travel documents and driving licences. Each method names the source of the format. */
final class Documents {
    private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private Documents() {}

    static List<Recogniser> rules() {
        return List.of(mrz(), passport(), driverLicense());
    }

    /**
     * ICAO 9303, parts 4 to 7: the machine-readable zone of passports (TD3), cards (TD1, TD2) and visas. The line with
     * the check digits is enough; the lines before and after it belong to it, after a line break or one space.
     */
    static Recogniser mrz() {
        return new Anchored("mrz", CAPITALS, true, Set.of(), Documents::findMrz).verified();
    }

    private static @Nullable Hit findMrz(View view, int at) {
        int to = endOfLine(view, at);
        int length = to - at;
        if (length != 30 && length != 36 && length != 44) {
            return null;
        }
        int second = start(view, to);
        int end = second < 0 ? 0 : endOfLine(view, second);
        if (length == 30) {
            boolean valid = end - second == 30 && isCard(line(view, at, to), line(view, second, end));
            return valid ? new Hit(at, withNames(view, end), 0.95, 0.95) : null;
        }
        if (isSecondLine(line(view, at, to))) {
            return new Hit(at, to, 0.95, 0.95);
        }
        boolean valid = end - second == length && isSecondLine(line(view, second, end));
        return valid ? new Hit(at, end, 0.95, 0.95) : null;
    }

    /** The third line of a card. */
    private static int withNames(View view, int end) {
        int third = start(view, end);
        int to = third < 0 ? 0 : endOfLine(view, third);
        return to - third == 30 ? to : end;
    }

    private static int endOfLine(View view, int from) {
        int to = from;
        while (to - from <= 45 && isMrz(view.charAt(to))) {
            to++;
        }
        return view.isWordAt(to) ? from : to;
    }

    private static boolean isMrz(char c) {
        return c == '<' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }

    /** Where the next line begins, or -1. */
    private static int start(View view, int end) {
        int at = view.charAt(end) == '\r' ? end + 1 : end;
        return view.charAt(at) == '\n' || view.charAt(at) == ' ' ? at + 1 : -1;
    }

    private static String line(View view, int from, int to) {
        StringBuilder line = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            line.append(view.charAt(i));
        }
        return line.toString();
    }

    /** The number, birth and expiry with their check digits; a composite one where the line is not a visa's. */
    private static boolean isSecondLine(String line) {
        return isChecked(line, 0, 9) && isChecked(line, 13, 19) && isChecked(line, 21, 27) && isSex(line.charAt(20));
    }

    private static boolean isCard(String first, String second) {
        return "AIC".indexOf(first.charAt(0)) >= 0
                && (isChecked(first, 5, 14) || first.charAt(14) == '<')
                && isChecked(second, 0, 6)
                && isChecked(second, 8, 14)
                && isSex(second.charAt(7));
    }

    private static boolean isSex(char c) {
        return c == 'M' || c == 'F' || c == 'X' || c == '<';
    }

    private static boolean isChecked(String line, int from, int to) {
        return line.charAt(to) == '0' + Checks.icao(line, from, to)
                && line.substring(from, to).chars().anyMatch(c -> c != '<');
    }

    /** The layouts of passport numbers of many countries; they count only near a context word. */
    static LayoutRecogniser passport() {
        return rule(
                        "passport",
                        "999999999",
                        "A99999999",
                        "A9999999",
                        "AA9999999",
                        "AA999999",
                        "99AA99999",
                        "AAA999999",
                        "A_999_999_99",
                        "99_9999999",
                        "A999999")
                .context(
                        "passport",
                        "reisepass",
                        "passeport",
                        "pasaporte",
                        "passaporto",
                        "passaporte",
                        "paspoort",
                        "paszport",
                        "pass",
                        "护照",
                        "パスポート",
                        "паспорт")
                .confidence(0.05, 0.05, 0.8);
    }

    /** The layouts of licence numbers of the states of the USA and of some countries; only near a context word. */
    static LayoutRecogniser driverLicense() {
        return rule(
                        "driver-license",
                        "A9999999",
                        "A99999999",
                        "A999_9999_9999",
                        "A999_999_99_999_9",
                        "A9999_99999_99999",
                        "A99999999999",
                        "A999999999",
                        "A999999",
                        "AA999999A",
                        "AA999999",
                        "AA9999999",
                        "A99_99_9999",
                        "999_999_999",
                        "99_999_999",
                        "99_99_9999",
                        "9999999999",
                        "9999999",
                        "999999999999",
                        "99AAA99999",
                        "A99XXXXXX9X",
                        "XXXXXXX999XX")
                .check(value -> value.chars().anyMatch(c -> c <= '9'))
                .context(
                        "driver",
                        "drivers",
                        "driving",
                        "license",
                        "licence",
                        "dl",
                        "führerschein",
                        "führerscheinnummer",
                        "permis",
                        "licencia",
                        "conducir",
                        "patente",
                        "rijbewijs",
                        "cnh")
                .confidence(0.05, 0.05, 0.75);
    }
}
