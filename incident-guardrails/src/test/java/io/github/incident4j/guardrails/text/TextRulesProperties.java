// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.TextRail;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TextRulesProperties {
    private static final List<String> TERMS =
            List.of("bomb", "Project Nightfall", "project", "C++", ".NET", "straße", "O'Brien", "über", "爆弾", "a-b");

    private static final TextRail RULES = TextRail.builder("rules")
            .withoutDecoding()
            .flag(TextRails.deniedTermRules(TERMS))
            .build();

    private static final Guardrail<String> WHOLE = TextRails.deniedTerms(TERMS.toArray(String[]::new));

    private static final TextRail ALL = TextRail.builder("all")
            .redact(TextRails.deniedTermRules(TERMS))
            .flag(TextRails.deniedPatternRules("bo[a-z]*b", "(?i)\\bproject [^x]{5}", "pro.*$"))
            .build();

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "bomb",
                        "BO",
                        "mb",
                        "project",
                        "Project ",
                        " ",
                        "\n",
                        "\u00A0",
                        "nightfall",
                        "NIGHT",
                        "fall",
                        "c",
                        "+",
                        "C++",
                        ".",
                        "net",
                        ".NET",
                        "stra",
                        "ß",
                        "ss",
                        "SSE",
                        "e",
                        "o",
                        "'",
                        "’",
                        "brien",
                        "ü",
                        "u\u0308",
                        "ber",
                        "爆",
                        "弾",
                        "中",
                        "a",
                        "-",
                        "\u2011",
                        "b",
                        "\u200B",
                        "\u00AD",
                        "é",
                        "1",
                        "ｂ",
                        "_",
                        "я",
                        "\uD83D")
                .list()
                .ofMaxSize(16)
                .map(pieces -> String.join("", pieces));
    }

    /** The rule knows what the guardrail for whole texts knows. */
    @Property
    void ruleAndGuardrail_agree(@ForAll("pieces") String text) {
        assertThat(RULES.check(text) instanceof Verdict.Pass).isEqualTo(WHOLE.check(text) instanceof Verdict.Pass);
    }

    @Property
    void cuts_makeNoDifference(@ForAll("pieces") String text, @ForAll long seed) {
        assertThat(Cuts.screened(ALL, text, 4, new Random(seed))).isEqualTo(ALL.screen(text));
    }

    @Property
    void anyUnits(@ForAll("units") String text) {
        assertThat(ALL.check(text)).isNotNull();
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(60).map(String::new);
    }
}
