// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.Signs;
import io.github.incident4j.guardrails.scan.View;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A named set of ASCII characters that issuers draw the characters of their tokens from. Immutable. */
final class CharClass {
    private static final String DIGIT = "0123456789";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String ALNUM = DIGIT + LOWER + UPPER;

    private static final Map<String, CharClass> ALL = Stream.of(
                    new CharClass("digit", DIGIT),
                    new CharClass("hex", DIGIT + "abcdef"),
                    new CharClass("HEX", DIGIT + "ABCDEF"),
                    new CharClass("anyhex", DIGIT + "abcdefABCDEF"),
                    new CharClass("lower", LOWER),
                    new CharClass("low", DIGIT + LOWER),
                    new CharClass("up", DIGIT + UPPER),
                    new CharClass("alpha", LOWER + UPPER),
                    new CharClass("alnum", ALNUM),
                    new CharClass("word", ALNUM + "_"),
                    new CharClass("url", ALNUM + "_-"),
                    new CharClass("urlcolon", ALNUM + "_-:/"),
                    new CharClass("urleq", ALNUM + "_-="),
                    new CharClass("dotted", ALNUM + "_-."),
                    new CharClass("azure", ALNUM + "_-.~"),
                    new CharClass("path", ALNUM + "_-/"),
                    new CharClass("base32", "234567" + UPPER),
                    new CharClass("base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
                    new CharClass("base64", ALNUM + "+/"),
                    new CharClass("crypt", ALNUM + "./"),
                    new CharClass("pct", ALNUM + "%"),
                    new CharClass("pad", "="))
            .collect(Collectors.toUnmodifiableMap(CharClass::name, one -> one));

    private final String name;
    private final String members;
    private final Signs others;

    private CharClass(String name, String members) {
        this.name = name;
        this.members = members;
        others = Signs.allBut(members);
    }

    static CharClass named(String name) {
        CharClass found = ALL.get(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no class of characters " + name);
        }
        return found;
    }

    String name() {
        return name;
    }

    /** All characters of the class, in a fixed order. */
    String members() {
        return members;
    }

    boolean has(char c) {
        return !others.has(c);
    }

    /** Where the row of its characters begins that ends at an index, no earlier than at another. */
    int startOfRun(View view, int from, int to) {
        return view.startOfRun(others, from, to);
    }

    /** Whether letters of both cases and digits are in it, so that words of one case are improbable. */
    boolean isMixed() {
        return has('a') && has('Z') && has('0');
    }
}
