// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrails.internal.Ascii;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A credential whose format alone says too little: it counts behind the name of its issuer, at most 60 characters and
 * one line further on, where a sign of assignment or a word such as {@code key} stands between or shortly before.
 */
final class KeyedRule extends SecretRule {
    private static final int REACH = 60;
    private static final int BACK = 24;
    private static final int LONGEST_ESCAPE = 6;
    private static final double ANNOUNCED = 0.75;
    private static final double STRONG = 0.65;
    private static final double NEARBY = 0.4;
    /** A value that counts, as in a manual, where both a sign of assignment and a word such as {@code key} stand. */
    private static final double TYPED = 0.55;

    private static final int LONG = 36;
    /** A shorter value may look like words by chance. */
    private static final int LONG_NAME = 24;
    /** Of so few different characters no words are made. */
    private static final int HEXADECIMAL = 16;

    private static final String SIGNS = "=:>(\"'`";
    private static final List<String> FOR =
            List.of("key", "token", "secret", "pass", "auth", "pwd", "cred", "api", "bearer", "license");
    private static final List<String> AGAINST =
            List.of("commit", "sha1", "sha256", "sha-", "md5", "revision", "checksum", "digest", "etag", "integrity");

    private final Format format;
    private final @Nullable CharClass first; // of the characters with which a value may begin
    private final int variety;

    private KeyedRule(String rule, Format format, List<String> names) {
        super(rule, names);
        this.format = format;
        first = format.firstClass();
        variety = format.variety();
    }

    /** A credential behind one of the names, which are of small letters and signs. */
    static KeyedRule near(String rule, String format, String... names) {
        return new KeyedRule(rule, Format.of(format), List.of(names));
    }

    @Override
    String format() {
        return format + " behind " + String.join(", ", literals());
    }

    /** What the value itself looks like. */
    Format value() {
        return format;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        int end = endOfLiteral(view, at);
        if (end < 0 || !Chars.isWordStart(view, at)) {
            return null;
        }
        boolean assigned = false;
        boolean nextLine = false;
        int escape = end; // where one may have begun
        char before = view.charAt(end - 1);
        StringBuilder body = new StringBuilder();
        for (int i = end; i <= end + REACH; i++) {
            char c = view.charAt(i);
            if (view.isUndecided()) {
                return null;
            }
            if (c == '\n') {
                if (nextLine) {
                    return null;
                }
                nextLine = true;
            }
            if (begins(before, c) || (i - escape <= LONGEST_ESCAPE && beginsBehindEscape(view, i))) {
                body.setLength(0);
                int to = format.end(view, i, body);
                if (to > 0 && !goesOn(view, to) && !view.isUndecided() && isDrawn(body)) {
                    return hit(view, at, i, to, assigned, nextLine, body);
                }
            }
            assigned = assigned || Chars.isOneOf(c, SIGNS);
            escape = c == '\\' || c == '%' ? i : escape;
            before = c;
        }
        return null;
    }

    private boolean begins(char before, char c) {
        return !Ascii.isWord(before)
                && before != '_'
                && before != '-'
                && (first == null || (first.has(c) && !first.has(before)));
    }

    private boolean beginsBehindEscape(View view, int at) {
        return (first == null || first.has(view.charAt(at))) && view.isBehindEscape(at);
    }

    /** Whether a value is the beginning of a longer name: of a file, a page, an identifier. */
    private static boolean goesOn(View view, int to) {
        return Chars.isOneOf(view.charAt(to), "._-") && view.isWordAt(to + 1);
    }

    private boolean isDrawn(StringBuilder body) {
        return !Randomness.isPoor(body, variety)
                && !(variety > HEXADECIMAL && Randomness.isOneCase(body))
                && !(variety > 36 && body.length() >= LONG_NAME && Randomness.isWords(body))
                && !Randomness.isPlaceholder(body.toString());
    }

    private @Nullable Hit hit(
            View view, int at, int from, int to, boolean assigned, boolean nextLine, StringBuilder body) {
        String between = Chars.lower(view, at, from);
        if (AGAINST.stream().anyMatch(between::contains)) {
            return null;
        }
        String before = Chars.lower(view, at - BACK, at);
        boolean named = FOR.stream().anyMatch(between::contains);
        boolean counting = Randomness.isCounting(body);
        boolean digest = variety > 36 && Randomness.isDigest(body);
        if ((counting || digest) && !(assigned && named)) {
            return null;
        }
        if (counting) {
            return new Hit(from, to, TYPED, TYPED);
        }
        boolean announced = nextLine ? named : assigned || named || FOR.stream().anyMatch(before::contains);
        boolean strong = body.length() >= LONG && variety > 36 && !Randomness.isWords(body);
        double confidence = announced ? ANNOUNCED : strong ? STRONG : NEARBY;
        return new Hit(from, to, confidence, confidence);
    }
}
