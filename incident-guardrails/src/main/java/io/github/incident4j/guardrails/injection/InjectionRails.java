// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * Guardrails on prompt injection and jailbreaks, in what users write and in what tools and documents bring in.
 *
 * <pre>{@code
 * .input(InjectionRails.weigh())
 * .input(TextRail.builder("input").weigh(InjectionRails.rules(), FLAG_AT, BLOCK_AT).redact(PiiRails.rules()).build())
 * }</pre>
 *
 * <p>Each rule says how much its match is worth as evidence, and adds it once; enough of it flags a text, more blocks
 * it. The rules know word classes and not only fixed phrases, in English and the core of nine other languages; marks of
 * chat templates; and writing in disguise. The README of the module has a table with examples, figures and limits.
 *
 * <p>A filter of words is the cheap first line. It knows what an attack says that sounds like one; a change of topic, a
 * lie or a polite request that only the host's own instructions make wrong it cannot know. The time is linear in the
 * text. No method here throws because of the rules: see {@link TextRail#faults()}.
 */
public final class InjectionRails {
    static final String CATEGORY = "injection";

    private static final String NAME = "injection";
    /** The evidence from which {@link #weigh()} flags. */
    public static final double FLAG_AT = 0.5;

    /** The evidence from which {@link #weigh()} blocks. */
    public static final double BLOCK_AT = 0.8;

    private static final List<PhraseRule> PHRASES = Grammar.load();

    private InjectionRails() {}

    /**
     * {@return all rules of this family; weak ones count too, for they are meant to be weighed together; of severity
     * P2}
     */
    public static Rules rules() {
        List<Recogniser> all = new ArrayList<>(PHRASES);
        all.addAll(Forgery.rules());
        all.addAll(Disguise.rules());
        all.addAll(Encodings.rules());
        return Rules.of("prompt injection", all).leastConfidence(0).severity(Severity.P2);
    }

    /** {@return a guardrail that flags from evidence 0.5 and blocks from evidence 0.8 on} */
    public static TextRail weigh() {
        return weigh(FLAG_AT, BLOCK_AT);
    }

    /** {@return a guardrail that flags from evidence 0.5 on and never blocks} */
    public static TextRail flag() {
        return weigh(FLAG_AT, Double.POSITIVE_INFINITY);
    }

    /**
     * A guardrail with thresholds of one's own.
     *
     * @param flagAt from which evidence on a text is flagged, above 0 and at most 1
     * @param blockAt from which evidence on it is blocked, at least {@code flagAt}; above 1 for never
     * @return the guardrail
     */
    public static TextRail weigh(double flagAt, double blockAt) {
        return TextRail.builder(NAME).weigh(rules(), flagAt, blockAt).build();
    }
}
