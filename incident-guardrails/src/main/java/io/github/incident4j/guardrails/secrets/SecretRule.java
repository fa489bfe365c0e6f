// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.Comparator;
import java.util.List;

/**
 * A rule that is asked where one of its literals stands. What it answers depends on the 128 characters before the
 * literal and the 4,096 after it only.
 */
abstract class SecretRule implements Recogniser {
    static final String CATEGORY = "secret";
    static final int BEFORE = 128;
    static final int AFTER = 4_096;

    private final String rule;
    private final List<String> literals;
    private final String[][] longestFirst = new String[0x80][]; // the literals by their first character

    SecretRule(String rule, List<String> literals) {
        this.rule = rule;
        this.literals = List.copyOf(literals);
        for (int c = 0; c < longestFirst.length; c++) {
            char first = (char) c;
            longestFirst[c] = literals.stream()
                    .filter(literal -> literal.charAt(0) == first)
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toArray(String[]::new);
        }
    }

    @Override
    public final String rule() {
        return rule;
    }

    @Override
    public final String category() {
        return CATEGORY;
    }

    @Override
    public final List<String> literals() {
        return literals;
    }

    /** {@return what stands in the table of rules: the format, or the words that announce a value} */
    abstract String format();

    /** Each rule looks by itself whether a value begins there. */
    @Override
    public final boolean atWordStart() {
        return false;
    }

    @Override
    public final int reach() {
        return AFTER;
    }

    /** The index after the longest literal that stands somewhere, in either case; -1 when none does. */
    final int endOfLiteral(View view, int at) {
        char first = Ascii.small(view.charAt(at));
        for (String literal : first < longestFirst.length ? longestFirst[first] : new String[0]) {
            if (Chars.isAtIgnoringCase(view, at, literal)) {
                return at + literal.length();
            }
        }
        return -1;
    }
}
