// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.text;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Misconfigured;
import io.github.incident4j.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Blocks a text that holds one of a list of words and phrases. */
final class DeniedTerms<T> implements Guardrail<T> {
    static final String NAME = "denied-terms";
    static final int MOST_TERMS = 100_000;
    static final int LONGEST_TERM = 256;

    private static final String RULE = "denied-term";
    private static final int MOST_FAULTS = 20;

    private final Function<? super T, ? extends @Nullable CharSequence> text;
    private final List<String> terms;
    private final TermSearch search;
    private final Verdict<T> missing =
            Verdict.block(new Finding(RULE, "missing-text", "there is no text in which to look for denied terms"));

    private DeniedTerms(
            Function<? super T, ? extends @Nullable CharSequence> text, List<String> terms, TermSearch search) {
        this.text = text;
        this.terms = terms;
        this.search = search;
    }

    static <T> Guardrail<T> of(
            @Nullable Function<? super T, ? extends CharSequence> text, @Nullable Collection<String> terms) {
        List<String> faults = new ArrayList<>();
        if (text == null) {
            faults.add("denied terms: the function that takes out the text is null; give one, such as Answer::text");
        }
        List<String> copy = new ArrayList<>();
        List<String> forms = new ArrayList<>();
        if (terms == null || terms.isEmpty()) {
            faults.add("denied terms: there is no term; give at least one word or phrase");
        } else if (terms.size() > MOST_TERMS) {
            faults.add("denied terms: " + terms.size() + " terms are too many; give at most " + MOST_TERMS);
        } else {
            copy.addAll(terms);
            faults.addAll(faultsOf(copy, forms));
        }
        return faults.isEmpty() && text != null
                ? new DeniedTerms<>(text, List.copyOf(copy), new TermSearch(forms))
                : new Misconfigured<>(NAME, faults);
    }

    /** Looks at every term; the normal forms are complete when there is no fault. */
    private static List<String> faultsOf(List<String> terms, List<String> forms) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            String term = terms.get(i);
            String form = term == null || term.length() > LONGEST_TERM ? "" : TermSearch.formOf(term);
            String what = "denied term " + (i + 1);
            if (term == null) {
                faults.add(what + " is null; remove it or give a word or phrase");
            } else if (term.isBlank()) {
                faults.add(what + " is blank; remove it or give a word or phrase");
            } else if (term.length() > LONGEST_TERM) {
                faults.add(what + " has " + term.length() + " characters; give a word or phrase of at most "
                        + LONGEST_TERM);
            } else if (form.isEmpty()) {
                faults.add(what + " holds only characters that do not show; remove it or give a word or phrase");
            } else if (NormalForm.hasLoneSurrogate(term)) {
                faults.add(what + " holds half a surrogate pair; write the whole character");
            }
            forms.add(form);
        }
        int more = faults.size() - MOST_FAULTS;
        if (more > 1) {
            faults.subList(MOST_FAULTS, faults.size()).clear();
            faults.add("and " + more + " more of the denied terms have faults of these kinds");
        }
        return faults;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict<T> check(T value) {
        CharSequence judged = text.apply(value);
        if (judged == null) {
            return missing;
        }
        int hit = search.firstIn(judged);
        return hit == 0 ? Verdict.pass() : block(hit);
    }

    private Verdict<T> block(int hit) {
        return Verdict.block(new Finding(
                RULE, RULE, "the text holds entry " + hit + " of the denied terms, \"" + terms.get(hit - 1) + "\""));
    }
}
