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
import java.util.Set;

/** Person, health and tax numbers of the United Kingdom and Ireland. Each method names the source of the format. */
final class Britain {
    private static final Set<String> NO_NINO = Set.of("BG", "GB", "KN", "NK", "NT", "TN", "ZZ");
    private static final String PPSN = "WABCDEFGHIJKLMNOPQRSTUV";

    private Britain() {}

    static List<Recogniser> rules() {
        return List.of(ukDrivingLicence(), ukNino(), ukNhs(), iePpsn());
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
        return rule("uk-nino", "AA_99_99_99_A", "AA_999999_A", "AA_999999A")
                .check(value -> "DFIQUV".indexOf(value.charAt(0)) < 0
                        && "DFIQUVO".indexOf(value.charAt(1)) < 0
                        && !NO_NINO.contains(value.substring(0, 2))
                        && value.charAt(8) <= 'D')
                .context("nino", "insurance", "ni")
                .confidence(0.7, 0.8, 0.95);
    }

    /**
     * Driver and Vehicle Licensing Agency, as described in INF1D: five of the surname, date of birth with 5 added to
     * the month of women, initials. The last characters are not public.
     */
    static LayoutRecogniser ukDrivingLicence() {
        return rule("uk-driving-licence", "XXXXX_999999_XX9AA", "XXXXX_999999_XX_9AA")
                .check(Britain::isDrivingLicence)
                .context("driving", "driver", "licence", "license", "dvla")
                .confidence(0.85, 0.85, 0.95);
    }

    private static boolean isDrivingLicence(String value) {
        boolean padding = false;
        for (int i = 0; i < 5; i++) {
            boolean nine = value.charAt(i) == '9';
            if (i == 0 ? nine || value.charAt(i) < '9' : (padding && !nine) || value.charAt(i) < '9') {
                return false;
            }
            padding = nine;
        }
        int month = number(value, 6, 8);
        return isDay(month > 50 ? month - 50 : month, number(value, 8, 10));
    }

    /** Irish Revenue, PPSN: weights 8 to 2, modulus 23, a second letter A, B or H with the weight 9. */
    static LayoutRecogniser iePpsn() {
        return rule("ie-ppsn", "9999999_AA", "9999999_A")
                .check(Britain::isPpsn)
                .context("pps", "ppsn", "revenue")
                .confidence(0.45, 0.45, 0.95);
    }

    static boolean isPpsn(String value) {
        char second = value.length() > 8 ? value.charAt(8) : 'W';
        int more = second == 'A' || second == 'B' || second == 'H' ? (second - 'A' + 1) * 9 : 0;
        return "ABHWTX".indexOf(second) >= 0
                && PPSN.charAt((weighted(value, 8, 7, 6, 5, 4, 3, 2) + more) % 23) == value.charAt(7);
    }
}
