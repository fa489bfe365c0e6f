// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrails.internal.Action;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.guardrails.internal.Rail;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks again for a text that lacks one of a list of words and phrases. */
final class RequiredTerms {
    /** Each term is a search of its own, which looks for nothing else. */
    static final int MOST_TERMS = 100;

    private static final DeniedTerms.Kind KIND = DeniedTerms.Kind.REQUIRED;

    private final List<String> terms;
    private final List<TermSearch> searches = new ArrayList<>();

    private RequiredTerms(Collection<String> terms, List<String> forms) {
        this.terms = List.copyOf(terms);
        forms.forEach(form -> searches.add(new TermSearch(List.of(form))));
    }

    static Guardrail<String> of(@Nullable Collection<String> terms) {
        List<String> forms = new ArrayList<>();
        List<String> faults = DeniedTerms.faultsOf(KIND, terms, MOST_TERMS, forms);
        if (terms == null || !faults.isEmpty()) {
            return new Misconfigured<>(KIND.rail, faults);
        }
        return Rail.onText(KIND.rail, Action.RETRY, new RequiredTerms(terms, forms)::in);
    }

    private @Nullable Finding in(String text) {
        for (int i = 0; i < terms.size(); i++) {
            if (searches.get(i).firstIn(text) == 0) {
                return new Finding(
                        KIND.rule,
                        KIND.rule,
                        "the text lacks entry " + (i + 1) + " of the required terms, \"" + terms.get(i) + "\"");
            }
        }
        return null;
    }
}
