// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.Cuts;
import io.github.incident4j.guardrails.scan.Match;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MarkupProperties {
    private static final UrlOptions LIST = UrlOptions.options().allowHosts("good.example", "*.good.example");
    private static final Guardrail<String> BLOCKING = MarkupRails.urls(Action.BLOCK, LIST);
    private static final List<Pair> RAILS = List.of(
            Pair.of(MarkupRails::urls),
            Pair.of(action -> MarkupRails.urls(action, LIST)),
            Pair.of(MarkupRails::html),
            Pair.of(action ->
                    MarkupRails.htmlOutsideCode(action, HtmlOptions.options().allowTags("b"))),
            Pair.of(MarkupRails::fragments),
            Pair.of(MarkupRails::invisible));

    /** The same rules with either action; made once, as a host does. */
    private record Pair(Guardrail<String> redacting, Guardrail<String> blocking) {
        static Pair of(Function<Action, Guardrail<String>> rails) {
            return new Pair(rails.apply(Action.REDACT), rails.apply(Action.BLOCK));
        }
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "http",
                        "https",
                        "javascript",
                        ":",
                        "/",
                        "//",
                        "\\",
                        "www.",
                        "evil.example",
                        "good.example",
                        "@",
                        "%3A",
                        "%2f",
                        "?u=",
                        "#",
                        "[",
                        "]",
                        "(",
                        ")",
                        "!",
                        "<",
                        ">",
                        "\"",
                        "'",
                        "=",
                        "img",
                        "src",
                        "script",
                        "onload",
                        "url",
                        "&#58;",
                        "&lt;",
                        "&",
                        "\\u003c",
                        "data:",
                        "text/html",
                        "`",
                        "```",
                        "\n",
                        " ",
                        "{{",
                        "}}",
                        "${",
                        "}",
                        "select",
                        " * ",
                        "from",
                        "; ",
                        "rm -rf",
                        "\u200D",
                        "\u200B",
                        "👨",
                        "\uFE0F",
                        "\uDB40\uDC41",
                        "🏴",
                        "\uD83D",
                        "\uDCA3",
                        "ش",
                        "क्",
                        "\u202E",
                        "中",
                        "。",
                        "é",
                        "1",
                        "0x7f",
                        ":99",
                        "xn--",
                        "-")
                .list()
                .ofMaxSize(24)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.chars().all().array(char[].class).ofMaxSize(60).map(String::new);
    }

    @Property
    void nothingThrows_andWhatIsRedactedPasses(@ForAll("pieces") String text) {
        holds(text);
    }

    @Property
    void anyUnits(@ForAll("units") String text) {
        holds(text);
    }

    private static final TextRail ALL = TextRail.builder("markup")
            .redact(MarkupRails.urlRules(LIST))
            .flag(MarkupRails.htmlRules(HtmlOptions.options()))
            .flag(MarkupRails.fragmentRules())
            .build();

    @Property
    void cuts_makeNoDifference(@ForAll("pieces") String text, @ForAll long seed) {
        assertThat(Cuts.screened(ALL, text, 6, new Random(seed))).isEqualTo(ALL.screen(text));
    }

    private static void holds(String text) {
        for (Pair rails : RAILS) {
            Verdict<String> verdict = rails.redacting().check(text);
            boolean passes = verdict instanceof Verdict.Pass;
            assertThat(rails.blocking().check(text) instanceof Verdict.Pass).isEqualTo(passes);
            if (verdict instanceof Verdict.Rewrite<String> rewrite) {
                assertThat(rails.redacting().check(rewrite.value())).isSameAs(Verdict.pass());
            }
        }
    }

    @Property
    void spans_areInTheTextAndApart(@ForAll("pieces") String text) {
        assertSpans(text, Invisibles.in(text));
        assertSpans(text, new TextScanner(Urls.recognisers(LIST), 0.5).scan(text));
    }

    private static void assertSpans(String text, List<Match> spans) {
        int at = 0;
        for (Match span : spans) {
            assertThat(span.start()).isGreaterThanOrEqualTo(at).isLessThan(span.end());
            assertThat(span.end()).isLessThanOrEqualTo(text.length());
            at = span.end();
        }
    }

    /** However a link to a host that is not allowed is dressed, it does not pass. */
    @Property
    void evilLinks_areFound(@ForAll("dresses") String dress, @ForAll("links") String link) {
        assertThat(BLOCKING.check(dress.replace("LINK", link))).isInstanceOf(Verdict.Block.class);
    }

    @Provide
    Arbitrary<String> dresses() {
        return Arbitraries.of(
                "LINK",
                "word LINK word",
                "中LINK中",
                "[x](LINK)",
                "![x](LINK)",
                "![x](LINK \"t\")",
                "[x]( <LINK> )",
                "![a [b] c][LINK]",
                "[a]: LINK",
                "> [a]: <LINK> 'title'",
                "[a](https://good.example 'LINK')",
                "<LINK>",
                "<a href=LINK>",
                "<a href='LINK'>x</a>",
                "<a href=\" LINK \">x</a>",
                "<img alt=\">\" src=\"LINK\">",
                "<div style=\"background:url(LINK)\">",
                "@import url('LINK');",
                "{\"a\":\"LINK\"}",
                "**LINK**",
                "~~_LINK_~~",
                "`LINK`",
                "(LINK)");
    }

    @Provide
    Arbitrary<String> links() {
        return Arbitraries.of(
                "https://evil.example",
                "HTTP://evil.example/a?b=c#d",
                "https://evil.example:443/a",
                "https&#58;//evil.example",
                "https&#x3a;&#47;&sol;evil.example",
                "https:\\/\\/evil.example\\/",
                "https:\\\\evil.example",
                "http://good.example.evil.example",
                "https://good.example@evil.example",
                "https://good-example.evil.example/good.example",
                "ｈttps：//ｅvil.example",
                "ht\u200Btps://evil.example",
                "https%3A%2F%2Fevil.example",
                "https://evil%2Eexample",
                "www.evil.example/x",
                "ftp://evil.example/x");
    }

    /** What is clean stays clean, and any text may come. */
    @Property(tries = 100)
    void sanitised_isTheSameWhenCleanedAgain(@ForAll("pieces") String text) {
        Guardrail<String> rail = MarkupRails.sanitised(Safelist.BASIC);
        String clean = rail.check(text) instanceof Verdict.Rewrite<String> rewrite ? rewrite.value() : text;
        assertThat(rail.check(clean)).isSameAs(Verdict.pass());
    }
}
