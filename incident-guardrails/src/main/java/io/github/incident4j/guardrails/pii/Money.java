// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import static io.github.incident4j.guardrails.pii.Checks.isRepeated;
import static io.github.incident4j.guardrails.pii.Checks.number;
import static io.github.incident4j.guardrails.pii.Checks.weighted;
import static io.github.incident4j.guardrails.pii.Pii.rule;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cards and accounts of banks. Each method names the source of the format. */
final class Money {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Set<Integer> MAESTRO = Set.of(5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763);
    /** ISO 3166-1, alpha-2, with XK as SWIFT uses it. */
    private static final String COUNTRIES =
            "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY"
                    + " BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES"
                    + " ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU"
                    + " ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS"
                    + " LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG"
                    + " NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD"
                    + " SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW"
                    + " TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

    /** The lengths of the SWIFT IBAN registry, by country. */
    private static final String IBAN_LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20"
                    + " EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26"
                    + " IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30"
                    + " NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27"
                    + " SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private Money() {}

    static List<Recogniser> rules() {
        return List.of(iban(), creditCard(), bic(), usAbaRouting());
    }

    /** ISO 13616: the length of the country, modulus 97. Single separators may stand anywhere. */
    static Recogniser iban() {
        return new Anchored("iban", LETTERS, true, Set.of(), Money::findIban)
                .withDigitWithin(3)
                .verified();
    }

    private static @Nullable Hit findIban(View view, int at) {
        if (!view.isWordAt(at + 1) || view.isDigitAt(at + 1)) {
            return null;
        }
        int digits = at + (isSeparator(view.charAt(at + 2)) ? 3 : 2);
        int length = view.isDigitAt(digits) && view.isDigitAt(digits + 1) ? ibanLength(view, at) : 0;
        if (length == 0) {
            return null;
        }
        StringBuilder value = new StringBuilder(length);
        int to = at;
        while (value.length() < length) {
            char c = view.charAt(to);
            if (view.isWordAt(to)) {
                value.append(c);
            } else if (!isSeparator(c) || !view.isWordAt(to - 1)) {
                return null;
            }
            to++;
        }
        if (view.isWordAt(to)) {
            return null;
        }
        String turned = value.substring(4) + value.substring(0, 4);
        return Checks.mod97(turned) == 1 ? new Hit(at, to, 0.95, 0.95) : null;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.';
    }

    private static int ibanLength(View view, int at) {
        char first = upper(view.charAt(at));
        char second = upper(view.charAt(at + 1));
        for (int i = 0; i < IBAN_LENGTHS.length(); i += 5) {
            if (IBAN_LENGTHS.charAt(i) == first && IBAN_LENGTHS.charAt(i + 1) == second) {
                return Checks.number(IBAN_LENGTHS, i + 2, i + 4);
            }
        }
        return 0;
    }

    private static char upper(char c) {
        return c >= 'a' ? (char) (c - 0x20) : c;
    }

    /**
     * ISO 9362: institution, country, location and branch, in capitals. It has no checksum, so it counts only near a
     * context word.
     */
    static Recogniser bic() {
        LayoutRecogniser layout =
                rule("bic", "AAAAAA_XX_XXX", "AAAAAAXX").context("bic", "swift", "bankleitzahl", "swiftcode");
        Anchored bic = new Anchored("bic", LETTERS.substring(0, 26), true, layout.context(), (view, at) -> {
            Hit hit = layout.find(view, at);
            return hit != null && isBic(view, hit) ? new Hit(hit.from(), hit.to(), 0.2, 0.9) : null;
        });
        return bic.withRun(layout::mayBeginWithRun).withRuns(layout::mayBeginWithRuns);
    }

    private static boolean isBic(View view, Hit hit) {
        for (int i = hit.from(); i < hit.to(); i++) {
            char c = view.charAt(i);
            if (c >= 'a' && c <= 'z') {
                return false;
            }
        }
        String country = "" + view.charAt(hit.from() + 4) + view.charAt(hit.from() + 5);
        return COUNTRIES.indexOf(country) % 3 == 0;
    }

    /** ISO/IEC 7812-1; the issuers' published ranges. */
    static Recogniser creditCard() {
        LayoutRecogniser card = rule(
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
                        "debit",
                        "cc",
                        "visa",
                        "mastercard",
                        "amex",
                        "pan",
                        "karte",
                        "kreditkarte",
                        "carte",
                        "tarjeta",
                        "carta")
                .against(Pii.OF_THINGS.toArray(String[]::new))
                .confidence(0.6, 0.8, 0.95);
        return Anchored.either(card, rareCreditCard().context(card.context().toArray(String[]::new)));
    }

    /** Maestro of twelve digits, and UATP: too many other numbers pass for these, so they count near a word only. */
    private static LayoutRecogniser rareCreditCard() {
        return rule("credit-card", "9999_9999_9999", "9999_99999_999999", "999999999999999")
                .check(value -> (value.length() == 12 ? MAESTRO.contains(number(value, 0, 4)) : value.charAt(0) == '1')
                        && Checks.luhn(value))
                .confidence(0.2, 0.2, 0.9);
    }

    private static boolean isIssued(String card) {
        int length = card.length();
        int four = number(card, 0, 4);
        int two = four / 100;
        if (card.charAt(0) == '4') {
            return length == 13 || length == 16 || length == 19;
        }
        if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || four == 5019) {
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
}
