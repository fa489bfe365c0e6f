// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrails.internal.LinearTime;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRulesTest {
    private static final List<String> TERMS = List.of(
            "bomb",
            "Project  Nightfall",
            "project",
            "C++",
            ".NET",
            "straße",
            "maße",
            "O'Brien",
            "über",
            "爆弾",
            "Ärger 7",
            "x");

    private static TextRail redacting(Rules rules) {
        return TextRail.builder("test").redact(rules).build();
    }

    private static final TextRail RAIL = redacting(TextRails.deniedTermRules(TERMS));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "The BOMB!|The [DENIED_TERM]!",
                "b\u200Bo\u00ADmb|[DENIED_TERM]",
                "ｂｏｍｂ|[DENIED_TERM]",
                "中bomb中|中[DENIED_TERM]中",
                "project\u00A0 \t nightfall.|[DENIED_TERM].",
                "project night|[DENIED_TERM] night",
                "projects nightfall|projects nightfall",
                "bombastic, a bombé, ébomb|bombastic, a bombé, ébomb",
                "c++11 or C++|[DENIED_TERM]11 or [DENIED_TERM]",
                "asp.NET|asp[DENIED_TERM]",
                "die STRASSE und die straße|die [DENIED_TERM] und die [DENIED_TERM]",
                "MASSE Maße|[DENIED_TERM] [DENIED_TERM]",
                "o’brien|[DENIED_TERM]",
                "Über u\u0308ber|[DENIED_TERM] [DENIED_TERM]",
                "自爆弾薬|自[DENIED_TERM]薬",
                "ärger\u20097|[DENIED_TERM]",
                "ärger 77|ärger 77",
                "x-ray, X, xx|[DENIED_TERM]-ray, [DENIED_TERM], xx",
                "dGhlIGJvbWIgaXMgaGVyZSEh|[DENIED_TERM]"
            })
    void terms_areFoundAsWords(String text, String safe) {
        assertThat(RAIL.screen(text).text()).isEqualTo(safe);
    }

    @Test
    void aStream_isGuardedToo() {
        TextStreamGuard guard = RAIL.stream();
        String out = guard.append("on pro").text()
                + guard.append("ject ").text()
                + guard.append("night").text()
                + guard.append("fall and project day").text()
                + guard.end().text();
        assertThat(out).isEqualTo("on [DENIED_TERM] and [DENIED_TERM] day");
    }

    private static final TextRail DISGUISED = redacting(TextRails.disguisedTermRules(
            List.of("bomb", "Project Nightfall", "glass", "爆弾", "sesame", "albatross", "inferno", "Dr. No and Yes")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "The BOMB!|The [DENIED_TERM]!",
                "a bоmb, a b0mb, a ＢＯＭＢ, a b\u00F6mb|a [DENIED_TERM], a [DENIED_TERM], a [DENIED_TERM], a [DENIED_TERM]",
                "a b-o-m-b and b o m b now|a [DENIED_TERM] and [DENIED_TERM] now",
                "pr0ject  n1ghtf4ll.|[DENIED_TERM].",
                "g1a$$ and gla$s|[DENIED_TERM] and [DENIED_TERM]",
                "b0mb$ b0mb!|[DENIED_TERM]$ [DENIED_TERM]!",
                "b\u200Bo\u00ADmb|[DENIED_TERM]",
                "bombastic, b0mbastic, abomb, 8bomb8|bombastic, b0mbastic, abomb, 8bomb8",
                "This is a project. Nightfall comes.|This is a project. Nightfall comes.",
                "project.↵Nightfall comes.|project.↵Nightfall comes.",
                "on Project↵Nightfall|on [DENIED_TERM]",
                "a pr0ject↵  n1ghtfall b|a [DENIED_TERM] b",
                "Project↵↵Nightfall|[DENIED_TERM]",
                "> Project↵> 'Nightfall|> [DENIED_TERM]",
                "Dr. No↵and Yes, Dr.↵No and Yes|[DENIED_TERM], [DENIED_TERM]",
                "open $esame, $e5ame!|open [DENIED_TERM], [DENIED_TERM]!",
                "$esame and @lbatro$$, !nferno|[DENIED_TERM] and [DENIED_TERM], [DENIED_TERM]",
                "@esame $lbatross $nferno esame|@esame $lbatross $nferno esame",
                "x$esame, 2$esame, @b0mb|x$esame, 2$esame, [DENIED_TERM]",
                "自爆弾薬|自[DENIED_TERM]薬",
                "open 5e5ame|open [DENIED_TERM]",
                "dGhlIGIwbWIgaXMgaGVyZSEh|[DENIED_TERM]"
            })
    void termsInDisguise_areFoundAsWords(String written, String safely) {
        String text = written.replace("↵", "\r\n");
        String safe = safely.replace("↵", "\r\n");
        assertThat(DISGUISED.faults()).isEmpty();
        assertThat(DISGUISED.screen(text).text()).isEqualTo(safe);
        TextStreamGuard guard = DISGUISED.stream(1);
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(guard.append(Character.toString(c)).text()));
        assertThat(out.append(guard.end().text())).hasToString(safe);
    }

    @Test
    void shortTermsInDisguise_areFaults() {
        assertThat(redacting(TextRails.disguisedTermRules(List.of("bomb", "C++")))
                        .faults())
                .singleElement()
                .asString()
                .startsWith("denied term 2 has fewer than 4 letters");
    }

    @Test
    void competitors_areARuleOfTheirOwn() {
        TextRail rail = TextRail.builder("test")
                .redact(TextRails.competitorRules(List.of("Acme", "Globex Corp")))
                .block(TextRails.deniedTermRules(List.of("bomb")))
                .build();
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.screen("ask acme or GLOBEX  corp").text()).isEqualTo("ask [COMPETITOR] or [COMPETITOR]");
    }

    @Test
    void wrongTerms_areFaults() {
        assertThat(redacting(TextRails.deniedTermRules(List.of())).faults()).hasSize(1);
        assertThat(redacting(TextRails.deniedTermRules(Arrays.asList("a", null, " ", "𝕏 𠀀")))
                        .faults())
                .hasSize(2);
        assertThat(redacting(TextRails.deniedTermRules(List.of("a", "𠀀"))).faults())
                .singleElement()
                .asString()
                .startsWith("denied term 2 holds characters beyond the basic plane");
        assertThat(redacting(TextRails.deniedTermRules(IntStream.range(0, TermRule.MOST_TERMS + 1)
                                .mapToObj(i -> "term" + i)
                                .toList()))
                        .faults())
                .hasSize(1);
    }

    @Test
    void manyTermsWithOneBeginning_takeNoMoreTime() {
        TextRail rail = redacting(TextRails.deniedTermRules(IntStream.range(0, TermRule.MOST_TERMS)
                .mapToObj(i -> "project number " + i)
                .toList()));
        assertThat(rail.screen("project number 77 and 10000").text()).isEqualTo("[DENIED_TERM] and 10000");
    }

    private static final TextRail PATTERNS = redacting(TextRails.deniedPatternRules(
            "order-[0-9]{6}", "(?i)\\bticket +[a-z]+$", "a\\.b(c|d)+", "key: .*", "ab+c?"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "order-123456 order-12345|[DENIED_PATTERN] order-12345",
                "ORDER-123456|ORDER-123456",
                "preorder-1234567|pre[DENIED_PATTERN]7",
                "Ticket  home|[DENIED_PATTERN]",
                "Ticket home now|Ticket home now",
                "_ticket home|_ticket home",
                "a.bcdx aXbc|[DENIED_PATTERN]x aXbc",
                "key: all that comes|[DENIED_PATTERN]",
                "o\u200Brder-１23456|[DENIED_PATTERN]",
                "abbb abc|[DENIED_PATTERN] [DENIED_PATTERN]"
            })
    void patterns_areFoundWhereTheirLiteralStands(String text, String safe) {
        assertThat(PATTERNS.faults()).isEmpty();
        assertThat(PATTERNS.screen(text).text()).isEqualTo(safe);
    }

    @Test
    void barInAClass_isNoAlternative() {
        TextRail rail = redacting(TextRails.deniedPatternRules("ab[(|]c", "x-[]|]+"));
        assertThat(rail.faults()).isEmpty();
        assertThat(rail.screen("ab|c x-]| ab(d").text()).isEqualTo("[DENIED_PATTERN] [DENIED_PATTERN] ab(d");
    }

    @Test
    void patterns_haveTheirPlaceAsAName() {
        assertThat(PATTERNS.screen("a.bc").found())
                .singleElement()
                .satisfies(found -> assertThat(found.match().rule()).isEqualTo("denied-pattern-3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ab]cd",
                "a*bc",
                "a",
                "ab?",
                "ab|cd",
                "(ab)c",
                ".*",
                "\\d\\d",
                "\\b-ab",
                "(",
                "a{2}b",
                "^ab",
                "ab[(]c|d",
                "ab[^](]c|d",
                "ab\\Q(\\E|d"
            })
    void patternsWithoutALiteral_areFaults(String pattern) {
        assertThat(redacting(TextRails.deniedPatternRules("good-[0-9]", pattern))
                        .faults())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"project ", "project\t", "c+", "ticket ", "key: ", "order-", "ß", "a.bc", "ab", "爆", "\u200B"})
    void time_growsAsTheText(String piece) {
        TextRail rail = TextRail.builder("test")
                .flag(TextRails.deniedTermRules(TERMS))
                .flag(TextRails.deniedPatternRules("order-[0-9]{6}", "ticket .*x", "key: .*"))
                .build();
        LinearTime.assertGrowsAsTheText(
                "rules", piece, 4_000, 5, text -> assertThat(rail.check(text)).isNotNull());
    }
}
