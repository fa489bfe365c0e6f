// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.CpuTime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight times the text may take eight times as long, and is allowed five times that; a square would be 64. */
class MarkupLinearTest {
    private static final int SMALL = 4_000;
    private static final int FACTOR = 8;

    private static final List<Guardrail<String>> RAILS = List.of(
            MarkupRails.urls(Action.FLAG, UrlOptions.defaults().allowHosts("good.example")),
            MarkupRails.html(Action.FLAG, HtmlOptions.defaults().ignoreCode()),
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
        String small = piece.repeat(SMALL / piece.length());
        String large = piece.repeat(SMALL * FACTOR / piece.length());
        for (Guardrail<String> rail : RAILS) {
            long ofSmall = Long.MAX_VALUE;
            long ofLarge = Long.MAX_VALUE;
            // On a busy machine more than a few looks are needed.
            for (int i = 0; i < 5 || (i < 40 && ofLarge >= limit(ofSmall)); i++) {
                ofSmall = Math.min(ofSmall, nanos(rail, small));
                ofLarge = Math.min(ofLarge, nanos(rail, large));
            }
            assertThat(ofLarge).as(rail.name()).isLessThan(limit(ofSmall));
        }
    }

    private static long limit(long ofSmall) {
        return Math.max(ofSmall, 500_000) * FACTOR * 5;
    }

    private static long nanos(Guardrail<String> rail, String text) {
        long start = CpuTime.nanos();
        Verdict<String> verdict = rail.check(text);
        long nanos = CpuTime.nanos() - start;
        assertThat(verdict).isNotNull();
        return nanos;
    }
}
