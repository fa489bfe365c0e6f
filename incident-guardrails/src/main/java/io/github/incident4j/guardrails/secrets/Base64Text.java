// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;

/** Reads base64 of either alphabet (RFC 4648, sections 4 and 5), as far as it is legal. */
final class Base64Text {

    private Base64Text() {}

    /** The bytes as Latin-1; what comes after the first character that is none of base64 is left. */
    static String decoded(CharSequence base64) {
        StringBuilder text = new StringBuilder(base64.length());
        int bits = 0;
        int count = 0;
        for (int i = 0; i < base64.length(); i++) {
            int value = value(base64.charAt(i));
            if (value < 0) {
                break;
            }
            bits = (bits << 6 | value) & 0xFFFF;
            count += 6;
            if (count >= 8) {
                count -= 8;
                text.append((char) (bits >> count & 0xFF));
            }
        }
        return text.toString();
    }

    static int value(char c) {
        if (Ascii.isCapital(c)) {
            return c - 'A';
        }
        if (Ascii.isSmall(c)) {
            return c - 'a' + 26;
        }
        if (Ascii.isDigit(c)) {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }
}
