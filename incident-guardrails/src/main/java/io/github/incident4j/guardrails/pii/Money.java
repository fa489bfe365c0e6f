// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accounts of banks and chains. Each method names the source of the format. */
final class Money {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final String[] BECH32_PREFIXES = {"bc1", "tb1", "bcrt1", "ltc1"};
    private static final int[] BECH32_GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    private static final int BECH32M = 0x2bc830a3;
    private static final int LONGEST_BECH32 = 90;

    /** The lengths of the SWIFT IBAN registry, by country. */
    private static final String IBAN_LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20"
                    + " EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26"
                    + " IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30"
                    + " NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27"
                    + " SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private Money() {}

    /** ISO 13616: the length of the country, modulus 97. Single separators may stand anywhere. */
    static Recogniser iban() {
        return new Anchored("iban", LETTERS, true, Set.of(), Money::findIban);
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

    /** Bitcoin's Base58Check: 21 bytes that begin with 0 or 5, and four of a doubled SHA-256. */
    static Recogniser btcAddress() {
        return new Anchored("btc-address", "13", true, Set.of(), (view, at) -> {
            int to = at;
            while (to - at <= 35 && view.isWordAt(to)) {
                to++;
            }
            int length = to - at;
            return length >= 26 && length <= 35 && isBase58Check(view, at, to) ? new Hit(at, to, 0.95, 0.95) : null;
        });
    }

    private static boolean isBase58Check(View view, int from, int to) {
        byte[] bytes = new byte[25];
        for (int i = from; i < to; i++) {
            int carry = BASE58.indexOf(view.charAt(i));
            if (carry < 0) {
                return false;
            }
            for (int j = bytes.length - 1; j >= 0; j--) {
                carry += (bytes[j] & 0xFF) * 58;
                bytes[j] = (byte) carry;
                carry >>= 8;
            }
            if (carry != 0) {
                return false;
            }
        }
        // Each leading 1 is a leading byte of zero, so that there is one way to write an address.
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        int ones = 0;
        while (from + ones < to && view.charAt(from + ones) == '1') {
            ones++;
        }
        if (zeros != ones) {
            return false;
        }
        byte[] hash = sha256(sha256(Arrays.copyOf(bytes, 21)));
        return (bytes[0] == 0 || bytes[0] == 5) && Arrays.equals(bytes, 21, 25, hash, 0, 4);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** BIP 173 and 350: segregated witness addresses of Bitcoin, its test networks and Litecoin, in one case. */
    static Recogniser bech32Address() {
        return new Anchored("bech32-address", "btlBTL", true, Set.of(), (view, at) -> {
            for (String prefix : BECH32_PREFIXES) {
                int to = endOfBech32(view, at, prefix);
                if (to > 0) {
                    return new Hit(at, to, 0.95, 0.95);
                }
            }
            return null;
        });
    }

    private static int endOfBech32(View view, int from, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (Character.toLowerCase(view.charAt(from + i)) != prefix.charAt(i)) {
                return 0;
            }
        }
        int to = from + prefix.length();
        while (to - from <= LONGEST_BECH32 && view.isWordAt(to)) {
            to++;
        }
        StringBuilder value = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            value.append(view.charAt(i));
        }
        String lower = value.toString().toLowerCase(Locale.ROOT);
        String upper = lower.toUpperCase(Locale.ROOT);
        boolean oneCase = lower.contentEquals(value) || upper.contentEquals(value);
        return to - from <= LONGEST_BECH32 && oneCase && isBech32(lower, prefix.length()) ? to : 0;
    }

    private static boolean isBech32(String value, int data) {
        if (value.length() - data < 8) {
            return false;
        }
        int sum = 1;
        for (int i = 0; i < data - 1; i++) {
            sum = polymod(sum) ^ (value.charAt(i) >> 5);
        }
        sum = polymod(sum);
        for (int i = 0; i < data - 1; i++) {
            sum = polymod(sum) ^ (value.charAt(i) & 31);
        }
        for (int i = data; i < value.length(); i++) {
            int symbol = BECH32.indexOf(value.charAt(i));
            if (symbol < 0) {
                return false;
            }
            sum = polymod(sum) ^ symbol;
        }
        int version = BECH32.indexOf(value.charAt(data));
        return version <= 16 && sum == (version == 0 ? 1 : BECH32M);
    }

    private static int polymod(int sum) {
        int next = (sum & 0x1ffffff) << 5;
        for (int i = 0; i < BECH32_GENERATOR.length; i++) {
            next ^= (sum >> (25 + i) & 1) == 0 ? 0 : BECH32_GENERATOR[i];
        }
        return next;
    }
}
