// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.scan.BackwardRecogniser;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A credential that its own format gives away. What is too regular, or a placeholder, is none. */
sealed class TokenRule extends SecretRule {
    private static final double SURE = 0.95;
    private static final double CHECKED = 0.99;
    /** A value of the right format whose checksum is wrong cannot be live, and is seldom there by chance. */
    private static final double UNCHECKED = 0.55;
    /** A value of the right format that counts, as in a manual: whoever wrote it wants it to be taken for a token. */
    private static final double TYPED = 0.55;

    private final Format format;
    private final int variety;
    private final boolean mixed;
    private final @Nullable Predicate<String> checksum;

    private TokenRule(String rule, Format format, @Nullable Predicate<String> checksum) {
        super(rule, format.literals());
        this.format = format;
        this.checksum = checksum;
        variety = format.variety();
        mixed = format.isMixed();
    }

    private static TokenRule of(String rule, Format format, @Nullable Predicate<String> checksum) {
        return format.beginsWithRun() ? new Backward(rule, format, checksum) : new TokenRule(rule, format, checksum);
    }

    /** One whose value begins before its literal. */
    private static final class Backward extends TokenRule implements BackwardRecogniser {
        Backward(String rule, Format format, @Nullable Predicate<String> checksum) {
            super(rule, format, checksum);
        }

        @Override
        public int earliestStart(View view, int at) {
            return value().earliestStart(view, at);
        }

        @Override
        public boolean mayStandBefore(char c) {
            return earliestStart(View.of(String.valueOf(c)), 1) < 1; // it is of the run before the literal
        }
    }

    static TokenRule token(String rule, String format) {
        return of(rule, Format.of(format), null);
    }

    /** A credential with a checksum, given what the runs of its format took. */
    static TokenRule checked(String rule, String format, Predicate<String> checksum) {
        return of(rule, Format.of(format), checksum);
    }

    @Override
    final String format() {
        return format.toString();
    }

    /** What the value itself looks like. */
    final Format value() {
        return format;
    }

    final boolean isChecked() {
        return checksum != null;
    }

    @Override
    public final @Nullable Hit find(View view, int at) {
        int from = format.start(view, at);
        if (from < 0 || !Chars.isStart(view, from)) {
            return null;
        }
        StringBuilder body = new StringBuilder();
        int to = format.end(view, from, body);
        if (to < 0 || view.isUndecided() || isMadeUp(body)) {
            return null;
        }
        double confidence = confidence(body);
        return confidence == 0 ? null : new Hit(from, to, confidence, confidence);
    }

    private double confidence(StringBuilder body) {
        boolean typed = Randomness.isCounting(body);
        if (checksum == null) {
            return typed ? TYPED : SURE;
        }
        return checksum.test(body.toString()) ? CHECKED : typed ? 0 : UNCHECKED;
    }

    private boolean isMadeUp(StringBuilder body) {
        return Randomness.isPoor(body, variety)
                || (mixed && Randomness.isOneCase(body))
                || Randomness.isPlaceholder(body.toString());
    }
}
