// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.digit;
import static io.github.incident4j.guardrails.pii.Checks.isDay;
import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import java.util.Arrays;
import java.util.Set;

/**
 * Identifiers with a fixed layout. Each method names the source of the format. Confidences are those of a bare value,
 * of one with separators, and of one with a context word nearby; half is where a match begins to count.
 */
final class Identifiers {
    private static final Set<String> NO_NINO = Set.of("BG", "GB", "KN", "NK", "NT", "TN", "ZZ");
    private static final Set<Integer> MAESTRO = Set.of(5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763);
    private static final String NIF = "TRWAGMYFPDXBNJZSQVHLCKE";
    /** What a character of a codice fiscale counts at the odd places, 0 to 9 being also A to J. */
    private static final int[] CODICE_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private static final String CODICE_DIGITS = "LMNPQRSTUV";
    private static final String CODICE_MONTHS = "ABCDEHLMPRST";

    private Identifiers() {}

    private static LayoutRecogniser rule(String rule, String... layouts) {
        return LayoutRecogniser.of(rule, Pii.CATEGORY, layouts);
    }

    /** ISO/IEC 7812-1; the issuers' published ranges. */
    static LayoutRecogniser creditCard() {
        return rule(
                        "credit-card",
                        "9999_9999_9999_9999_999",
                        "999999999999999999",
                        "99999999999999999",
                        "9999_9999_9999_9999",
                        "9999_999999_99999",
                        "999999999999999",
                        "9999_999999_9999",
                        "9999_9999_9999_99",
                        "9999_999_999_999",
                        "9999_9999_9999_9")
                .check(value -> isIssued(value) && Checks.luhn(value))
                .context(
                        "card",
                        "credit",
                        "visa",
                        "mastercard",
                        "amex",
                        "pan",
                        "karte",
                        "kreditkarte",
                        "carte",
                        "tarjeta",
                        "carta")
                .confidence(0.6, 0.8, 0.95);
    }

