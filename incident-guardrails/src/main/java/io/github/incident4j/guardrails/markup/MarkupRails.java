// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.guardrails.scan.Action;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.model.Severity;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guardrails on what a text makes a renderer, a browser or another program do: links that carry data away, images that
 * are fetched without a click, HTML that runs, code in answers for a machine, characters that do not show.
 *
 * <pre>{@code
 * .output(MarkupRails.urls(Action.REDACT, UrlOptions.options().allowHosts("example.com", "*.example.com")))
 * .output(MarkupRails.html(Action.BLOCK))
 * .input(MarkupRails.invisible(Action.REDACT))
 * }</pre>
 *
 * <p>Links, HTML and code are found by a {@link TextRail}, which also guards texts that come in pieces, decodes what is
 * encoded, and takes rules of other families into the same pass. {@link #htmlOutsideCode}, {@link #sanitised} and
 * {@link #invisible} are for whole texts.
 *
 * <p>A finding names rules and spans in UTF-16 units (and in code points where these differ) and never holds what was
 * found. Redaction always replaces characters of the original. The time is linear in the text. A text that is missing
 * (null) is blocked. No method here throws because of what it is given: see {@link Guardrail#faults()}. All guardrails
 * may be used by several threads.
 */
public final class MarkupRails {
    private static final String URLS = "urls";
    private static final String HTML = "html";
    private static final String FRAGMENTS = "fragments";
    private static final String INVISIBLE = "invisible";

    private MarkupRails() {}

    /**
     * A guardrail on links with {@link UrlOptions#options()}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static TextRail urls(Action action) {
        return urls(action, UrlOptions.options());
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
    public static TextRail urls(Action action, UrlOptions options) {
        Faults faults = new Faults(URLS).whenNull(options, "the options", "UrlOptions.options()");
        return rail(URLS, action, faults, urlRules(options == null ? UrlOptions.options() : options));
    }

    /**
     * The rules for links, for a {@link TextRail} with rules of other families.
     *
     * @param options which links are allowed
     * @return the rules
     */
    public static Rules urlRules(UrlOptions options) {
        Faults faults = new Faults(URLS);
        options.check(faults);
        Rules links = Rules.of("links", Urls.recognisers(options)).withFaults(faults.found());
        for (UrlRule rule : options.rules()) {
            links = links.severity(rule.severity(), rule.toString());
        }
        return links;
    }

    /**
     * A guardrail on HTML with {@link HtmlOptions#options()}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static TextRail html(Action action) {
        return html(action, HtmlOptions.options());
    }

    /**
     * Looks for tags that run, load or take input ({@code html-tag}), event handlers ({@code html-handler}) and
     * attributes that hold script ({@code html-script-link}), in Markdown's code, too. It finds; to put an answer into
     * a page, clean it by {@link #sanitised}. The guardrail's name and the category are {@code html}.
     *
     * @param action what follows
     * @param options which HTML is allowed
     * @return the guardrail
     */
    public static TextRail html(Action action, HtmlOptions options) {
        Faults faults = new Faults(HTML).whenNull(options, "the options", "HtmlOptions.options()");
        return rail(HTML, action, faults, htmlRules(options == null ? HtmlOptions.options() : options));
    }

    /**
     * As {@link #html(Action, HtmlOptions)}, and Markdown's fenced blocks and code spans are left alone. For answers
     * that are rendered as Markdown by a renderer that shows code and does not run it; not for answers that are put
     * into a page as they are. For whole texts: what is code depends on the end of its paragraph or block.
     *
     * <p>A redacted text is looked at again, and one in which something is still found after four rounds is blocked.
     *
     * @param action what follows
     * @param options which HTML is allowed
     * @return the guardrail
     */
    public static Guardrail<String> htmlOutsideCode(Action action, HtmlOptions options) {
        Faults faults = new Faults(HTML)
                .whenNull(action, "the action", "Action.REDACT")
                .whenNull(options, "the options", "HtmlOptions.options()");
        HtmlOptions given = options == null ? HtmlOptions.options() : options;
        given.check(faults);
        return faults.or(HTML, () -> WholeTextRail.outsideCode(html(Action.FLAG, given), action));
    }

    /**
     * The rules for HTML, for a {@link TextRail} with rules of other families.
     *
     * @param options which HTML is allowed
     * @return the rules
     */
    public static Rules htmlRules(HtmlOptions options) {
        Faults faults = new Faults(HTML);
        options.check(faults);
        return Rules.of("HTML", Html.recognisers(options)).severity(Severity.P2).withFaults(faults.found());
    }

    /**
     * Takes an answer for HTML and rewrites what is not on a list of safe elements, by jsoup ({@code org.jsoup:jsoup},
     * needed at run time). What is left is safe in the body of a page, not in an attribute, a script or a style. An
     * answer in plain text has its signs escaped. For whole texts; one of more than 1,000,000 UTF-16 units is blocked.
     * The guardrail's name is {@code html-sanitised}.
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
    public static TextRail fragments(Action action, Fragment... kinds) {
        return rail(FRAGMENTS, action, new Faults(FRAGMENTS), fragmentRules(kinds));
    }

    /**
     * The rules for code, for a {@link TextRail} with rules of other families.
     *
     * @param kinds what to look for; none means all
     * @return the rules
     */
    public static Rules fragmentRules(Fragment... kinds) {
        Set<Fragment> given = kinds.length == 0 ? EnumSet.allOf(Fragment.class) : EnumSet.copyOf(List.of(kinds));
        return Rules.of("code", Fragments.recognisers(given));
    }

    /**
     * Looks for characters that do not show: {@code zero-width}, {@code bidi-control}, {@code tag-character},
     * {@code variation-selector} and {@code control-character}. Those stay that have a use where they stand: in emoji,
     * in Arabic and in scripts of India, in lines that are written from right to left, between letters of Thai, Lao,
     * Khmer and Myanmar. To redact means to take them away; the text is then looked at again, and blocked if there are
     * some after four rounds. For whole texts: a line's direction depends on all of it. The guardrail's name and the
     * category are {@code invisible}.
     *
     * @param action what follows
     * @return the guardrail
     */
    public static Guardrail<String> invisible(Action action) {
        return new Faults(INVISIBLE)
                .whenNull(action, "the action", "Action.REDACT")
                .or(INVISIBLE, () -> WholeTextRail.invisible(INVISIBLE, action));
    }

    private static TextRail rail(String name, @Nullable Action action, Faults faults, Rules rules) {
        faults.whenNull(action, "the action", "Action.REDACT");
        return TextRail.builder(name)
                .on(action == null ? Action.BLOCK : action, rules.withFaults(faults.found()))
                .build();
    }
}
