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
import org.jspecify.annotations.Nullable;

/** Guardrails on texts by what is typed. */
final class ScanRails {

    private ScanRails() {}

    private static TextRail preset(String name) {
        return switch (name) {
            case "chat-input" -> Rails.chatInput();
            case "chat-output" -> Rails.chatOutput();
            case "rag-context" -> Rails.ragContext();
            default ->
                throw new IllegalArgumentException(
                        "there is no preset \"" + name + "\"; there are chat-input, chat-output and rag-context");
        };
    }

    /**
     * What is chosen.
     *
     * @param rail the rules, null if there are none
     * @param whole what judges whole texts
     */
    record Chosen(@Nullable TextRail rail, WholeTexts whole) {}

    /**
     * Families, each with its action; in a preset they take the place of its own rules.
     *
     * @param preset the name of the preset, null for none
     * @param families what is typed for each
     * @param leastConfidence from which confidence on values of pii and secrets count, null for what these say
     */
    static Chosen of(@Nullable String preset, List<String> families, @Nullable Double leastConfidence) {
        TextRail.Builder rail = preset == null ? TextRail.builder("scan") : preset(preset).toBuilder();
        WholeTexts whole = WholeTexts.NONE;
        boolean hasRules = preset != null || families.isEmpty();
        boolean hasConfidence = false;
        for (String each : families) {
            int colon = each.indexOf(':');
            String family = colon < 0 ? each : each.substring(0, colon);
            String action = colon < 0 ? "" : each.substring(colon + 1);
            if (family.equals("text")) {
                whole = WholeTexts.of(action);
                continue;
            }
            hasRules = true;
            Rules rules = rules(family);
            if (leastConfidence != null && (family.equals("pii") || family.equals("secrets"))) {
                rules = rules.leastConfidence(leastConfidence);
                hasConfidence = true;
            }
            switch (action.isEmpty() ? family.equals("injection") ? "weigh" : "flag" : action) {
                case "flag" -> rail.flag(rules);
                case "redact" -> rail.redact(rules);
                case "block" -> rail.block(rules);
                case "retry" -> rail.retry(rules);
                case "weigh" -> rail.weigh(rules, InjectionRails.FLAG_AT, InjectionRails.BLOCK_AT);
                default ->
                    throw new IllegalArgumentException(
                            "there is no action \"" + action + "\"; there are flag, redact, block, retry and weigh");
            }
        }
        if (leastConfidence != null && !hasConfidence) {
            throw new IllegalArgumentException("--least-confidence is one of pii and secrets; name them in --rails");
        }
        return new Chosen(hasRules ? rail.build() : null, whole);
    }

    private static Rules rules(String family) {
        return switch (family) {
            case "pii" -> PiiRails.rules();
            case "secrets" -> SecretRails.rules();
            case "injection" -> InjectionRails.rules();
            case "links" -> MarkupRails.urlRules(UrlOptions.options());
            case "html" -> MarkupRails.htmlRules(HtmlOptions.options());
            case "code" -> MarkupRails.fragmentRules();
            default ->
                throw new IllegalArgumentException("there is no family \"" + family
                        + "\"; there are pii, secrets, injection, links, html, code and text");
        };
    }
}
