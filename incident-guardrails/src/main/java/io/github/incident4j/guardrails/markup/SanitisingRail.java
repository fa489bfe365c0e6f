// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import org.jspecify.annotations.Nullable;

/** Puts cleaned HTML in the place of what is not clean. */
record SanitisingRail(Cleaning cleaning) implements Guardrail<String> {
    static final String NAME = "html-sanitised";

    private static final int LONGEST = 1_000_000;

    static Guardrail<String> of(@Nullable Safelist list) {
        Faults faults = new Faults(NAME);
        faults.whenNull(list, "the list", "Safelist.BASIC");
        Cleaning cleaning = html -> html;
        try {
            cleaning = JsoupCleaner.of(list == null ? Safelist.NONE : list);
        } catch (NoClassDefFoundError e) {
            faults.when(true, "cleaning HTML needs jsoup; add the dependency org.jsoup:jsoup");
        }
        Cleaning by = cleaning;
        return faults.or(NAME, () -> new SanitisingRail(by));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.EXPENSIVE;
    }

    @Override
    public Verdict<String> check(@Nullable String html) {
        if (html == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no text to clean"));
        }
        if (html.length() > LONGEST) {
            return Verdict.block(new Finding(NAME, "too-long", "the text is longer than " + LONGEST + " UTF-16 units"));
        }
        String cleaned = cleaning.cleaned(html);
        return cleaned.equals(html)
                ? Verdict.pass()
                : Verdict.rewrite(
                        cleaned, new Finding(NAME, "html", "HTML was cleaned; what is not on the list is gone"));
    }
}
