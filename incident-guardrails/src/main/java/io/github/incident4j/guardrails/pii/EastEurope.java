// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.mod;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** Person numbers of central and eastern Europe. Each method names the source of the format. */
final class EastEurope {
    private EastEurope() {}

    static List<Recogniser> rules() {
        return List.of(czRodneCislo(), roCnp(), plPesel(), bgEgn(), huPersonalId(), huTaj());
    }

    /** Polish Ministry of Digital Affairs, "PESEL": weights 1, 3, 7, 9; the century is in the month. */
    static LayoutRecogniser plPesel() {
        return rule("pl-pesel", "99999999999")
                .check(value -> isDay(number(value, 2, 4) % 20, number(value, 4, 6))
                        && weighted(value, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0)
                .context("pesel")
                .confidence(0.4, 0.4, 0.95);
    }

    /** Czech and Slovak birth number: date (50 more for women, 20 more in a full day), divisible by 11. */
    static LayoutRecogniser czRodneCislo() {
        return rule("cz-rodne-cislo", "999999/9999", "999999/999", "9999999999")
                .check(EastEurope::isRodneCislo)
                .context("rodné", "rodne", "číslo", "cislo", "rč", "rc")
                .confidence(0.35, 0.75, 0.95);
    }

    private static boolean isRodneCislo(String value) {
        boolean dated = isDay(number(value, 2, 4) % 50 % 20, number(value, 4, 6));
        // Nine digits were given out until 1953.
        return dated && (value.length() == 9 ? number(value, 0, 2) < 54 : mod(value, 0, 9, 11) % 10 == digit(value, 9));
    }

    /** Romanian CNP: century and sex, date, county, weights 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, modulus 11. */
    static LayoutRecogniser roCnp() {
        return rule("ro-cnp", "9999999999999")
                .check(value -> value.charAt(0) != '0'
                        && isDay(number(value, 3, 5), number(value, 5, 7))
                        && number(value, 7, 9) <= 52
                        && weighted(value, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11 % 10
                                        + (weighted(value, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11) / 10
                                == digit(value, 12))
                .context("cnp", "numeric")
                .confidence(0.45, 0.45, 0.95);
    }

    /** Bulgarian EGN: date (20 more in the month before 1900, 40 from 2000), weights 2, 4, 8, 5, 10, 9, 7, 3, 6. */
    static LayoutRecogniser bgEgn() {
        return rule("bg-egn", "9999999999")
                .check(EastEurope::isEgn)
                .context("egn", "егн")
                .confidence(0.35, 0.35, 0.95);
    }

    static boolean isEgn(String value) {
        return isDay(number(value, 2, 4) % 20, number(value, 4, 6))
                && number(value, 2, 4) <= 52
                && weighted(value, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == digit(value, 9);
    }

    /** Hungarian Act XX of 1996, annex: sex and century, date, serial; weights 1 to 10, or 10 to 1 from 1997. */
    static LayoutRecogniser huPersonalId() {
        return rule("hu-personal-id", "9_999999_9999")
                .check(value -> value.charAt(0) != '0'
                        && isDay(number(value, 3, 5), number(value, 5, 7))
                        && (weighted(value, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) % 11 == digit(value, 10)
                                || weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == digit(value, 10)))
                .context("személyi", "azonosító", "személyazonosító")
                .confidence(0.35, 0.6, 0.95);
    }

    /** The same act, health insurance number (TAJ): weights 3 and 7. */
    static LayoutRecogniser huTaj() {
        return rule("hu-taj", "999_999_999")
                .check(value -> !isRepeated(value) && weighted(value, 3, 7, 3, 7, 3, 7, 3, 7) % 10 == digit(value, 8))
                .context("taj", "tajszám")
                .confidence(0.2, 0.4, 0.95);
    }
}
