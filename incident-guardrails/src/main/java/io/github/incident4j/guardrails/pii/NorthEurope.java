// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** Person numbers of the Nordic and Baltic countries. Each method names the source of the format. */
final class NorthEurope {
    private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    private NorthEurope() {}

    static List<Recogniser> rules() {
        return List.of(
                fiHetu(), noFodselsnummer(), sePersonnummer(), dkCpr(), isKennitala(), balticCode(), lvPersonasKods());
    }

    /**
     * Swedish Tax Agency, SKV 704: a date, where a coordination number adds 60 to the day, and Luhn over ten digits.
     */
    static LayoutRecogniser sePersonnummer() {
        return rule("se-personnummer", "99999999-9999", "999999-9999", "999999+9999", "999999999999", "9999999999")
                .check(value -> isPersonnummer(value.substring(value.length() - 10))
                        && (value.length() == 10 || value.startsWith("19") || value.startsWith("20")))
                .context("personnummer", "samordningsnummer", "pnr")
                .confidence(0.35, 0.7, 0.95);
    }

    private static boolean isPersonnummer(String value) {
        int day = number(value, 4, 6);
        return isDay(number(value, 2, 4), day > 60 ? day - 60 : day) && Checks.luhn(value);
    }

    /** Danish CPR office: date of birth and serial; the check digit was given up in 2007. */
    static LayoutRecogniser dkCpr() {
        return rule("dk-cpr", "999999-9999", "999999_9999")
                .check(value -> isDay(number(value, 2, 4), number(value, 0, 2))
                        && (!value.startsWith("2902") || number(value, 4, 6) % 4 == 0))
                .context("cpr", "cprnr", "cprnummer", "personnummer")
                .confidence(0.2, 0.45, 0.9);
    }

    /** Finnish Digital and Population Data Services Agency: date, sign of the century, serial, modulus 31. */
    static LayoutRecogniser fiHetu() {
        return rule("fi-hetu", "999999-999X", "999999+999X", "999999A999X")
                .check(NorthEurope::isHetu)
                .context("hetu", "henkilötunnus", "personbeteckning")
                .confidence(0.9, 0.9, 0.95);
    }

    private static boolean isHetu(String value) {
        boolean lettered = value.length() == 11;
        if (lettered && "YXWVUABCDEF".indexOf(value.charAt(6)) < 0) {
            return false;
        }
        String digits = value.substring(0, 6) + value.substring(lettered ? 7 : 6, value.length() - 1);
        return isDay(number(value, 2, 4), number(value, 0, 2))
                && HETU.charAt(number(digits, 0, 9) % 31) == value.charAt(value.length() - 1);
    }

    /** Norwegian Tax Administration: date (40 more in the day, or in the month), two check digits of modulus 11. */
    static LayoutRecogniser noFodselsnummer() {
        return rule("no-fodselsnummer", "999999_99999")
                .check(value -> isDay(number(value, 2, 4) % 40, number(value, 0, 2) % 40)
                        && weighted(value, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0
                        && weighted(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0)
                .context("fødselsnummer", "fodselsnummer", "personnummer", "fnr")
                .confidence(0.55, 0.7, 0.95);
    }

    /** Registers Iceland, kennitala: date, weights 3, 2, 7, 6, 5, 4, 3, 2, modulus 11. */
    static LayoutRecogniser isKennitala() {
        return rule("is-kennitala", "999999_9999")
                .check(value -> isDay(number(value, 2, 4), number(value, 0, 2) % 40)
                        && "089".indexOf(value.charAt(9)) >= 0
                        && weighted(value, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0)
                .context("kennitala", "kt")
                .confidence(0.4, 0.5, 0.95);
    }

    /** The personal codes of Estonia and Lithuania: century, date, serial, and one of two sums of modulus 11. */
    static LayoutRecogniser balticCode() {
        return rule("baltic-personal-code", "99999999999")
                .check(NorthEurope::isBaltic)
                .context("isikukood", "asmens", "kodas", "ik")
                .confidence(0.4, 0.4, 0.95);
    }

    private static boolean isBaltic(String value) {
        int check = weighted(value, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        if (check == 10) {
            check = weighted(value, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10;
        }
        return value.charAt(0) >= '1'
                && value.charAt(0) <= '8'
                && isDay(number(value, 3, 5), number(value, 5, 7))
                && check == digit(value, 10);
    }

    /** Latvian personal code: a date with a check digit, or, since 2017, a number that begins with 32 and has none. */
    static LayoutRecogniser lvPersonasKods() {
        return rule("lv-personas-kods", "999999-99999", "99999999999")
                .check(value -> value.startsWith("32")
                        || (isDay(number(value, 2, 4), number(value, 0, 2))
                                && value.charAt(6) <= '2'
                                && (1 + weighted(value, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9)) % 11 % 10 == digit(value, 10)))
                .context("personas", "kods", "pk")
                .confidence(0.2, 0.45, 0.95);
    }
}