    private static boolean isIssued(String card) {
        int length = card.length();
        int four = number(card, 0, 4);
        int two = four / 100;
        if (card.charAt(0) == '4') {
            return length == 13 || length == 16 || length == 19;
        }
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) {
            return length == 16;
        }
        if (two == 34 || two == 37) {
            return length == 15;
        }
        if ((four >= 3000 && four <= 3059) || four == 3095 || two == 36 || two == 38 || two == 39) {
            return length == 14 || length == 16 || length == 19;
        }
        if (four == 6011 || (four >= 6440 && four <= 6599) || (four >= 3528 && four <= 3589) || two == 62) {
            return length >= 16;
        }
        return MAESTRO.contains(four);
    }

    /** Social Security Administration, POMS RM 10201.035: no group of zeros, no area 000, 666 or 9xx. */
    static LayoutRecogniser usSsn() {
        return rule("us-ssn", "999_99_9999")
                .check(value -> !value.startsWith("000")
                        && !value.startsWith("666")
                        && value.charAt(0) != '9'
                        && number(value, 3, 5) != 0
                        && number(value, 5, 9) != 0)
                .context("ssn", "social", "security")
                .confidence(0.2, 0.7, 0.95);
    }

    /** Internal Revenue Manual 3.21.263: begins with 9, the group in the ranges given out. */
    static LayoutRecogniser usItin() {
        return rule("us-itin", "999_99_9999")
                .check(value -> value.charAt(0) == '9' && isItinGroup(number(value, 3, 5)))
                .context("itin", "taxpayer", "individual", "tin")
                .confidence(0.2, 0.7, 0.95);
    }

    private static boolean isItinGroup(int group) {
        return (group >= 50 && group <= 65) || (group >= 70 && group <= 99 && group != 89 && group != 93);
    }

    /** American Bankers Association, Routing Number Policy: weights 3, 7, 1 and the Federal Reserve's prefixes. */
    static LayoutRecogniser usAbaRouting() {
        return rule("us-aba-routing", "9999_9999_9", "999999999")
                .check(value -> isAbaPrefix(number(value, 0, 2))
                        && !isRepeated(value)
                        && weighted(value, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0)
                .context("routing", "aba", "rtn", "wire", "ach")
                .confidence(0.25, 0.4, 0.95);
    }

    private static boolean isAbaPrefix(int prefix) {
        return prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80;
    }

    /** NHS Data Dictionary, "NHS number": weights 10 to 2, modulus 11. */
    static LayoutRecogniser ukNhs() {
        return rule("uk-nhs", "999_999_9999")
                .check(value -> !isRepeated(value)
                        && (11 - weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 == digit(value, 9))
                .context("nhs", "patient", "health")
                .confidence(0.2, 0.4, 0.95);
    }

    /** HM Revenue and Customs, National Insurance Manual NIM39110. It has no checksum. */
    static LayoutRecogniser ukNino() {
        return rule("uk-nino", "AA_99_99_99_A", "AA_999999_A")
                .check(value -> "DFIQUV".indexOf(value.charAt(0)) < 0
                        && "DFIQUVO".indexOf(value.charAt(1)) < 0
                        && !NO_NINO.contains(value.substring(0, 2))
                        && value.charAt(8) <= 'D')
                .context("nino", "insurance", "ni")
                .confidence(0.7, 0.8, 0.95);
    }

    /** Spanish Ministry of the Interior, "Cálculo del dígito de control del NIF/NIE": the number modulo 23. */
    static LayoutRecogniser esNif() {
        return rule("es-nif", "99999999_A", "99.999.999-A", "99.999.999A")
                .check(value -> NIF.charAt(number(value, 0, 8) % 23) == value.charAt(8))
                .context("nif", "dni", "documento")
                .confidence(0.7, 0.8, 0.95);
    }

    /** As the NIF, with X, Y, Z in the place of 0, 1, 2. */
    static LayoutRecogniser esNie() {
        return rule("es-nie", "A_9999999_A")
                .check(value -> value.charAt(0) >= 'X'
                        && NIF.charAt(((value.charAt(0) - 'X') * 10_000_000 + number(value, 1, 8)) % 23)
                                == value.charAt(8))
                .context("nie", "extranjero")
                .confidence(0.7, 0.8, 0.95);
    }

    /** Decree of the Italian Ministry of Finance of 23 December 1976, with the letters for digits of equal codes. */
    static LayoutRecogniser itCodiceFiscale() {
        return rule("it-codice-fiscale", "AAA_AAA_XXAXX_AXXXA")
                .check(Identifiers::isCodiceFiscale)
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

    /**
     * German Federal Central Tax Office: ISO/IEC 7064 MOD 11,10, and of the first ten digits one comes twice or thrice.
     * Invented numbers often break the second rule; these count only near a context word.
     */
    static Recogniser deTaxId() {
        LayoutRecogniser likely = rule("de-tax-id", "99_999_999_999")
                .check(value -> isDeTaxId(value) && hasOneRepeatedDigit(value))
                .context("steuer", "steueridentifikationsnummer", "steuernummer", "idnr", "tax", "tin")
                .confidence(0.6, 0.8, 0.95);
        LayoutRecogniser invented = likely.check(Identifiers::isDeTaxId).confidence(0.3, 0.4, 0.9);
        return new Anchored(likely.rule(), likely.triggers(), true, likely.context(), (view, at) -> {
            Hit hit = likely.find(view, at);
            return hit == null ? invented.find(view, at) : hit;
        });
    }

    private static boolean isDeTaxId(String value) {
        return value.charAt(0) != '0' && maximum(counts(value)) <= 3 && Checks.mod11and10(value);
    }

    private static boolean hasOneRepeatedDigit(String value) {
        return Arrays.stream(counts(value)).filter(count -> count > 1).count() == 1;
    }

    /** How often each digit stands among the first ten. */
    private static int[] counts(String value) {
        int[] counts = new int[10];
        for (int i = 0; i < 10; i++) {
            counts[digit(value, i)]++;
        }
        return counts;
    }

    private static int maximum(int[] counts) {
        return Arrays.stream(counts).max().orElse(0);
    }

    /** INSEE, "Numéro d'inscription au répertoire": key 97 minus the number modulo 97, Corsica's 2A as 19, 2B as 18. */
    static LayoutRecogniser frNir() {
        return rule("fr-nir", "9_99_99_9X_999_999_99", "999999X999999_99")
                .check(Identifiers::isNir)
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

    /** Polish Ministry of Digital Affairs, "PESEL": weights 1, 3, 7, 9; the century is in the month. */
    static LayoutRecogniser plPesel() {
        return rule("pl-pesel", "99999999999")
                .check(value -> isDay(number(value, 2, 4) % 20, number(value, 4, 6))
                        && weighted(value, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0)
                .context("pesel")
                .confidence(0.4, 0.4, 0.95);
    }

    /** UIDAI: twelve digits, the first from 2, Verhoeff's check digit. */
    static LayoutRecogniser inAadhaar() {
        return rule("in-aadhaar", "9999_9999_9999")
                .check(value -> value.charAt(0) >= '2' && !isRepeated(value) && Checks.verhoeff(value))
                .context("aadhaar", "aadhar", "uid", "uidai")
                .confidence(0.35, 0.7, 0.95);
    }

    /** Income Tax Department of India: the fourth letter is the kind of holder. Its checksum is not public. */
    static LayoutRecogniser inPan() {
        return rule("in-pan", "AAAAA9999A")
                .check(value -> "ABCFGHJLPT".indexOf(value.charAt(3)) >= 0 && !value.startsWith("0000", 5))
                .context("pan", "permanent", "tax")
                .confidence(0.6, 0.6, 0.95);
    }

    /** Australian Taxation Office: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulus 11. */
    static LayoutRecogniser auTfn() {
        return rule("au-tfn", "999_999_999")
                .check(value -> !isRepeated(value) && weighted(value, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0)
                .context("tfn", "tax")
                .confidence(0.2, 0.4, 0.95);
    }

    /** Australian Business Register: one less in the first digit, modulus 89. */
    static LayoutRecogniser auAbn() {
        return rule("au-abn", "99_999_999_999")
                .check(value -> value.charAt(0) != '0'
                        && (weighted(value, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0)
                .context("abn", "business")
                .confidence(0.4, 0.8, 0.95);
    }

    /** Services Australia: the ninth digit checks eight with the weights 1, 3, 7, 9; the tenth is the issue. */
    static LayoutRecogniser auMedicare() {
        return rule("au-medicare", "9999_99999_9_9", "9999_99999_9")
                .check(value -> value.charAt(0) >= '2'
                        && value.charAt(0) <= '6'
                        && value.charAt(9) != '0'
                        && weighted(value, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == digit(value, 8))
                .context("medicare", "irn")
                .confidence(0.25, 0.6, 0.95);
    }

    /** Singapore's NRIC and FIN. The authority does not publish the check letters; they are as widely implemented. */
    static LayoutRecogniser sgNric() {
        return rule("sg-nric", "A9999999A")
                .check(Identifiers::isNric)
                .context("nric", "fin", "singapore")
                .confidence(0.8, 0.8, 0.95);
    }

    private static boolean isNric(String value) {
        int series = "STFGM".indexOf(value.charAt(0));
        if (series < 0) {
            return false;
        }
        int offset = series == 4 ? 3 : series % 2 * 4;
        int place = (weighted(value.substring(1), 2, 7, 6, 5, 4, 3, 2) + offset) % 11;
        String letters = series < 2 ? "JZIHGFEDCBA" : series < 4 ? "XWUTRQPNMLK" : "XWUTRQPNJLK";
        return letters.charAt(place) == value.charAt(8);
    }

    /** Receita Federal: two check digits, modulus 11. */
    static LayoutRecogniser brCpf() {
        return rule("br-cpf", "999.999.999-99", "999_999_999_99")
                .check(value -> !isRepeated(value)
                        && weighted(value, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 9)
                        && weighted(value, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 10))
                .context("cpf", "contribuinte")
                .confidence(0.4, 0.9, 0.95);
    }

    /** Receita Federal, Normative Instruction 2,229/2024: letters count as their ASCII code less 48. */
    static LayoutRecogniser brCnpj() {
        return rule("br-cnpj", "XX.XXX.XXX/XXXX-99", "XXXXXXXXXXXX99")
                .check(value -> !isRepeated(value) && isCnpj(value))
                .context("cnpj", "empresa")
                .confidence(0.4, 0.9, 0.95);
    }

    private static boolean isCnpj(String value) {
        return weighted(value, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 12)
                && weighted(value, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == digit(value, 13);
    }

    /** Employment and Social Development Canada, "Social Insurance Number": Luhn. */
    static LayoutRecogniser caSin() {
        return rule("ca-sin", "999_999_999")
                .check(value -> !isRepeated(value) && Checks.luhn(value))
                .context("sin", "insurance", "nas")
                .confidence(0.2, 0.4, 0.95);
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
}
