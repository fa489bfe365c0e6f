// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static io.github.incident4j.guardrails.markup.Verdicts.blocked;
import static io.github.incident4j.guardrails.markup.Verdicts.passes;
import static io.github.incident4j.guardrails.markup.Verdicts.redacted;
import static io.github.incident4j.guardrails.markup.Verdicts.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Action;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlRailTest {
    private static final Guardrail<String> HTML = MarkupRails.html(Action.FLAG);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b && c > d, 1<2, x<y>z, List<String>, Map<K, V>, <- and <3",
                "<p>Some <b>bold</b> <a href=\"https://example.com\" title='on time'>text</a><br/></p>",
                "Fill in <your name>, <input> and <link>.",
                "<!-- a comment --> <?xml version=\"1.0\"?> <!DOCTYPE html>",
                "<scripture> <styled> <one on=two>",
                "<img src=\"a.png\" alt=\"javascript: a language\">"
            })
    void ordinaryText_passes(String text) {
        passes(HTML, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "<script>alert(1)</script>|html-tag",
                "<SCRIPT src=x>|html-tag",
                "<script/x>|html-tag",
                "<<script>|html-tag",
                "</script >|html-tag",
                "<scr\u200Bipt>|html-tag",
                "＜script＞|html-tag",
                "&lt;script&gt;|html-tag",
                "\\u003cscript\\u003e|html-tag",
                "<iframe src=x>|html-tag",
                "<svg/onload=alert(1)>|html-handler",
                "<img src=x onerror=alert(1)>|html-handler",
                "<img src=x onerror = 'alert(1)'|html-handler",
                "<img/src=\"x\"/onerror=alert(1)>|html-handler",
                "<b x=\"a>b\" onclick=x>|html-handler",
                "<img <\"x onerror=alert(1)>|html-handler",
                "<img src=<b onerror=alert(1)>|html-handler",
                "<a href=<b href=javascript:x>|html-script-link",
                "<img < onerror=alert(1)>|html-handler",
                "<x⏎ONMOUSEOVER=\"x\">|html-handler",
                "<a href=javascript:x>|html-script-link",
                "<a href=' java\tscript:x'>|html-script-link",
                "<a href=\"java&#10;script:x\">|html-script-link",
                "<iframe srcdoc=\"x\">|html-script-link",
                "<object data='data:text/html,x'>|html-script-link",
                "<p style=\"width:expression(x)\">|html-script-link",
                "<form action=\"/x\">|html-tag",
                "<meta http-equiv=refresh content=0>|html-tag",
                "<base href=\"/\">|html-tag"
            })
    void whatRuns_isFound(String text, String rule) {
        assertThat(rule(HTML, text.replace('⏎', '\n'))).isEqualTo(rule);
    }

    @Test
    void redaction_takesTheTag() {
        assertThat(redacted(MarkupRails.html(Action.REDACT), "a <b onclick=\"x>y\">c</b> &lt;script&gt;1</script>"))
                .isEqualTo("a [HTML_HANDLER]c</b> [HTML_TAG]1[HTML_TAG]");
    }

    @Test
    void redaction_looksAgain() {
        assertThat(redacted(MarkupRails.html(Action.REDACT), "<scr<script>ipt>"))
                .isEqualTo("<scr[HTML_TAG]ipt>");
    }

    @Test
    void code_isLeftAlone_onlyWhenAsked() {
        Guardrail<String> rail = MarkupRails.htmlOutsideCode(Action.FLAG, HtmlOptions.options());
        for (String text : new String[] {
            "Use `<script>` so:\n\n```html\n<script>1</script>\n```\nDone.",
            "``<script> ` ``",
            "~~~\n```\n<script>\n~~~",
            "```\n<script> never closed"
        }) {
            passes(rail, text);
            assertThat(rule(HTML, text)).isEqualTo("html-tag");
        }
        for (String text : new String[] {
            "`a` <script> `b`",
            "` <script>\n\n`",
            "```\ncode\n```\n<script>",
            "`` <script> `",
            "    ```\n<script>",
            "```a`b\n<script>"
        }) {
            assertThat(rule(rail, text)).isEqualTo("html-tag");
        }
    }

    @Test
    void onlySomeTags() {
        Guardrail<String> rail =
                MarkupRails.html(Action.FLAG, HtmlOptions.options().allowTags("B", "i"));
        passes(rail, "<b>x</b> <I>y</I> 1 < 2");
        assertThat(rule(rail, "<p>")).isEqualTo("html-tag");
        assertThat(rule(rail, "<b onclick=x>")).isEqualTo("html-handler");
        assertThat(MarkupRails.html(Action.FLAG, HtmlOptions.options().allowTags("<b>", ""))
                        .faults())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "NONE|<b>x</b><script>y</script>|x",
                "SIMPLE_TEXT|<b>x</b><p>y|<b>x</b>y",
                "BASIC|<a href=\"javascript:1\" onclick=\"2\">x</a>|<a rel=\"nofollow\">x</a>",
                "BASIC|<img src=x onerror=1>z|z",
                "RELAXED|<h1>x</h1><svg><p></svg>|<h1>x</h1><p></p>"
            })
    void sanitised_rewrites(Safelist list, String html, String cleaned) {
        Verdict<String> verdict = MarkupRails.sanitised(list).check(html);
        assertThat(verdict).isInstanceOf(Verdict.Rewrite.class);
        assertThat(((Verdict.Rewrite<String>) verdict).value()).isEqualTo(cleaned);
    }

    @Test
    void sanitised_passesWhatIsClean() {
        passes(MarkupRails.sanitised(Safelist.BASIC), "Some <b>bold</b> text.");
        assertThat(blocked(MarkupRails.sanitised(Safelist.BASIC), "a".repeat(1_000_001))
                        .category())
                .isEqualTo("too-long");
    }

    @Test
    void withoutJsoup_theClassLoads_andTheFaultNamesIt() throws ReflectiveOperationException {
        ClassLoader loader = new ClassLoader(HtmlRailTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("org.jsoup.")) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.startsWith("io.github.incident4j.guardrails.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }

            private Class<?> define(String name) throws ClassNotFoundException {
                try (InputStream in =
                        HtmlRailTest.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(name);
                    }
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Class<?> lists = loader.loadClass(Safelist.class.getName());
        Object rail = loader.loadClass(MarkupRails.class.getName())
                .getMethod("sanitised", lists)
                .invoke(null, lists.getEnumConstants()[0]);
        assertThat(((Guardrail<?>) rail).faults())
                .containsExactly("html-sanitised: cleaning HTML needs jsoup; add the dependency org.jsoup:jsoup");
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missing_isBlocked() {
        assertThat(blocked(HTML, null).category()).isEqualTo("missing-text");
        assertThat(blocked(MarkupRails.sanitised(Safelist.NONE), null).category())
                .isEqualTo("missing-text");
        assertThat(MarkupRails.sanitised(null).faults()).hasSize(1);
        assertThat(MarkupRails.html(null, null).faults()).hasSize(2);
    }
}
