// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.mod;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * VAT identification numbers with their country's letters: European Commission, "VAT identification number structure",
 * and the checksums that the countries publish. Single separators may stand anywhere.
 */
final class Vat {
    private static final String COUNTRIES =
            "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    private static final String TRIGGERS = "ABCDEFGHILMNPRSabcdefghilmnprs";
    private static final Set<String> CONTEXT =
            Pii.words("vat ust ustid ustidnr umsatzsteuer mwst tva iva btw moms nip");
    private static final int LONGEST = 12;
    /** What a digit in an odd place counts. */
    private static final int[] CYPRIOT = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};

    private Vat() {}

    static List<Recogniser> rules() {
        return List.of(new Anchored("eu-vat", TRIGGERS, true, CONTEXT, Vat::find)
                .withDigitWithin(8)
                .verified());
    }

    private static @Nullable Hit find(View view, int at) {
        if (!Ascii.isLetter(view.charAt(at)) || !Ascii.isLetter(view.charAt(at + 1))) {
            return null; // most of what begins with one is a word or a number
        }
        String country = ("" + view.charAt(at) + view.charAt(at + 1)).toUpperCase(Locale.ROOT);
        if (COUNTRIES.indexOf(country) % 3 != 0) {
            return null;
        }
        StringBuilder value = new StringBuilder(LONGEST);
        int to = at + 2;
        Hit hit = null;
        // The longest value that passes, since what follows beyond a separator may be another word.
        while (value.length() < LONGEST) {
            char c = view.charAt(to);
            boolean separator = (c == ' ' || c == '-' || c == '.') && view.isWordAt(to + 1);
            to = separator ? to + 1 : to;
            if (!view.isWordAt(to)) {
                break;
            }
            value.append(Character.toUpperCase(view.charAt(to++)));
            if (!view.isWordAt(to) && value.length() >= 8 && isValid(country, value.toString())) {
                hit = new Hit(at, to, 0.75, 0.95);
            }
        }
        return hit;
    }

    private static boolean isValid(String country, String value) {
        int digits = 0;
        while (digits < value.length() && value.charAt(digits) <= '9') {
            digits++;
        }
        return digits == value.length() ? isNumber(country, value) : isMixed(country, value, digits);
    }

    private static boolean isNumber(String country, String v) {
        return switch (country + v.length()) {
            case "BE10" -> v.charAt(0) <= '1' && 97 - mod(v, 0, 8, 97) == number(v, 8, 10);
            case "BG9" -> isBulgarianCompany(v);
            case "BG10" -> isBulgarianPerson(v);
            case "CZ8" -> v.charAt(0) != '9' && (11 - weighted(v, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == digit(v, 7);
            case "DE9" -> v.charAt(0) != '0' && Checks.mod11and10(v);
            case "DK8" -> v.charAt(0) != '0' && weighted(v, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
            case "EE9" -> weighted(v, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0 && v.startsWith("10");
            case "EL9" -> weighted(v, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == digit(v, 8);
            case "FI8" -> weighted(v, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;
            case "FR11" -> isFrench(v);
            case "GB9", "GB12" -> isBritish(v);
            case "HR11" -> Checks.mod11and10(v);
            case "HU8" -> weighted(v, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0;
            case "IT11" -> Checks.luhn(v) && number(v, 0, 7) != 0;
            case "LT9", "LT12" -> isLithuanian(v);
            case "LU8" -> number(v, 0, 6) % 89 == number(v, 6, 8);
            case "LV11" -> v.charAt(0) > '3' && weighted(v, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3;
            case "MT8" -> v.charAt(0) != '0' && weighted(v, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0;
            case "PL10" -> weighted(v, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digit(v, 9);
            case "PT9" -> SouthEurope.isPortuguese(v);
            case "RO8", "RO9", "RO10" ->
                weighted("0".repeat(10 - v.length()) + v, 7, 5, 3, 2, 1, 7, 5, 3, 2) * 10 % 11 % 10
                        == digit(v, v.length() - 1);
            case "SE12" -> v.endsWith("01") && Checks.luhn(v.substring(0, 10));
            case "SI8" -> v.charAt(0) != '0' && (11 - weighted(v, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == digit(v, 7);
            case "SK10" -> v.charAt(0) != '0' && mod(v, 0, 10, 11) == 0;
            default -> false;
        };
    }

    private static boolean isMixed(String country, String v, int digits) {
        return switch (country + v.length()) {
            case "AT9" -> v.charAt(0) == 'U' && isDigits(v, 1, 9) && isAustrian(v.substring(1));
            case "CY9" -> digits == 8 && !v.startsWith("12") && isCypriot(v);
            case "ES9" -> digits == 8 ? isSpanishPerson(v) : isDigits(v, 1, 8) && isSpanishCompany(v);
            case "IE8", "IE9" -> digits == 7 && isDigits(v, 0, 7) && v.charAt(7) >= 'A' && Britain.isPpsn(v);
            case "NL12" -> digits == 9 && v.charAt(9) == 'B' && isDigits(v, 10, 12) && isDutch(v);
            default -> false;
        };
    }

    private static boolean isDigits(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAustrian(String value) {
        int sum = 4;
        for (int i = 0; i < 7; i++) {
            int product = digit(value, i) * (1 + i % 2);
            sum += product / 10 + product % 10;
        }
        return (10 - sum % 10) % 10 == digit(value, 7);
    }

    private static boolean isBulgarianCompany(String value) {
        int check = weighted(value, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
        return (check < 10 ? check : weighted(value, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10) == digit(value, 8);
    }

    /** The personal number of a citizen, that of a foreigner, or one of others. */
    private static boolean isBulgarianPerson(String value) {
        return EastEurope.isEgn(value)
                || weighted(value, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10 == digit(value, 9)
                || (11 - weighted(value, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == digit(value, 9);
    }

    private static boolean isCypriot(String value) {
        int sum = 0;
        for (int i = 0; i < 8; i++) {
            int digit = digit(value, i);
            sum += i % 2 == 0 ? CYPRIOT[digit] : digit;
        }
        return 'A' + sum % 26 == value.charAt(8);
    }

    /** The last digit but one is 1. */
    private static boolean isLithuanian(String value) {
        int last = value.length() - 1;
        int first = 0;
        int second = 0;
        for (int i = 0; i < last; i++) {
            first += digit(value, i) * (1 + i % 9);
            second += digit(value, i) * (1 + (i + 2) % 9);
        }
        int check = first % 11 < 10 ? first % 11 : second % 11 % 10;
        return value.charAt(last - 1) == '1' && check == digit(value, last);
    }

    /** The key of two digits, and the Luhn digit of the SIREN that follows. */
    private static boolean isFrench(String value) {
        String siren = value.substring(2);
        return Checks.luhn(siren) && (12 + 3 * mod(siren, 0, 9, 97)) % 97 == number(value, 0, 2);
    }

    private static boolean isBritish(String value) {
        int sum = weighted(value, 8, 7, 6, 5, 4, 3, 2) + number(value, 7, 9);
        return number(value, 0, 7) != 0 && (sum % 97 == 0 || (sum + 55) % 97 == 0);
    }

    /** The modulus 11 of the old numbers, or the modulus 97 of those of sole traders since 2020. */
    private static boolean isDutch(String value) {
        return weighted(value, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 || Checks.mod97("NL" + value) == 1;
    }

    private static boolean isSpanishPerson(String value) {
        return SouthEurope.nifLetter(number(value, 0, 8)) == value.charAt(8);
    }

    /** CIF: Luhn over seven digits, given as a digit or as a letter, or the number of a foreigner. */
    private static boolean isSpanishCompany(String value) {
        char kind = value.charAt(0);
        if (kind >= 'X') {
            return SouthEurope.nifLetter((kind - 'X') * 10_000_000 + number(value, 1, 8)) == value.charAt(8);
        }
        int check = 0;
        while (!Checks.luhn(value.substring(1, 8) + check)) {
            check++;
        }
        char last = value.charAt(8);
        return "ABCDEFGHJNPQRSUVW".indexOf(kind) >= 0 && (last == '0' + check || last == "JABCDEFGHI".charAt(check));
    }
}
