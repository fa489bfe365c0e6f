// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.markup.SpanRail.Span;
import io.github.incident4j.model.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds or takes away what does not show. */
record InvisibleRail(Action action) implements Guardrail<String> {
    static final String NAME = "invisible";

    /** What was hidden by one character may come to light when it is gone. */
    private static final int MOST_ROUNDS = 4;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no text in which to look"));
        }
        List<Span> spans = Invisibles.in(text);
        if (spans.isEmpty()) {
            return Verdict.pass();
        }
        Finding finding = SpanRail.finding(text, spans);
        return switch (action) {
            case BLOCK -> Verdict.block(finding);
            case FLAG -> Verdict.flag(finding);
            case REDACT -> removed(text, spans, finding);
        };
    }

    private static Verdict<String> removed(String text, List<Span> first, Finding finding) {
        String rest = text;
        List<Span> spans = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            StringBuilder kept = new StringBuilder(rest.length());
            int at = 0;
            for (Span span : spans) {
                kept.append(rest, at, span.start());
                at = span.end();
            }
            rest = kept.append(rest, at, rest.length()).toString();
            spans = Invisibles.in(rest);
            if (spans.isEmpty()) {
                return Verdict.rewrite(rest, finding);
            }
        }
        return Verdict.block(finding);
    }
}
