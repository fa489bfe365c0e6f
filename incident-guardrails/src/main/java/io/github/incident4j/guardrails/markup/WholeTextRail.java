// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Screening;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * For what a scan cannot do, because the answer depends on what stands far away, or on characters that its view leaves
 * out.
 *
 * @param name the guardrail's name
 * @param finder finds the values, apart and in the order of the text
 * @param replacement what stands in their place
 * @param action what is done
 */
record WholeTextRail(
        String name, Function<String, List<Match>> finder, Function<Match, String> replacement, Action action)
        implements Guardrail<String> {
    /** What was hidden by a value, or was code because of it, may come to light when it is gone. */
    private static final int MOST_ROUNDS = 4;

    /** Characters that do not show are taken away. */
    static WholeTextRail invisible(String name, Action action) {
        return new WholeTextRail(name, Invisibles::in, match -> "", action);
    }

    /** What rules find in Markdown's code is left alone; where code begins may depend on where it ends. */
    static WholeTextRail outsideCode(TextRail flagging, Action action) {
        return new WholeTextRail(
                flagging.name(),
                text -> {
                    List<Screening.Found> found = flagging.screen(text).found();
                    CodeSpans code = found.isEmpty() ? CodeSpans.NONE : CodeSpans.of(text);
                    return found.stream()
                            .map(Screening.Found::match)
                            .filter(match -> !code.holds(match.start(), match.end()))
                            .toList();
                },
                match -> '[' + match.label() + ']',
                action);
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(name, "missing-text", "there is no text to look at"));
        }
        List<Match> matches = finder.apply(text);
        if (matches.isEmpty()) {
            return Verdict.pass();
        }
        List<Screening.Found> found = matches.stream()
                .map(match -> new Screening.Found(match, action))
                .toList(); // all of one category
        Finding finding = new Screening("", found, Optional.empty()).finding().orElseThrow();
        return switch (action) {
            case FLAG -> Verdict.flag(finding);
            case REDACT -> redacted(text, matches, finding);
            case RETRY -> Verdict.retry(finding);
            case BLOCK -> Verdict.block(finding);
        };
    }

    private Verdict<String> redacted(String text, List<Match> first, Finding finding) {
        String rest = text;
        List<Match> matches = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            StringBuilder next = new StringBuilder(rest.length());
            int at = 0;
            for (Match match : matches) {
                next.append(rest, at, match.start()).append(replacement.apply(match));
                at = match.end();
            }
            rest = next.append(rest, at, rest.length()).toString();
            matches = finder.apply(rest);
            if (matches.isEmpty()) {
                return Verdict.rewrite(rest, finding);
            }
        }
        return Verdict.block(finding);
    }
}
