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

/** Person and tax numbers of Asia. Each method names the source of the format. */
final class Asia {
    private static final String TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

    private Asia() {}

    static List<Recogniser> rules() {
        return List.of(
                inGstin(),
                cnResidentId(),
                krRrn(),
                sgNric(),
                inPan(),
                inAadhaar(),
                jpMyNumber(),
                twId(),
                hkId(),
                thId(),
                myNric(),
                ilId(),
                idNik());
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

    /**
     * Indian goods and services tax: state, PAN, entity, Z, and a check character of modulus 36. The layout is distinct
     * enough to count, less, with another check character.
     */
    static Recogniser inGstin() {
        LayoutRecogniser checked = rule("in-gstin", "99_AAAAA_9999_A9_Z9", "99_AAAAA_9999_AX_ZX")
                .check(value -> isGstin(value) && hasGstinCheck(value))
                .context("gstin", "gst")
                .confidence(0.95, 0.95, 0.95);
        LayoutRecogniser unchecked = checked.check(Asia::isGstin).confidence(0.6, 0.6, 0.9);
        return Anchored.either(checked, unchecked);
    }

    private static boolean isGstin(String value) {
        int state = number(value, 0, 2);
        return ((state >= 1 && state <= 38) || state == 97 || state == 99)
                && !value.startsWith("0000", 7)
                && value.charAt(12) != '0';
    }

    private static boolean hasGstinCheck(String value) {
        int sum = 0;
        for (int i = 0; i < 14; i++) {
            int product = Character.digit(value.charAt(i), 36) * (1 + i % 2);
            sum += product / 36 + product % 36;
        }
        return (36 - sum % 36) % 36 == Character.digit(value.charAt(14), 36);
    }

    /** Singapore's NRIC and FIN. The authority does not publish the check letters; they are as widely implemented. */
    static LayoutRecogniser sgNric() {
        return rule("sg-nric", "A9999999A")
                .check(Asia::isNric)
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

    /** Japanese Ministry of Internal Affairs, Individual Number: weights 6 to 2 and 7 to 2, modulus 11. */
    static LayoutRecogniser jpMyNumber() {
        return rule("jp-my-number", "9999_9999_9999")
                .check(value -> !isRepeated(value)
                        && (11 - weighted(value, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10 == digit(value, 11))
                .context("mynumber", "individual", "マイナンバー", "個人番号", "my")
                .confidence(0.3, 0.45, 0.95);
    }

    /**
     * South Korean resident and alien registration numbers: date, century and sex, and, until October 2020, a sum of
     * modulus 11. Later numbers are random after the sex; they count only near a context word.
     */
    static Recogniser krRrn() {
        LayoutRecogniser checked = rule("kr-rrn", "999999_9999999")
                .check(value -> isKorean(value) && hasKoreanCheck(value))
                .context("rrn", "resident", "주민등록번호", "주민번호", "외국인등록번호")
                .confidence(0.45, 0.85, 0.95);
        return Anchored.either(checked, checked.check(Asia::isKorean).confidence(0.2, 0.45, 0.9));
    }

    private static boolean isKorean(String value) {
        return isDay(number(value, 2, 4), number(value, 4, 6));
    }

    private static boolean hasKoreanCheck(String value) {
        int sum = weighted(value, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11;
        int check = digit(value, 12);
        // Of foreigners the check digit is two more.
        return (11 - sum) % 10 == check || (13 - sum) % 10 == check;
    }

    /** GB 11643-1999: region, date, serial, ISO/IEC 7064 MOD 11-2. */
    static LayoutRecogniser cnResidentId() {
        return rule("cn-resident-id", "99999999999999999X")
                .check(value -> value.charAt(0) != '0'
                        && (value.startsWith("19", 6) || value.startsWith("20", 6))
                        && isDay(number(value, 10, 12), number(value, 12, 14))
                        && Checks.mod11and2(value))
                .context("resident", "citizen", "身份证", "身份证号", "身份证号码", "公民身份号码")
                .confidence(0.85, 0.85, 0.95);
    }

    /** Taiwan's national identity card: the letter as a number of two digits, weights 1 and 9 to 1, modulus 10. */
    static LayoutRecogniser twId() {
        return rule("tw-id", "A999999999")
                .check(value -> {
                    int letter = TAIWAN.indexOf(value.charAt(0)) + 10;
                    int sum = letter / 10 + letter % 10 * 9 + weighted(value.substring(1), 8, 7, 6, 5, 4, 3, 2, 1, 1);
                    return "1289".indexOf(value.charAt(1)) >= 0 && sum % 10 == 0;
                })
                .context("taiwan", "身分證", "身分證字號", "national")
                .confidence(0.45, 0.45, 0.95);
    }

    /**
     * Hong Kong identity card: one or two letters as 10 to 35, weights 9 to 2, modulus 11; a space before one letter.
     */
    static Recogniser hkId() {
        LayoutRecogniser closed = rule("hk-id", "AA999999(X)", "A999999(X)")
                .check(Asia::isHongKong)
                .context("hkid", "hong", "kong", "身份證", "identity")
                .confidence(0.85, 0.85, 0.95);
        return Anchored.either(
                        closed,
                        rule("hk-id", "AA999999X", "A999999X")
                                .check(Asia::isHongKong)
                                .confidence(0.3, 0.3, 0.95))
                .withDigitWithin(2);
    }

    private static boolean isHongKong(String value) {
        int sum = value.length() == 8 ? 36 * 9 : 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (i == value.length() - 1 && c > 'A') {
                return false;
            }
            sum += Character.digit(c, 36) * (value.length() - i);
        }
        return sum % 11 == 0;
    }

    /** Thai Department of Provincial Administration: weights 13 to 2, modulus 11. */
    static LayoutRecogniser thId() {
        return rule("th-id", "9_9999_99999_99_9")
                .check(value -> value.charAt(0) != '0'
                        && value.charAt(0) != '9'
                        && !isRepeated(value)
                        && (11 - weighted(value, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == digit(value, 12))
                .context("thai", "thailand", "citizen")
                .confidence(0.3, 0.85, 0.95);
    }

    /** Malaysian MyKad: date and place of birth. There is no checksum. */
    static LayoutRecogniser myNric() {
        return rule("my-nric", "999999-99-9999", "999999999999")
                .check(value -> isDay(number(value, 2, 4), number(value, 4, 6))
                        && number(value, 6, 8) >= 1
                        && number(value, 6, 8) != 17
                        && number(value, 6, 8) != 18)
                .context("mykad", "nric", "malaysia", "ic", "kad")
                .confidence(0.1, 0.6, 0.9);
    }

    /** Israeli identity number: nine digits, Luhn. */
    static LayoutRecogniser ilId() {
        return rule("il-id", "99999999_9")
                .check(value -> !isRepeated(value) && Checks.luhn(value))
                .context("israel", "israeli", "teudat", "zehut", "תז", "זהות")
                .confidence(0.2, 0.3, 0.95);
    }

    /** Indonesian NIK: region, date of birth (40 more in the day of women), serial. There is no checksum. */
    static LayoutRecogniser idNik() {
        return rule("id-nik", "9999999999999999")
                .check(value -> number(value, 0, 2) >= 11
                        && isDay(number(value, 8, 10), number(value, 6, 8) % 40)
                        && !value.endsWith("0000"))
                .context("nik", "ktp", "kependudukan")
                .confidence(0.2, 0.2, 0.9);
    }
}
