// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Addresses on chains. Each method names the source of the format. */
final class Coins {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final String[] BECH32_PREFIXES = {"bc1", "tb1", "bcrt1", "ltc1"};
    private static final int[] BECH32_GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    private static final int BECH32M = 0x2bc830a3;
    private static final int LONGEST_BECH32 = 90;

    private Coins() {}

    static List<Recogniser> rules() {
        return List.of(btcAddress(), bech32Address(), ethAddress(), coinAddress());
    }

    /** Bitcoin's Base58Check: 21 bytes that begin with 0 or 5, and four of a doubled SHA-256. */
    static Recogniser btcAddress() {
        return base58("btc-address", "13", Set.of(0, 5));
    }

    /** The same of Litecoin, Dogecoin, Dash, Tron and Bitcoin's test network, with the versions of each. */
    static Recogniser coinAddress() {
        return base58("coin-address", "LM39ADXT7mn2", Set.of(48, 50, 30, 22, 76, 16, 65, 111, 196));
    }

    private static Recogniser base58(String rule, String triggers, Set<Integer> versions) {
        Anchored address = new Anchored(rule, triggers, true, Set.of(), (view, at) -> {
            int to = at;
            while (to - at <= 35 && view.isWordAt(to)) {
                to++;
            }
            int length = to - at;
            return length >= 26 && length <= 35 && isBase58Check(view, at, to, versions)
                    ? new Hit(at, to, 0.95, 0.95)
                    : null;
        });
        return address.withRun(length -> length >= 26 && length <= 35).verified();
    }

    private static boolean isBase58Check(View view, int from, int to, Set<Integer> versions) {
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
        return versions.contains(bytes[0] & 0xFF) && Arrays.equals(bytes, 21, 25, hash, 0, 4);
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
        Anchored address = new Anchored("bech32-address", "btlBTL", true, Set.of(), (view, at) -> {
            for (String prefix : BECH32_PREFIXES) {
                int to = endOfBech32(view, at, prefix);
                if (to > 0) {
                    return new Hit(at, to, 0.95, 0.95);
                }
            }
            return null;
        });
        return address.withRun(length -> length >= 11).verified(); // a prefix and at least eight signs
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

    /**
     * Ethereum's 20 bytes in hexadecimal. In letters of both cases the case is the checksum of EIP-55; in one case
     * there is none.
     */
    static Recogniser ethAddress() {
        return new Anchored("eth-address", "0", true, Set.of(), (view, at) -> {
            StringBuilder value = new StringBuilder(40);
            if (view.charAt(at + 1) == 'x' || view.charAt(at + 1) == 'X') {
                for (int i = at + 2; i < at + 43 && view.isWordAt(i); i++) {
                    value.append(view.charAt(i));
                }
            }
            return value.length() == 40 && isEthereum(value.toString()) ? new Hit(at, at + 42, 0.9, 0.9) : null;
        });
    }

    private static boolean isEthereum(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.chars().anyMatch(c -> Character.digit(c, 16) < 0)) {
            return false;
        }
        if (value.equals(lower) || value.equals(lower.toUpperCase(Locale.ROOT))) {
            return true;
        }
        byte[] hash = Keccak.hash256(lower.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < value.length(); i++) {
            int nibble = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
            char c = lower.charAt(i);
            if ((nibble > 7 && c >= 'a' ? (char) (c - 0x20) : c) != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
