// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.View;

/** Small questions to a view. */
final class Chars {

    private Chars() {}

    static boolean isOneOf(char c, String set) {
        return set.indexOf(c) >= 0;
    }

    /** Whether a text of small letters and signs stands somewhere, in either case. */
    static boolean isAtIgnoringCase(View view, int at, String literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (Ascii.small(view.charAt(at + i)) != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A piece of the view, in small letters. */
    static String lower(View view, int from, int to) {
        StringBuilder text = new StringBuilder(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            text.append(Ascii.small(view.charAt(i)));
        }
        return text.toString();
    }

    static String text(View view, int from, int to) {
        StringBuilder text = new StringBuilder(Math.max(0, to - from));
        for (int i = from; i < to; i++) {
            text.append(view.charAt(i));
        }
        return text.toString();
    }

    /** Whether a value may begin: no ASCII letter or digit stands before it, other than the last one of an escape. */
    static boolean isStart(View view, int at) {
        return !view.isWordAt(at - 1) || view.isBehindEscape(at);
    }

    /** Whether a word of an identifier begins: {@code Key} in {@code apiKey} and in {@code api_key}. */
    static boolean isWordStart(View view, int at) {
        char before = view.charAt(at - 1);
        return !Ascii.isLetter(before)
                || (Ascii.isSmall(before) && Ascii.isCapital(view.charAt(at)))
                || view.isBehindEscape(at);
    }
}
