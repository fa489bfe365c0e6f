// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import static io.github.incident4j.guardrails.markup.Verdicts.blocked;
import static io.github.incident4j.guardrails.markup.Verdicts.flagged;
import static io.github.incident4j.guardrails.markup.Verdicts.passes;
import static io.github.incident4j.guardrails.markup.Verdicts.redacted;
import static io.github.incident4j.guardrails.markup.Verdicts.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.scan.TextScanner;
import io.github.incident4j.guardrails.scan.TextStreamGuard;
import io.github.incident4j.model.Finding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlRailTest {
    private static final UrlOptions LIST = UrlOptions.options().allowHosts("good.example", "*.good.example");
    private static final Guardrail<String> ANY = MarkupRails.urls(Action.FLAG);
    private static final Guardrail<String> LISTED = MarkupRails.urls(Action.FLAG, LIST);
    private static final TextRail REDACT = MarkupRails.urls(Action.REDACT, LIST);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my $client = HTTP::Tiny->new(max_redirect => 0);",
                "auto request = http::request<http::string_body>{};",
                "let request=http::Request::builder();",
                "See https://example.com/a/b?c=d&e=f#g, (http://example.org) and <https://example.net>.",
                "[docs](https://docs.example.com/guide/how-to-make-the-best-pizza-2024-edition \"Title\")",
                "mailto:jo@example.com or tel:+49-30-1234, git+ssh://git.example/x",
                "Open http://localhost:3000/ or http://127.0.0.1:8000 or http://[::1]:99/x",
                "https://github.com/a/b/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
                "https://example.com/search?q=best+pizza+in+town&lang=en",
                "https://docs.example.com/document/d/1AbC2dEf3GhI4jKl5MnO6pQr7StU8vWx9YzA/edit",
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "https://de.wikipedia.org/wiki/Berlin_(Begriffsklärung)",
                "https://münchen.example/ and https://例え.example/ and https://пример.example/",
                "Ratio 16:9, at 12:30, std::vector, key:value, C:\\Users, a // comment, and/or, data: none, e.g. this.",
                "JavaScript: the good parts. javascript : no",
                "![local](images/a.png) ![](#x) <img src=\"a.png\">",
                "if (a) // then\n\"//\" '\\\\' x=\"/a\"",
                "![chart](data:image/png;base64,iVBORw0KGgo=) <img src='data:image/GIF;base64,R0lGODlhAQABAAAAACw='>",
                "(www) www. wwww.x"
            })
    void ordinaryLinks_pass(String text) {
        passes(ANY, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[x](javascript:alert(1))|url-scheme",
                "<a href=\"JaVaScRiPt:alert(1)\">|url-scheme",
                "<a href=\"java&#115;cript&colon;alert(1)\">|url-scheme",
                "<a href=\"java\tscript:alert(1)\">|url-scheme",
                "<a href=\"&#x6A;avascript:alert(1)\">|url-scheme",
                "vbscript:msgbox(1)|url-scheme",
                "data:text/html;base64,PHNjcmlwdD4=|url-scheme",
                "[x](data:,hi)|url-scheme",
                "![x](data:image/svg+xml;base64,PHN2Zz4=)|url-scheme",
                "![x](data:image/pngx,hi)|url-scheme",
                "file:///etc/passwd|url-scheme",
                "[x](file:///etc/hosts)|url-scheme",
                "see file:/etc/hosts now|url-scheme",
                "file://localhost/etc/hosts|url-scheme",
                "FILE:///C:/Windows/win.ini|url-scheme",
                "file:\\\\\\etc\\hosts|url-scheme",
                "![x](file:////server/share/a.png)|url-scheme",
                "file%3A%2F%2F%2Fetc%2Fhosts|url-scheme",
                "file&#58;///etc/hosts|url-scheme",
                "netdoc:///etc/hosts|url-scheme",
                "ms-msdt:/id|url-scheme",
                "smb://host/share|url-scheme",
                "view-source:https://example.com|url-scheme",
                "https://good.example@evil.example/|url-userinfo",
                "https://good.example:443@evil.example/|url-userinfo",
                "https://a@good.example/|url-userinfo",
                "https://gооd.example/|url-lookalike",
                "https://раура.example/|url-lookalike",
                "https://xn--80ak6aa92e.com/|url-lookalike",
                "https://evil%2eexample/|url-lookalike",
                "https://good⁄x.example/|url-lookalike",
                "http://192.0.2.7/x|url-ip",
                "http://3221225991/x|url-ip",
                "http://0xC0.0x00.0x02.0x07/|url-ip",
                "http://[2001:db8::1]/|url-ip",
                "https://169.254.169.254/latest/meta-data|url-ip",
                "https://example.com:4444/|url-port",
                "![x](https://evil.example/a.png)|remote-image",
                "![a [nested] b](https://evil.example/a.png \"title\")|remote-image",
                "![x]( <https://evil.example/a b.png> )|remote-image",
                "![x][id]⏎⏎[id]: https://evil.example/a.png|remote-image",
                "![x][id]⏎⏎[id]:⏎  <https://evil.example/a.png>|remote-image",
                "<img alt=x src=https://evil.example/a.png>|remote-image",
                "<img srcset=\"a.png 1x, https://evil.example/b.png 2x\">|remote-image",
                "<IMG SRC='//evil.example/a.png'>|remote-image",
                "<link rel=x href=\"https://evil.example/a.css\">|remote-image",
                "<a style=\"background:url(https://evil.example/a.png)\">|remote-image",
                "<style>@import 'https://evil.example/a.css'</style>|remote-image",
                "![x](\\/\\/evil.example/a.png)|remote-image",
                "![x](https&#58;&#47;&#47;evil.example/a.png)|remote-image",
                "![x](https:evil.example/a.png)|remote-image",
                "https://example.com/?d={{secret}}|url-data",
                "https://example.com/${user}/|url-data",
                "https://example.com/a?u=https://evil.example/|url-redirect",
                "https://example.com/a?next=%2F%2Fevil.example|url-redirect",
                "https://example.com/a?next=https%253A%252F%252Fevil.example|url-redirect",
                "https://example.com/a?x=1#u=https:/evil.example|url-redirect",
                "https://example.com/r?u=aHR0cHM6Ly9ldmlsLmV4YW1wbGU|url-redirect"
            })
    void trouble_isFound_byDefault(String text, String rule) {
        assertThat(rule(ANY, text.replace('⏎', '\n'))).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://good.example",
                "https://GOOD.example./a",
                "https://a.b.good.example:8443/x?y=z",
                "![x](https://cdn.good.example/a.png)",
                "www.good.example/a",
                "https://good.example/?next=https://www.good.example/b",
                "ｈｔｔｐｓ://ｇｏｏｄ.example",
                "see https://good.example。谢谢",
                "《https://good.example》",
                "mailto:jo@elsewhere.example"
            })
    void allowedHosts_pass(String text) {
        passes(LISTED, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "https://evil.example|url-host",
                "HTTPS://EVIL.EXAMPLE|url-host",
                "seehttps://evil.example|url-host",
                "https:\\\\evil.example|url-host",
                "https:/\\/evil.example|url-host",
                "h\u200Bttps://evil.example|url-host",
                "ｈｔｔｐｓ：／／evil.example|url-host",
                "https://good.exampleevil.example|url-host",
                "https://notgood.example|url-host",
                "https://good.example.evil.example|url-lookalike",
                "https://g00d.example|url-lookalike",
                "https://gôod.example|url-lookalike",
                "https://evil。example|url-host",
                "https://evil.example\\@good.example|url-userinfo",
                "https://evil.example#@good.example|url-host",
                "https://evil.example?@good.example|url-host",
                "www.evil.example|url-host",
                "[x](//evil.example)|url-host",
                "[x](\\\\\\\\evil.example)|url-host",
                "<a href=/\\evil.example>|url-host",
                "[a](https://good.example \"https://evil.example\")|url-host",
                "<https://evil.example>|url-host",
                "\"url\":\"https:\\/\\/evil.example\\/x\"|url-host",
                "https\\u003a//evil.example|url-host",
                "https%3A%2F%2Fevil.example%2Fx|url-host",
                "background:url( 'https://evil.example/x' )|url-host",
                "ftp://evil.example|url-host",
                "https://good.example/https://evil.example/x|url-host",
                "https://good.example,https://evil.example|url-host",
                "https://good.example/?a=1,b=https://good.example/;https://evil.example|url-host",
                "https://https://evil.example|url-host",
                "见https://evil.example谢|url-host"
            })
    void otherHosts_areFound(String text, String rule) {
        assertThat(rule(LISTED, text)).isEqualTo(rule);
    }

    @Test
    void data_isFound() {
        String secret = "the user's account is 4711 and the balance is 1200 EUR";
        String base64 = Base64.getUrlEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        assertThat(rule(LISTED, "![x](https://good.example/p?d=" + base64 + ")"))
                .isEqualTo("url-data");
        assertThat(rule(LISTED, "![x](https://good.example/p?d=the+user+is+Jo)"))
                .isEqualTo("url-data");
        assertThat(rule(LISTED, "![x](https://good.example/the%20user%20is%20Jo.png)"))
                .isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/p?d=" + base64)).isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/" + base64)).isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/p#" + base64)).isEqualTo("url-data");
        assertThat(rule(LISTED, "https://" + "a1b2".repeat(12) + ".good.example/"))
                .isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/?" + "a=b&".repeat(130))).isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/?a=" + "word ".repeat(50).replace(" ", "%20")))
                .isEqualTo("url-data");
        assertThat(rule(LISTED, "https://good.example/" + "a/".repeat(2_000))).isEqualTo("url-data");
        passes(LISTED, "![x](https://good.example/photo-1500?w=800&q=80&fit=crop)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "💣 see https://evil.example/a?b, ok|💣 see [URL_HOST], ok",
                "![x](https://evil.example/a(b)c)!|![x]([URL_HOST])!",
                "[x](https&#58;//evil.example/a&amp;b) y|[x]([URL_HOST]) y",
                "<img src=\"https://evil.example/a b\">|<img src=\"[URL_HOST]\">",
                "h\u200Bttps://evil.example\u200B/x y|[URL_HOST] y",
                "{\"u\":\"https:\\/\\/evil.example\\/x\"}|{\"u\":\"[URL_HOST]\"}",
                "a https://evil.example/x https://evil.example/y b|a [URL_HOST] [URL_HOST] b",
                "a https://evil.example/x,https://evil.example/y;http://evil.example/z b|a [URL_HOST] b",
                "ｈｔｔｐ：//evil.example。|[URL_HOST]。"
            })
    void redaction_hitsTheOriginal(String text, String rest) {
        assertThat(redacted(REDACT, text)).isEqualTo(rest);
    }

    @Test
    void finding_namesRuleAndSpan_andNothingOfTheText() {
        assertThat(flagged(MarkupRails.urls(Action.FLAG, LIST), "💣 https://evil.example/secret and www.evil.example"))
                .isEqualTo(new Finding(
                        "url-host",
                        "link",
                        "the text holds url-host at 3 to 30 (code points 2 to 29),"
                                + " url-host at 35 to 51 (code points 34 to 50)"));
        assertThat(flagged(MarkupRails.urls(Action.FLAG, LIST), "www.e.example ".repeat(12))
                        .message())
                .endsWith(" and 2 more of url-host");
        assertThat(blocked(MarkupRails.urls(Action.BLOCK, LIST), "see www.evil.example and www.evil.example")
                        .message())
                .isEqualTo("the text holds url-host at 4 to 20");
    }

    @Test
    void definitions_countAsFetched_unlessToldOtherwise() {
        String sources = "See [1].\n\n[1]: https://example.com/page";
        assertThat(rule(ANY, sources)).isEqualTo("remote-image");
        passes(MarkupRails.urls(Action.FLAG, UrlOptions.options().definitionsAsLinks()), sources);
        assertThat(rule(
                        MarkupRails.urls(Action.FLAG, UrlOptions.options().definitionsAsLinks()),
                        "![x](https://example.com/a.png)"))
                .isEqualTo("remote-image");
    }

    @Test
    void aStream_isGuardedToo() {
        TextStreamGuard guard = REDACT.stream();
        String out = guard.append("See [it](https://ev").text()
                + guard.append("il.example/x?y").text()
                + guard.append("=z) or https:/").text()
                + guard.append("/good.example.").text()
                + guard.end().text();
        assertThat(out).isEqualTo("See [it]([URL_HOST]) or https://good.example.");
    }

    @Test
    void options_areHeld() {
        Guardrail<String> strict = MarkupRails.urls(
                Action.FLAG, UrlOptions.options().allowSchemes("https").allowPorts(9_000));
        assertThat(rule(strict, "http://example.com")).isEqualTo("url-scheme");
        assertThat(rule(strict, "mailto:a@example.com")).isEqualTo("url-scheme");
        assertThat(rule(strict, "![x](data:image/png;base64,iVBORw0KGgo=)")).isEqualTo("url-scheme");
        passes(strict, "https://example.com:9000");
        Guardrail<String> images =
                MarkupRails.urls(Action.FLAG, UrlOptions.options().without("remote-image"));
        passes(images, "![x](https://example.com/a.png)");
    }

    @Test
    void recognisers_serveAScannerOfOnesOwn() {
        TextScanner scanner = new TextScanner(MarkupRails.urlRules(LIST).recognisers(), 0.5);
        assertThat(scanner.scan("[1]: https://evil.example"))
                .singleElement()
                .satisfies(match -> assertThat(match.rule()).isEqualTo("url-host"));
    }

    @Test
    void faults_areReported() {
        assertThat(MarkupRails.urls(
                                Action.FLAG,
                                UrlOptions.options()
                                        .allowHosts("https://a.example", "", "*.*.example")
                                        .allowSchemes("https:")
                                        .allowPorts(0)
                                        .without("url-hots"))
                        .faults())
                .hasSize(6);
        UrlOptions none = UrlOptions.options()
                .without(
                        "url-scheme",
                        "url-userinfo",
                        "url-lookalike",
                        "url-ip",
                        "url-port",
                        "url-host",
                        "remote-image",
                        "url-data",
                        "url-redirect");
        assertThat(MarkupRails.urls(Action.FLAG, none).faults()).hasSize(1);
        assertThat(ANY.faults()).isEmpty();
        assertThat(ANY.name()).isEqualTo("urls");
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks
    void missing_isBlocked() {
        assertThat(blocked(ANY, null).category()).isEqualTo("missing-text");
        assertThat(MarkupRails.urls(null, null).faults()).hasSize(2);
        assertThat(MarkupRails.urls(null).check("")).isInstanceOf(Verdict.Block.class);
    }
}
