// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** Person and tax numbers of southern Europe and Turkey. Each method names the source of the format. */
final class SouthEurope {
    private static final String NIF = "TRWAGMYFPDXBNJZSQVHLCKE";
    /** What a character of a codice fiscale counts at the odd places, 0 to 9 being also A to J. */
    private static final int[] CODICE_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private static final String CODICE_DIGITS = "LMNPQRSTUV";
    private static final String CODICE_MONTHS = "ABCDEHLMPRST";

    private SouthEurope() {}

    static List<Recogniser> rules() {
        return List.of(itCodiceFiscale(), esNif(), esNie(), ptNif(), grAmka(), trKimlik(), hrOib(), jmbg());
    }

    /** Spanish Ministry of the Interior, "Cálculo del dígito de control del NIF/NIE": the number modulo 23. */
    static Recogniser esNif() {
        LayoutRecogniser nif = rule("es-nif", "99999999_A", "99.999.999-A", "99.999.999A")
                .check(SouthEurope::isNif)
                .context("nif", "dni", "documento")
                .confidence(0.7, 0.8, 0.95);
        // Older ones are written without the zero before their seven digits.
        LayoutRecogniser old = rule("es-nif", "9999999_A", "9.999.999-A", "9.999.999A")
                .check(SouthEurope::isNif)
                .context("nif", "dni", "documento")
                .confidence(0.2, 0.3, 0.9);
        return Anchored.either(nif, old);
    }

    private static boolean isNif(String value) {
        int last = value.length() - 1;
        return nifLetter(number(value, 0, last)) == value.charAt(last);
    }

    static char nifLetter(int number) {
        return NIF.charAt(number % 23);
    }

    /** As the NIF, with X, Y, Z in the place of 0, 1, 2. */
    static LayoutRecogniser esNie() {
        return rule("es-nie", "A_9999999_A", "A9999999_A", "A_9999999A")
                .check(value -> value.charAt(0) >= 'X'
                        && nifLetter((value.charAt(0) - 'X') * 10_000_000 + number(value, 1, 8)) == value.charAt(8))
                .context("nie", "extranjero")
                .confidence(0.7, 0.8, 0.95);
    }

    /** Decree of the Italian Ministry of Finance of 23 December 1976, with the letters for digits of equal codes. */
    static LayoutRecogniser itCodiceFiscale() {
        return rule("it-codice-fiscale", "AAA_AAA_XXAXX_AXXXA")
                .check(SouthEurope::isCodiceFiscale)
                .context("codice", "fiscale", "cf")
                .confidence(0.9, 0.9, 0.95);
    }

    private static boolean isCodiceFiscale(String value) {
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = value.charAt(i);
            boolean inNumber = i == 6 || i == 7 || i == 9 || i == 10 || i >= 12;
            if (inNumber && c >= 'A' && CODICE_DIGITS.indexOf(c) < 0) {
                return false;
            }
            int place = c >= 'A' ? c - 'A' : c - '0';
            sum += i % 2 == 0 ? CODICE_ODD[place] : place;
        }
        return CODICE_MONTHS.indexOf(value.charAt(8)) >= 0 && 'A' + sum % 26 == value.charAt(15);
    }

    /** Portuguese Decree-Law 14/2013: weights 9 to 2, modulus 11. */
    static LayoutRecogniser ptNif() {
        return rule("pt-nif", "999_999_999")
                .check(SouthEurope::isPortuguese)
                .context("nif", "contribuinte", "contribuintes", "fiscal")
                .confidence(0.2, 0.4, 0.95);
    }

    static boolean isPortuguese(String value) {
        return "1235689".indexOf(value.charAt(0)) >= 0
                && (11 - weighted(value, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10 == digit(value, 8);
    }

    /** Greek social security, AMKA: date of birth and Luhn. */
    static LayoutRecogniser grAmka() {
        return rule("gr-amka", "99999999999")
                .check(value -> isDay(number(value, 2, 4), number(value, 0, 2)) && Checks.luhn(value))
                .context("amka", "αμκα")
                .confidence(0.4, 0.4, 0.95);
    }

    /** Turkish civil registration: two check digits. */
    static LayoutRecogniser trKimlik() {
        return rule("tr-kimlik", "99999999999")
                .check(value -> value.charAt(0) != '0'
                        && weighted(value, 7, 9, 7, 9, 7, 9, 7, 9, 7) % 10 == digit(value, 9)
                        && weighted(value, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10 == digit(value, 10))
                .context("kimlik", "tc", "tckn", "vatandaşlık")
                .confidence(0.4, 0.4, 0.95);
    }

    /** Croatian OIB, Official Gazette 60/08: ISO/IEC 7064 MOD 11,10. */
    static LayoutRecogniser hrOib() {
        return rule("hr-oib", "99999999999")
                .check(value -> !isRepeated(value) && Checks.mod11and10(value))
                .context("oib", "osobni")
                .confidence(0.3, 0.3, 0.95);
    }

    /** The citizen's number of Slovenia (EMŠO), Serbia, Bosnia, Montenegro and North Macedonia: date, modulus 11. */
    static LayoutRecogniser jmbg() {
        return rule("jmbg", "9999999999999")
                .check(value -> isDay(number(value, 2, 4), number(value, 0, 2))
                        && (value.charAt(4) == '9' || value.charAt(4) == '0')
                        && (11 - weighted(value, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10
                                == digit(value, 12))
                .context("jmbg", "emšo", "emso", "jmb", "embg", "matični")
                .confidence(0.45, 0.45, 0.95);
    }
}
