// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

/** The checksums that several rules share. Each takes ASCII digits, or capitals and digits where it says so. */
final class Checks {
    /** The multiplication of the dihedral group of order ten: Verhoeff, "Error Detecting Decimal Codes", 1969. */
    private static final String[] DIHEDRAL = {
        "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
        "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"
    };

    private static final String[] PERMUTATIONS = {
        "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"
    };

    private Checks() {}

    static int digit(String value, int index) {
        return value.charAt(index) - '0';
    }

    /** ISO/IEC 7812-1, annex B. */
    static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digit(digits, digits.length() - 1 - i) << (i & 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
    }

    /** The remainder by 97 of capitals and digits, a letter being 10 to 35: ISO/IEC 7064. */
    static int mod97(String value) {
        int remainder = 0;
        for (int i = 0; i < value.length(); i++) {
            int number = Character.digit(value.charAt(i), 36);
            remainder = (remainder * (number > 9 ? 100 : 10) + number) % 97;
        }
        return remainder;
    }

    static boolean verhoeff(String digits) {
        int check = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digit(digits, digits.length() - 1 - i);
            check = digit(DIHEDRAL[check], digit(PERMUTATIONS[i % 8], digit));
        }
        return check == 0;
    }

    /** The check digit is right by the method MOD 11,10 of ISO/IEC 7064. */
    static boolean mod11and10(String digits) {
        int product = 10;
        for (int i = 0; i < digits.length() - 1; i++) {
            int sum = (digit(digits, i) + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digit(digits, digits.length() - 1);
    }

    /** The last character is right by the method MOD 11-2 of ISO/IEC 7064, X being ten. */
    static boolean mod11and2(String value) {
        int last = value.length() - 1;
        int product = 0;
        for (int i = 0; i < last; i++) {
            product = (product + digit(value, i)) * 2 % 11;
        }
        return "10X98765432".charAt(product) == value.charAt(last);
    }

    /** The check digit of ICAO 9303, part 3: weights 7, 3, 1, a letter being 10 to 35 and a filler 0. */
    static int icao(String value, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            int number = Math.max(0, Character.digit(value.charAt(i), 36));
            sum += number * ((i - from) % 3 == 0 ? 7 : (i - from) % 3 == 1 ? 3 : 1);
        }
        return sum % 10;
    }

    /** The remainder of a number of any length. */
    static int mod(String digits, int from, int to, int modulus) {
        int remainder = 0;
        for (int i = from; i < to; i++) {
            remainder = (remainder * 10 + digit(digits, i)) % modulus;
        }
        return remainder;
    }

    /** The sum of the first digits, each times its weight. */
    static int weighted(String digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += digit(digits, i) * weights[i];
        }
        return sum;
    }

    static int number(String digits, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + digit(digits, i);
        }
        return number;
    }

    static boolean isRepeated(String value) {
        int same = 1;
        while (same < value.length() && value.charAt(same) == value.charAt(0)) {
            same++;
        }
        return same >= value.length();
    }

    static boolean isDay(int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= (month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
    }
}
