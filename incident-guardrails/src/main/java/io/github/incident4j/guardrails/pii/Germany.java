// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.Arrays;
import java.util.List;

/** Person, health and document numbers of Germany. Each method names the source of the format. */
final class Germany {
    private static final String DOCUMENT = "CFGHJKLMNPRTVWXYZ";

    private Germany() {}

    static List<Recogniser> rules() {
        return List.of(deSocialSecurity(), deTaxId(), deHealthInsurance(), deIdCard(), deLanr());
    }

    /**
     * German Federal Central Tax Office, § 139b of the Fiscal Code and § 1 of its ordinance: eleven digits, the first
     * not 0; of the first ten one comes twice or thrice and no other more than once; ISO/IEC 7064 MOD 11,10.
     */
    static LayoutRecogniser deTaxId() {
        return rule("de-tax-id", "99_999_999_999")
                .check(value -> value.charAt(0) != '0' && hasOneRepeatedDigit(value) && Checks.mod11and10(value))
                .context(
                        "steuer",
                        "steueridentifikationsnummer",
                        "steuernummer",
                        "steueridnr",
                        "idnr",
                        "identifikationsnummer",
                        "tax",
                        "tin")
                .confidence(0.6, 0.8, 0.95);
    }

    private static boolean hasOneRepeatedDigit(String value) {
        int[] counts = new int[10];
        for (int i = 0; i < 10; i++) {
            counts[digit(value, i)]++;
        }
        int[] repeated = Arrays.stream(counts).filter(count -> count > 1).toArray();
        return repeated.length == 1 && repeated[0] <= 3;
    }

    /**
     * Ordinance on identity cards, annex: the nine signs of a card's or passport's serial number are digits and
     * consonants, the first a letter; a tenth is the check digit of ICAO 9303, which the serial number itself has not.
     */
    static Recogniser deIdCard() {
        LayoutRecogniser checked = rule("de-id-card", "AXXXXXXXX9")
                .check(value -> hasDocumentSigns(value) && Checks.icao(value, 0, 9) == digit(value, 9))
                .context(
                        "ausweis",
                        "ausweisnummer",
                        "personalausweis",
                        "personalausweisnummer",
                        "perso",
                        "reisepass",
                        "reisepassnummer",
                        "passnummer",
                        "identity")
                .confidence(0.45, 0.45, 0.95);
        LayoutRecogniser serial =
                rule("de-id-card", "AXXXXXXXX").check(Germany::hasDocumentSigns).confidence(0.2, 0.2, 0.9);
        return Anchored.either(checked, serial).withDigitWithin(9);
    }

    private static boolean hasDocumentSigns(String value) {
        boolean digits = false;
        for (int i = 0; i < 9; i++) {
            char c = value.charAt(i);
            if (c >= 'A' && DOCUMENT.indexOf(c) < 0) {
                return false;
            }
            digits |= c < 'A';
        }
        return digits;
    }

    /**
     * German pension insurance, § 2 of the ordinance on insurance numbers: office, date of birth, initial, serial, and
     * the sum of the digits of the products.
     */
    static LayoutRecogniser deSocialSecurity() {
        return rule("de-social-security", "99_999999_A_99_9", "99_999999_A_999")
                .check(Germany::isSocialSecurity)
                .context(
                        "rentenversicherungsnummer",
                        "sozialversicherungsnummer",
                        "versicherungsnummer",
                        "rvnr",
                        "svnr",
                        "vsnr",
                        "rente",
                        "sozialversicherung")
                .confidence(0.9, 0.9, 0.95);
    }

    private static boolean isSocialSecurity(String value) {
        int letter = value.charAt(8) - 'A' + 1;
        String digits = value.substring(0, 8) + letter / 10 + letter % 10 + value.substring(9, 11);
        int day = number(value, 2, 4);
        return number(value, 0, 2) >= 2
                && isDay(number(value, 4, 6), day > 32 ? day - 32 : day)
                && crossSum(digits, 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1) % 10 == digit(value, 11);
    }

    /** The sum of the digits of the products of the digits and their weights. */
    private static int crossSum(String digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            int product = digit(digits, i) * weights[i];
            sum += product / 10 + product % 10;
        }
        return sum;
    }

    /** § 290 of Social Code V: a letter as its place in the alphabet, eight digits, weights 1 and 2. */
    static LayoutRecogniser deHealthInsurance() {
        return rule("de-health-insurance", "A_999_999_999", "A999999999")
                .check(value -> {
                    int letter = value.charAt(0) - 'A' + 1;
                    String digits = "" + letter / 10 + letter % 10 + value.substring(1, 9);
                    return crossSum(digits, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2) % 10 == digit(value, 9);
                })
                .context(
                        "krankenversichertennummer",
                        "krankenversicherungsnummer",
                        "versichertennummer",
                        "versichertennr",
                        "kvnr",
                        "krankenkasse",
                        "gesundheitskarte",
                        "egk")
                .confidence(0.4, 0.4, 0.95);
    }

    /**
     * National Association of Statutory Health Insurance Physicians, number of a doctor: weights 4 and 9, the
     * difference to the next ten; then two digits of the specialty.
     */
    static LayoutRecogniser deLanr() {
        return rule("de-lanr", "9999999_99")
                .check(value -> (10 - weighted(value, 4, 9, 4, 9, 4, 9) % 10) % 10 == digit(value, 6)
                        && !value.startsWith("0000000"))
                .context("lanr", "arztnummer", "arzt", "ärztin")
                .confidence(0.2, 0.2, 0.95);
    }
}
