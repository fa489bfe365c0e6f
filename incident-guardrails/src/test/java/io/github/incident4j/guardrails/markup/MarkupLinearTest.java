// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.LinearTime;
import io.github.incident4j.guardrails.scan.Action;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight times the text may take eight times as long, and is allowed five times that; a square would be 64. */
class MarkupLinearTest {
    private static final int LENGTH = 4_000;

    private static final List<Guardrail<String>> RAILS = List.of(
            MarkupRails.urls(Action.FLAG, UrlOptions.options().allowHosts("good.example")),
            MarkupRails.htmlOutsideCode(Action.FLAG, HtmlOptions.options()),
            MarkupRails.fragments(Action.FLAG),
            MarkupRails.invisible(Action.FLAG));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ordinary words ",
                "a",
                ":",
                "://",
                "http://",
                "http://a",
                "=http://a.b/",
                ",http://a",
                "(http://a",
                "<a/b=",
                "www.",
                "(//a",
                "[",
                "![",
                "](",
                "![](http:",
                "<",
                "<a ",
                "<a b='",
                "<a b=\"",
                "<script>",
                "`",
                "`a``",
                "```\n",
                "&#58;",
                "&",
                "\\",
                "\\\\",
                "%3A",
                "%2F",
                "{{",
                "${",
                "select ",
                "select a,",
                "select * from ",
                "' or '",
                "; rm ",
                "$(",
                "\u200B",
                "👨\u200D",
                "\u200F",
                "ش\u200F",
                "\uFE0F",
                "🏴\uDB40\uDC67",
                "java\nscript:",
                "xn--.",
                "a@",
                "?a=%25"
            })
    void time_growsAsTheText(String piece) {
        for (Guardrail<String> rail : RAILS) {
            LinearTime.assertGrowsAsTheText(
                    rail.name(),
                    piece,
                    LENGTH,
                    5,
                    text -> assertThat(rail.check(text)).isNotNull());
        }
    }
}
