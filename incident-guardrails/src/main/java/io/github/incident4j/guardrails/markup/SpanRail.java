// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks for what recognisers know, in a text and in the text as a renderer reads it. */
final class SpanRail implements Guardrail<String> {
    private static final double LEAST = 0.5;
    /** What stands together after something was taken away may be one more. */
    private static final int MOST_ROUNDS = 4;

    private static final int MOST_NAMED = 10;

    private final String name;
    private final Function<String, TextScanner> scanners;
    private final boolean ignoringCode;
    private final Action action;

    /** A rule's span in the original. */
    record Span(String rule, String category, String label, int start, int end) {}

    SpanRail(String name, Function<String, TextScanner> scanners, boolean ignoringCode, Action action) {
        this.name = name;
        this.scanners = scanners;
        this.ignoringCode = ignoringCode;
        this.action = action;
    }

    static SpanRail of(String name, List<? extends Recogniser> recognisers, boolean ignoringCode, Action action) {
        TextScanner scanner = scanner(recognisers);
        return new SpanRail(name, text -> scanner, ignoringCode, action);
    }

    static TextScanner scanner(List<? extends Recogniser> recognisers) {
        return new TextScanner(recognisers, LEAST);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict<String> check(@Nullable String text) {
        if (text == null) {
            return Verdict.block(new Finding(name, "missing-text", "there is no text in which to look"));
        }
        List<Span> spans = spans(text);
        if (spans.isEmpty()) {
            return Verdict.pass();
        }
        Finding finding = finding(text, spans);
        return switch (action) {
            case BLOCK -> Verdict.block(finding);
            case FLAG -> Verdict.flag(finding);
            case REDACT -> redacted(text, spans, finding);
        };
    }

    /** What is found, in the order of the text, without overlaps. */
    List<Span> spans(String text) {
        List<Span> found = new ArrayList<>();
        for (Match match : scanners.apply(text).scan(text)) {
            found.add(new Span(match.rule(), match.category(), match.label(), match.start(), match.end()));
        }
        Decoded decoded = Decoded.of(text);
        if (decoded != null) {
            String read = decoded.text();
            for (Match match : scanners.apply(read).scan(read)) {
                found.add(new Span(
                        match.rule(),
                        match.category(),
                        match.label(),
                        decoded.original(match.start()),
                        decoded.original(match.end())));
            }
        }
        if (ignoringCode && !found.isEmpty()) {
            CodeSpans code = CodeSpans.of(text);
            found.removeIf(span -> code.holds(span.start(), span.end()));
        }
        return merged(found);
    }

    private static List<Span> merged(List<Span> found) {
        found.sort(Comparator.comparingInt(Span::start)
                .thenComparing(Comparator.comparingInt(Span::end).reversed()));
        List<Span> merged = new ArrayList<>();
        for (Span span : found) {
            Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || last.end() <= span.start()) {
                merged.add(span);
            } else if (span.end() > last.end()) {
                merged.set(
                        merged.size() - 1,
                        new Span(last.rule(), last.category(), last.label(), last.start(), span.end()));
            }
        }
        return merged;
    }

    private Verdict<String> redacted(String text, List<Span> first, Finding finding) {
        String rest = text;
        List<Span> spans = first;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            rest = labelled(rest, spans);
            spans = spans(rest);
            if (spans.isEmpty()) {
                return Verdict.rewrite(rest, finding);
            }
        }
        return Verdict.block(finding);
    }

    private static String labelled(String text, List<Span> spans) {
        StringBuilder labelled = new StringBuilder(text.length());
        int at = 0;
        for (Span span : spans) {
            labelled.append(text, at, span.start())
                    .append('[')
                    .append(span.label())
                    .append(']');
            at = span.end();
        }
        return labelled.append(text, at, text.length()).toString();
    }

    static Finding finding(String text, List<Span> spans) {
        List<String> named = new ArrayList<>();
        int at = 0;
        int codePoints = 0;
        for (Span span : spans.subList(0, Math.min(MOST_NAMED, spans.size()))) {
            int start = codePoints + text.codePointCount(at, span.start());
            codePoints = start + text.codePointCount(span.start(), span.end());
            at = span.end();
            String inCodePoints = start == span.start() && codePoints == span.end()
                    ? ""
                    : " (code points " + start + " to " + codePoints + ")";
            named.add(span.rule() + " at " + span.start() + " to " + span.end() + inCodePoints);
        }
        int more = spans.size() - named.size();
        return new Finding(
                spans.get(0).rule(),
                spans.get(0).category(),
                named.stream()
                        .collect(
                                Collectors.joining(", ", "the text holds ", more > 0 ? " and " + more + " more" : "")));
    }
}
