// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import java.lang.Character.UnicodeScript;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TextRailsProperties {
    private static final String SECRET = "The secret garden lies behind the seventh door of the old synthetic house.";
    private static final List<String> PIECES = List.of(
            "a",
            "B",
            "word",
            "Hello there. ",
            "\n",
            " ",
            ".",
            "0",
            "ß",
            "ы",
            "ο",
            "中",
            "の",
            "한",
            "💣",
            "\u0301",
            "\u200B",
            "\uD83D",
            "\uDCA3",
            "ﷺ",
            "I'm sorry, but I can't",
            "{",
            "(",
            "\u0000",
            SECRET);

    private static final List<Guardrail<String>> RAILS = List.of(
            TextRails.competitors("Acme"),
            TextRails.requiredTerms("word"),
            TextRails.deniedPatterns("[A-Z]+x", "中.の"),
            TextRails.allowedPatterns("[a-z]*"),
            TextRails.characters(1, 5),
            TextRails.words(1, 5),
            TextRails.tokens(1, 5),
            TextRails.scripts(0.1, UnicodeScript.LATIN),
            TextRails.mixedScripts(),
            TextRails.repetition(2, 4),
            TextRails.gibberish(),
            TextRails.emptyAnswer(),
            TextRails.refusal(),
            TextRails.promptLeak(SECRET));

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(30).map(pieces -> String.join("", pieces));
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

    @Property
    void anyText_isJudged(@ForAll("texts") String text) {
        assertJudged(text);
    }

    @Property
    void anyUnits_areJudged(@ForAll("units") String text) {
        assertJudged(text);
    }

    private static void assertJudged(String text) {
        for (Guardrail<String> rail : RAILS) {
            Verdict<String> verdict = rail.check(text);
            assertThat(verdict).as(rail.name()).isNotNull().isEqualTo(rail.check(text));
        }
        Guardrail<String> leak = TextRails.promptLeak(value -> value, value -> SECRET);
        assertThat(leak.check(text)).isNotNull();
        Guardrail<String> echo = TextRails.echo(value -> value, value -> value);
        assertThat(echo.check(text) instanceof Verdict.Retry || echo.check(text) instanceof Verdict.Pass)
                .isTrue();
    }

    @Property
    void secret_isFound_howeverItIsWritten(
            @ForAll("texts") String before,
            @ForAll @IntRange(min = 0, max = 15) int from,
            @ForAll("between") String between,
            @ForAll boolean capitals) {
        StringBuilder written = new StringBuilder(before).append(' ');
        String part = SECRET.substring(from);
        (capitals ? part.toUpperCase(java.util.Locale.ROOT) : part)
                .chars()
                .forEach(c -> written.append((char) c).append(between));
        assertThat(TextRails.promptLeak(SECRET).check(written.toString())).isInstanceOf(Verdict.Block.class);
    }

    @Provide
    Arbitrary<String> between() {
        return Arbitraries.of("", " ", "\n", "-", "\u200B", "* ", "\uFE0F", "、");
    }

    @Property
    void loop_isFound_whateverItIs(
            @ForAll("between") String between, @ForAll("words") List<String> words, @ForAll("texts") String before) {
        String unit = String.join(" ", words) + between + " ";
        String text = before + " " + unit.repeat(4 + 400 / unit.length());
        assertThat(TextRails.repetition().check(text)).isInstanceOf(Verdict.Retry.class);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.strings()
                .withCharRange('a', 'd')
                .ofMinLength(3)
                .ofMaxLength(9)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
