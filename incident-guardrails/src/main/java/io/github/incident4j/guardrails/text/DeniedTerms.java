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
    /** What the terms are. */
    enum Kind {
        DENIED("denied-terms", "denied-term", "denied term"),
        COMPETITOR("competitors", "competitor", "competitor"),
        REQUIRED("required-terms", "required-term", "required term");

        final String rail;
        final String rule;
        final String one;

        Kind(String rail, String rule, String one) {
            this.rail = rail;
            this.rule = rule;
            this.one = one;
        }

        String many() {
            return one + "s";
        }
    }

    static final int MOST_TERMS = 100_000;
    static final int LONGEST_TERM = 256;

    private static final int MOST_FAULTS = 20;

    private final Kind kind;
    private final Function<? super T, ? extends @Nullable CharSequence> text;
    private final List<String> terms;
    private final TermSearch search;
    private final Verdict<T> missing;

    private DeniedTerms(
            Kind kind,
            Function<? super T, ? extends @Nullable CharSequence> text,
            List<String> terms,
            TermSearch search) {
        this.kind = kind;
        missing = Verdict.block(
                new Finding(kind.rule, "missing-text", "there is no text in which to look for " + kind.many()));
        this.text = text;
        this.terms = terms;
        this.search = search;
    }

    static <T> Guardrail<T> of(
            Kind kind, @Nullable Function<? super T, ? extends CharSequence> text, @Nullable Collection<String> terms) {
        List<String> faults = new ArrayList<>();
        if (text == null) {
            faults.add(kind.many() + ": the function that takes out the text is null; give one, such as Answer::text");
        }
        List<String> forms = new ArrayList<>();
        faults.addAll(faultsOf(kind, terms, MOST_TERMS, forms));
        return faults.isEmpty() && text != null && terms != null
                ? new DeniedTerms<>(kind, text, List.copyOf(terms), new TermSearch(forms))
                : new Misconfigured<>(kind.rail, faults);
    }

    /** What is wrong with the list and its terms; their normal forms are complete when there is no fault. */
    static List<String> faultsOf(Kind kind, @Nullable Collection<String> terms, int most, List<String> forms) {
        if (terms == null || terms.isEmpty()) {
            return List.of(kind.many() + ": there is no term; give at least one word or phrase");
        } else if (terms.size() > most) {
            return List.of(kind.many() + ": " + terms.size() + " terms are too many; give at most " + most);
        }
        return faultsOf(kind, new ArrayList<>(terms), forms);
    }

    /** Looks at every term; the normal forms are complete when there is no fault. */
    private static List<String> faultsOf(Kind kind, List<String> terms, List<String> forms) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            String term = terms.get(i);
            String form = term == null || term.length() > LONGEST_TERM ? "" : TermSearch.formOf(term);
            String what = kind.one + " " + (i + 1);
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
            faults.add("and " + more + " more of the " + kind.many() + " have faults of these kinds");
        }
        return faults;
    }

    @Override
    public String name() {
        return kind.rail;
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
                kind.rule,
                kind.rule,
                "the text holds entry " + hit + " of the " + kind.many() + ", \"" + terms.get(hit - 1) + "\""));
    }
}
