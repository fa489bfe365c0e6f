// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.mod;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** Person numbers of France, the Low Countries and the Alps. Each method names the source of the format. */
final class WestEurope {
    private WestEurope() {}

    static List<Recogniser> rules() {
        return List.of(chAhv(), frNir(), beNationalNumber(), nlBsn(), atSvnr());
    }

    /** INSEE, "Numéro d'inscription au répertoire": key 97 minus the number modulo 97, Corsica's 2A as 19, 2B as 18. */
    static LayoutRecogniser frNir() {
        return rule("fr-nir", "9_99_99_9X_999_999_99", "999999X999999_99")
                .check(WestEurope::isNir)
                .context("nir", "insee", "sécurité", "securite", "sociale")
                .confidence(0.8, 0.9, 0.95);
    }

    private static boolean isNir(String value) {
        char department = value.charAt(6);
        int month = number(value, 3, 5);
        if ("123478".indexOf(value.charAt(0)) < 0
                || !((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50)
                || (department >= 'A' && (value.charAt(5) != '2' || department > 'B'))) {
            return false;
        }
        String digits = value.replace("2A", "19").replace("2B", "18");
        return 97 - Checks.mod97(digits.substring(0, 13)) == number(digits, 13, 15);
    }

    /** Belgian national register: 97 less the remainder of nine digits, with a 2 before them from the year 2000 on. */
    static LayoutRecogniser beNationalNumber() {
        return rule("be-national-number", "99.99.99-999.99", "99.99.99-999-99", "999999-999-99", "99_99_99_999_99")
                .check(WestEurope::isBelgian)
                .context("rijksregister", "rijksregisternummer", "national", "registre", "niss", "insz", "rrn", "nn")
                .confidence(0.5, 0.9, 0.95);
    }

    private static boolean isBelgian(String value) {
        int month = number(value, 2, 4) % 20;
        int check = number(value, 9, 11);
        return month <= 12
                && number(value, 4, 6) <= 31
                && number(value, 6, 9) > 0
                && (97 - mod(value, 0, 9, 97) == check || 97 - mod("2" + value, 0, 10, 97) == check);
    }

    /** Dutch tax administration, BSN: weights 9 to 2 and -1, modulus 11. */
    static LayoutRecogniser nlBsn() {
        return rule("nl-bsn", "9999_99_999", "999_999_999")
                .check(value -> !isRepeated(value) && weighted(value, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0)
                .context("bsn", "burgerservicenummer", "sofinummer", "sofi")
                .confidence(0.2, 0.4, 0.95);
    }

    /** Austrian social insurance: serial, check digit, date of birth; the month may go on to 15. */
    static LayoutRecogniser atSvnr() {
        return rule("at-svnr", "9999_999999", "9999_99_99_99")
                .check(value -> value.charAt(0) != '0'
                        && number(value, 4, 6) >= 1
                        && number(value, 4, 6) <= 31
                        && number(value, 6, 8) >= 1
                        && number(value, 6, 8) <= 15
                        && weighted(value, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == digit(value, 3))
                .context("svnr", "sozialversicherungsnummer", "versicherungsnummer", "vsnr", "sv", "ecard")
                .confidence(0.35, 0.45, 0.95);
    }

    /** Swiss Central Compensation Office, AHV number: country 756 and the check digit of an EAN-13. */
    static LayoutRecogniser chAhv() {
        return rule("ch-ahv", "756.9999.9999.99", "756_9999_9999_99")
                .check(value -> weighted(value, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0)
                .context("ahv", "avs", "navs", "sozialversicherungsnummer")
                .confidence(0.8, 0.95, 0.95);
    }
}
