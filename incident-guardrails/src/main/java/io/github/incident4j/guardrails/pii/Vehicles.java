// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.List;

/** What names a vehicle. Each method names the source of the format. */
final class Vehicles {
    private static final int[] VIN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    /** What the letters A to Z count; I, O and Q do not occur. */
    private static final String VIN_LETTERS = "12345678 12345 7 923456789";

    private Vehicles() {}

    static List<Recogniser> rules() {
        return List.of(vin(), plate());
    }

    /**
     * ISO 3779: 17 signs without I, O and Q. The check digit in the ninth place is the law in North America and China
     * only (49 CFR 565.15); other numbers count near a context word.
     */
    static Recogniser vin() {
        LayoutRecogniser checked = rule("vin", "XXXXXXXXXXXXXXXXX")
                .check(value -> isVin(value) && hasVinCheck(value))
                .context("vin", "chassis", "vehicle", "fin", "fahrgestellnummer", "fahrzeug", "bastidor", "telaio")
                .confidence(0.8, 0.8, 0.95);
        return Anchored.either(
                checked,
                checked.check(value -> isVin(value) && !isNorthAmerican(value)).confidence(0.2, 0.2, 0.9));
    }

    private static boolean isVin(String value) {
        boolean letter = false;
        boolean digit = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 'I' || c == 'O' || c == 'Q') {
                return false;
            }
            letter |= c >= 'A';
            digit |= c <= '9';
        }
        return letter && digit && value.charAt(16) <= '9' && value.charAt(15) <= '9';
    }

    /** Whether the region is North America, where the check digit is binding: 49 CFR 565. */
    private static boolean isNorthAmerican(String value) {
        return value.charAt(0) >= '1' && value.charAt(0) <= '5';
    }

    private static boolean hasVinCheck(String value) {
        int sum = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            sum += VIN_WEIGHTS[i] * ((c >= 'A' ? VIN_LETTERS.charAt(c - 'A') : c) - '0');
        }
        return "0123456789X".charAt(sum % 11) == value.charAt(8);
    }

    /** The forms of plates of Europe and North America; they count only near a context word. */
    static LayoutRecogniser plate() {
        return rule(
                        "licence-plate",
                        "AA99_AAA",
                        "AA_999_AA",
                        "AAA_9999",
                        "AAA_999",
                        "A-AA 9999",
                        "AA-AA 9999",
                        "AAA-AA 9999",
                        "A-AA 999",
                        "AA-AA 999",
                        "AAA-AA 999",
                        "AA-A 999",
                        "A-A 9999",
                        "AA-A 9999",
                        "9999_AAA",
                        "9AAA999",
                        "AA_99999",
                        "AA_999999",
                        "99_AAA_9",
                        "9_AAA_99",
                        "99_AA_99",
                        "AA_99_AA")
                .context(
                        "plate",
                        "plates",
                        "registration",
                        "numberplate",
                        "kennzeichen",
                        "nummernschild",
                        "immatriculation",
                        "plaque",
                        "matrícula",
                        "targa",
                        "kenteken",
                        "placa")
                .confidence(0.05, 0.1, 0.75);
    }
}
