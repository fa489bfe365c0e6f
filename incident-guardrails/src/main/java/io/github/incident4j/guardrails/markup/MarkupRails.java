// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextScanner;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Guardrails on what a text makes a renderer, a browser or another program do: links that carry data away, images that
 * are fetched without a click, HTML that runs, code in answers for a machine, characters that do not show.
 *
 * <pre>{@code
 * .output(MarkupRails.urls(Action.REDACT, UrlOptions.defaults().allowHosts("example.com", "*.example.com")))
 * .output(MarkupRails.html(Action.BLOCK))
 * .input(MarkupRails.invisible(Action.REDACT))
 * }</pre>
 *
 * <p>The text is read as it is and, where that differs, with HTML's character references and backslash escapes decoded,
 * each in one pass. A finding names rules and spans in UTF-16 units (and in code points where these differ) and never
 * holds what was found. Redaction always replaces characters of the original; afterwards the text is looked at again,
 * and one in which something is still found after four rounds is blocked. The time is linear in the text. A text that
 * is missing (null) is blocked. No method here throws because of what it is given: see {@link Guardrail#faults()}. All
 * guardrails may be used by several threads.
 */
public final class MarkupRails {
    private static final String URLS = "urls";
    private static final String HTML = "html";
    private static final String FRAGMENTS = "fragments";

    private MarkupRails() {}

    /**
     * A guardrail on links with {@link UrlOptions#defaults()}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static Guardrail<String> urls(Action action) {
        return urls(action, UrlOptions.defaults());
    }

    /**
     * Looks for absolute links that break a rule, wherever they stand: in plain text, Markdown (also reference
     * definitions, autolinks and titles), HTML attributes and CSS. They are read as browsers read them, so that
     * {@code https:\evil.example}, {@code //evil.example} as a destination and {@code www.evil.example} are links, too.
     * The guardrail's name is {@code urls}; the rules are listed at {@link UrlOptions#without}, the category is
     * {@code link}.
     *
     * @param action what follows
     * @param options which links are allowed
     * @return the guardrail
     */
    public static Guardrail<String> urls(Action action, UrlOptions options) {
        Faults faults = faults(URLS, action);
        faults.whenNull(options, "the options", "UrlOptions.defaults()");
        UrlOptions given = options == null ? UrlOptions.defaults() : options;
        given.check(faults);
        return faults.or(URLS, () -> {
            TextScanner plain = SpanRail.scanner(Urls.recognisers(given, false));
            TextScanner withImages = SpanRail.scanner(Urls.recognisers(given, true));
            // An image may take its address from a definition anywhere in the text.
            return new SpanRail(URLS, text -> text.contains("![") ? withImages : plain, false, action);
        });
    }

    /**
     * The rules for links, for a {@link io.github.incident4j.guardrails.scan.TextRail} with rules of other families,
     * and for texts that come in pieces. A link reference definition counts as fetched without a click, because an
     * image may use it.
     *
     * @param options which links are allowed
     * @return the rules
     */
    public static Rules urlRules(UrlOptions options) {
        Faults faults = new Faults(URLS);
        options.check(faults);
        return Rules.of("links", Urls.recognisers(options, true)).withFaults(faults.found());
    }

    /**
     * A guardrail on HTML with {@link HtmlOptions#defaults()}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static Guardrail<String> html(Action action) {
        return html(action, HtmlOptions.defaults());
    }

    /**
     * Looks for tags that run, load or take input ({@code html-tag}), event handlers ({@code html-handler}) and
     * attributes that hold script ({@code html-script-link}). It finds; to put an answer into a page, clean it by
     * {@link #sanitised}. The guardrail's name and the category are {@code html}.
     *
     * @param action what follows
     * @param options which HTML is allowed
     * @return the guardrail
     */
    public static Guardrail<String> html(Action action, HtmlOptions options) {
        Faults faults = faults(HTML, action);
        faults.whenNull(options, "the options", "HtmlOptions.defaults()");
        HtmlOptions given = options == null ? HtmlOptions.defaults() : options;
        given.check(faults);
        return faults.or(HTML, () -> SpanRail.of(HTML, Html.recognisers(given), given.ignoringCode(), action));
    }

    /**
     * The rules for HTML, for a {@link io.github.incident4j.guardrails.scan.TextRail}.
     *
     * @param options which HTML is allowed; {@link HtmlOptions#ignoreCode} has no effect here
     * @return the rules
     */
    public static Rules htmlRules(HtmlOptions options) {
        Faults faults = new Faults(HTML);
        options.check(faults);
        return Rules.of("HTML", Html.recognisers(options)).withFaults(faults.found());
    }

    /**
     * Takes an answer for HTML and rewrites what is not on a list of safe elements, by jsoup ({@code org.jsoup:jsoup},
     * needed at run time). What is left is safe in the body of a page, not in an attribute, a script or a style. An
     * answer in plain text has its signs escaped. A text of more than 1,000,000 UTF-16 units is blocked. The
     * guardrail's name is {@code html-sanitised}.
     *
     * @param list which elements stay
     * @return the guardrail
     */
    public static Guardrail<String> sanitised(Safelist list) {
        return SanitisingRail.of(list);
    }

    /**
     * Looks for code in answers for a machine, where there should be none. Not for answers about code. The guardrail's
     * name is {@code fragments}; the rules are {@code sql}, {@code shell} and {@code template}, the category is
     * {@code code}.
     *
     * @param action what follows
     * @param kinds what to look for; none means all
     * @return the guardrail
     */
    public static Guardrail<String> fragments(Action action, Fragment... kinds) {
        Set<Fragment> given = kinds.length == 0 ? EnumSet.allOf(Fragment.class) : EnumSet.copyOf(List.of(kinds));
        return faults(FRAGMENTS, action)
                .or(FRAGMENTS, () -> SpanRail.of(FRAGMENTS, Fragments.recognisers(given), false, action));
    }

    /**
     * The rules for code, for a {@link io.github.incident4j.guardrails.scan.TextRail}.
     *
     * @param kinds what to look for; none means all
     * @return the rules
     */
    public static Rules fragmentRules(Fragment... kinds) {
        return Rules.of(
                "code",
                Fragments.recognisers(
                        kinds.length == 0 ? EnumSet.allOf(Fragment.class) : EnumSet.copyOf(List.of(kinds))));
    }

    /**
     * Looks for characters that do not show: {@code zero-width}, {@code bidi-control}, {@code tag-character},
     * {@code variation-selector} and {@code control-character}. Those stay that have a use where they stand: in emoji,
     * in Arabic and in scripts of India, in lines that are written from right to left, between letters of Thai, Lao,
     * Khmer and Myanmar. To redact means to take them away. The guardrail's name and the category are
     * {@code invisible}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static Guardrail<String> invisible(Action action) {
        return faults(InvisibleRail.NAME, action).or(InvisibleRail.NAME, () -> new InvisibleRail(action));
    }

    private static Faults faults(String name, Action action) {
        return new Faults(name).whenNull(action, "the action", "Action.REDACT");
    }
}
