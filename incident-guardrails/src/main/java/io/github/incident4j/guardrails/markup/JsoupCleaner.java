// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** By org.jsoup:jsoup; loaded only when a guardrail that cleans is made. */
final class JsoupCleaner implements Cleaning {
    private final org.jsoup.safety.Safelist safelist;

    private JsoupCleaner(org.jsoup.safety.Safelist safelist) {
        this.safelist = safelist;
    }

    static Cleaning of(Safelist list) {
        return new JsoupCleaner(
                switch (list) {
                    case NONE -> org.jsoup.safety.Safelist.none();
                    case SIMPLE_TEXT -> org.jsoup.safety.Safelist.simpleText();
                    case BASIC -> org.jsoup.safety.Safelist.basic();
                    case RELAXED -> org.jsoup.safety.Safelist.relaxed();
                });
    }

    @Override
    public String cleaned(String html) {
        // A copy, because jsoup's lists can be changed and say nothing of threads.
        return Jsoup.clean(
                html, "", new org.jsoup.safety.Safelist(safelist), new Document.OutputSettings().prettyPrint(false));
    }
}
