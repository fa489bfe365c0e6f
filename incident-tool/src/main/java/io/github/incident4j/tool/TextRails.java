// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.tool;

import io.github.incident4j.guardrails.injection.InjectionRails;
import io.github.incident4j.guardrails.markup.HtmlOptions;
import io.github.incident4j.guardrails.markup.MarkupRails;
import io.github.incident4j.guardrails.markup.UrlOptions;
import io.github.incident4j.guardrails.pii.PiiRails;
import io.github.incident4j.guardrails.presets.Rails;
import io.github.incident4j.guardrails.scan.Rules;
import io.github.incident4j.guardrails.scan.TextRail;
import io.github.incident4j.guardrails.secrets.SecretRails;
import java.util.List;

/** Guardrails on texts by what is typed. */
final class TextRails {

    private TextRails() {}

    static TextRail preset(String name) {
        return switch (name) {
            case "chat-input" -> Rails.chatInput();
            case "chat-output" -> Rails.chatOutput();
            case "rag-context" -> Rails.ragContext();
            default ->
                throw new IllegalArgumentException(
                        "there is no preset \"" + name + "\"; there are chat-input, chat-output and rag-context");
        };
    }

    static TextRail of(List<String> families) {
        TextRail.Builder rail = TextRail.builder("scan");
        for (String each : families) {
            int colon = each.indexOf(':');
            String family = colon < 0 ? each : each.substring(0, colon);
            Rules rules = rules(family);
            String action = colon >= 0 ? each.substring(colon + 1) : family.equals("injection") ? "weigh" : "flag";
            switch (action) {
                case "flag" -> rail.flag(rules);
                case "redact" -> rail.redact(rules);
                case "block" -> rail.block(rules);
                case "weigh" -> rail.weigh(rules, InjectionRails.FLAG_AT, InjectionRails.BLOCK_AT);
                default ->
                    throw new IllegalArgumentException(
                            "there is no action \"" + action + "\"; there are flag, redact, block and weigh");
            }
        }
        return rail.build();
    }

    private static Rules rules(String family) {
        return switch (family) {
            case "pii" -> PiiRails.rules();
            case "secrets" -> SecretRails.rules();
            case "injection" -> InjectionRails.rules();
            case "links" -> MarkupRails.urlRules(UrlOptions.defaults());
            case "html" -> MarkupRails.htmlRules(HtmlOptions.defaults());
            case "code" -> MarkupRails.fragmentRules();
            default ->
                throw new IllegalArgumentException("there is no family \"" + family
                        + "\"; there are pii, secrets, injection, links, html and code");
        };
    }
}
