// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.pii.Mask;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.model.Finding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks for credentials and blocks, flags or redacts. */
final class SecretRail implements Guardrail<String> {
    static final String NAME = "secrets";

    /** What to do with credentials. */
    enum Action {
        REDACT,
        BLOCK,
        FLAG
    }

    /** Where values overlap, or a mask parts what was one word, a second look may find more. */
    private static final int MOST_ROUNDS = 4;

    private static final int MOST_NAMED = 10;
    private static final int KEPT = 4;

    private final TextScanner scanner;
    private final Set<String> allowed;
    private final Mask mask;
    private final Action action;

    private SecretRail(SecretOptions options, Action action) {
        scanner = new TextScanner(options.rules(), options.leastConfidence());
        allowed = options.allowed().stream()
                .map(value -> View.of(value).toString())
                .collect(Collectors.toUnmodifiableSet());
        mask = options.mask();
        this.action = action;
    }

    static Guardrail<String> of(SecretOptions options, Action action) {
        List<String> faults = options.faults();
        return faults.isEmpty() ? new SecretRail(options, action) : new Misconfigured<>(NAME, faults);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(
                    new Finding(NAME, "missing-text", "there is no text in which to look for credentials"));
        }
        List<Match> matches = matches(text);
        if (matches.isEmpty()) {
            return Verdict.pass();
        }
        Finding finding = finding(matches);
        return switch (action) {
            case BLOCK -> Verdict.block(finding);
            case FLAG -> Verdict.flag(finding);
            case REDACT -> redacted(text, matches, finding);
        };
    }

    private List<Match> matches(String text) {
        List<Match> matches = scanner.scan(text);
        if (allowed.isEmpty()) {
            return matches;
        }
        return matches.stream()
                .filter(match -> !allowed.contains(
                        View.of(text.substring(match.start(), match.end())).toString()))
                .toList();
    }

    private Verdict<String> redacted(String text, List<Match> first, Finding finding) {
        String rest = text;
        List<Match> matches = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            rest = masked(rest, matches);
            matches = matches(rest);
            if (matches.isEmpty()) {
                return Verdict.rewrite(rest, finding);
            }
        }
        return Verdict.block(finding);
    }

    private String masked(String text, List<Match> matches) {
        StringBuilder masked = new StringBuilder(text.length());
        int at = 0;
        for (Match match : matches) {
            masked.append(text, at, match.start());
            at = match.end();
            switch (mask) {
                case LABEL -> masked.append('[').append(match.label()).append(']');
                case LAST_FOUR -> masked.append("****").append(lastFour(text.substring(match.start(), match.end())));
                case REMOVE -> {}
            }
        }
        return masked.append(text, at, text.length()).toString();
    }

    private static String lastFour(String value) {
        int[] signs = value.codePoints().filter(Character::isLetterOrDigit).toArray();
        return signs.length <= 2 * KEPT ? "" : new String(signs, signs.length - KEPT, KEPT);
    }

    private static Finding finding(List<Match> matches) {
        Deque<String> named = new ArrayDeque<>();
        for (Match match : matches.subList(0, Math.min(MOST_NAMED, matches.size()))) {
            String codePoints = match.start() == match.codePointStart() && match.end() == match.codePointEnd()
                    ? ""
                    : " (code points " + match.codePointStart() + " to " + match.codePointEnd() + ")";
            named.add(match.rule() + " at " + match.start() + " to " + match.end() + codePoints);
        }
        int more = matches.size() - named.size();
        return new Finding(
                matches.get(0).rule(),
                matches.get(0).category(),
                "the text holds " + String.join(", ", named) + (more > 0 ? " and " + more + " more" : ""));
    }
}
