// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.pii.Mask;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.scan.View;
import io.github.incident4j.guardrails.secrets.Samples.Sample;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SecretProperties {
    private static final TextScanner EVERYTHING = new TextScanner(Secrets.rules(), 0);
    private static final List<String> PIECES = List.of(
            "password",
            "token",
            "_key",
            "secret",
            "=",
            ":",
            " ",
            "\"",
            "'",
            "\\",
            "\\n",
            "\n",
            "://",
            "@",
            ".",
            "-",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "-----END ",
            "eyJ",
            "aws",
            "bearer ",
            "machine ",
            "login ",
            "sig=",
            "%3D",
            "${",
            "}",
            "<",
            ">",
            "value",
            "0",
            "aB3",
            "\u200B",
            "\u0301",
            "１",
            "é",
            "中",
            "\uD83D",
            "\uDCA3",
            "[PASSWORD_ASSIGNMENT]");

    @Provide
    Arbitrary<String> texts() {
        List<String> values = Samples.all(5).stream().map(Sample::text).toList();
        Arbitrary<String> halves = Arbitraries.of(values).map(value -> value.substring(value.length() / 2));
        return Arbitraries.oneOf(List.of(Arbitraries.of(PIECES), Arbitraries.of(values), halves))
                .list()
                .ofMaxSize(10)
                .map(pieces -> String.join("", pieces));
    }

    /** Any UTF-16 units at all, half pairs among them. */
    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().list().ofMaxSize(60).map(units -> {
            StringBuilder text = new StringBuilder();
            units.forEach(text::append);
            return text.toString();
        });
    }

    @Property(tries = 60)
    void spansOfTexts_areInTheTextAndApart(@ForAll("texts") String text) {
        assertSpans(text);
    }

    @Property(tries = 60)
    void spansOfAnyUnits_areInTheTextAndApart(@ForAll("units") String text) {
        assertSpans(text);
    }

    private static void assertSpans(String text) {
        int at = 0;
        for (Match match : EVERYTHING.scan(text)) {
            assertThat(match.start()).isGreaterThanOrEqualTo(at).isLessThan(match.end());
            assertThat(match.end()).isLessThanOrEqualTo(text.length());
            at = match.end();
        }
    }

    /** A rule reads at most so far, so that a part of the text gives the same answer. */
    @Property(tries = 15)
    void answerAtALiteral_dependsOnItsSurroundingsOnly(@ForAll("texts") String text) {
        View whole = View.of(text);
        List<String> differing = new ArrayList<>();
        for (int at = 0; at < whole.length(); at++) {
            int from = Math.max(0, at - SecretRule.BEFORE);
            String part = whole.toString().substring(from, Math.min(whole.length(), at + SecretRule.AFTER));
            View around = View.of(part);
            if (around.length() != part.length()) {
                return; // a second view of half a pair, or of a mark
            }
            for (SecretRule rule :
                    Secrets.all().subList(at % 40, Math.min(Secrets.all().size(), at % 40 + 20))) {
                var inWhole = rule.find(whole, at);
                var inPart = rule.find(around, at - from);
                boolean same = inWhole == null
                        ? inPart == null
                        : inPart != null
                                && inWhole.from() - from == inPart.from()
                                && inWhole.to() - from == inPart.to();
                if (!same) {
                    differing.add(rule.rule());
                }
            }
        }
        assertThat(differing).isEmpty();
    }

    @Property(tries = 40)
    void redactedText_holdsNothingMore(@ForAll("texts") String text, @ForAll Mask mask) {
        Guardrail<String> rail = SecretRails.redact(SecretOptions.defaults().mask(mask));
        Verdict<String> verdict = rail.check(text);
        if (verdict instanceof Verdict.Rewrite<String> rewrite) {
            assertThat(rail.check(rewrite.value())).isSameAs(Verdict.pass());
        } else {
            // Only a text that is still not clean after some rounds is blocked.
            assertThat(verdict).isInstanceOfAny(Verdict.Pass.class, Verdict.Block.class);
        }
    }

    @Property(tries = 20)
    void everyRule_givesSpansRoundItsLiteral(@ForAll("texts") String text) {
        View view = View.of(text);
        for (Recogniser rule : Secrets.rules()) {
            for (int at = 0; at < view.length(); at += 7) {
                var hit = rule.find(view, at);
                assertThat(hit == null
                                || (hit.from() >= Math.max(0, at - SecretRule.BEFORE)
                                        && hit.from() < hit.to()
                                        && hit.to() <= Math.min(view.length(), at + SecretRule.AFTER)))
                        .as(rule.rule())
                        .isTrue();
            }
        }
    }
}
