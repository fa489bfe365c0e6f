// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A credential that a function reads from its literal on. */
final class ScannedRule extends SecretRule {

    /** Reads a value. */
    @FunctionalInterface
    interface Finder {
        /**
         * Reads a value at a literal.
         *
         * @param view the text
         * @param at the index of the literal's first character
         * @param end the index after its last one
         */
        @Nullable
        Hit find(View view, int at, int end);
    }

    private final String format;
    private final Finder finder;
    private final String lastLine;

    private ScannedRule(String rule, String format, List<String> literals, Finder finder, String lastLine) {
        super(rule, literals);
        this.format = format;
        this.finder = finder;
        this.lastLine = lastLine;
    }

    static ScannedRule scanned(String rule, String format, Finder finder, String... literals) {
        return new ScannedRule(rule, format, List.of(literals), finder, "");
    }

    /** The same of values that may be longer than what is read. */
    ScannedRule upTo(String beginningOfLastLine) {
        return new ScannedRule(rule(), format, literals(), finder, beginningOfLastLine);
    }

    @Override
    public String lastLine() {
        return lastLine;
    }

    @Override
    String format() {
        return format;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        int end = endOfLiteral(view, at);
        return end < 0 ? null : finder.find(view, at, end);
    }
}
