// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.model.Finding;

/** Shortcuts to what a guardrail says. */
final class Verdicts {

    private Verdicts() {}

    static Finding blocked(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Block.class);
        return ((Verdict.Block<String>) verdict).finding();
    }

    static Finding flagged(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Flag.class);
        return ((Verdict.Flag<String>) verdict).finding();
    }

    static String redacted(Guardrail<String> rail, String text) {
        Verdict<String> verdict = rail.check(text);
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        String rest = ((Verdict.Rewrite<String>) verdict).value();
        assertThat(rail.check(rest)).isSameAs(Verdict.pass());
        return rest;
    }

    static void passes(Guardrail<String> rail, String text) {
        assertThat(rail.check(text)).isSameAs(Verdict.pass());
    }

    /** The rule of the first thing found, or nothing. */
    static String rule(Guardrail<String> flagging, String text) {
        return flagging.check(text) instanceof Verdict.Flag<String> flag
                ? flag.finding().rule()
                : "";
    }
}
