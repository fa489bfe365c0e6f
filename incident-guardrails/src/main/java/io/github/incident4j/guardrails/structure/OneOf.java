// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.guardrail.Guardrail;
import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes an answer that is one of a list; may put what is one but for its dress into the list's own form. */
final class OneOf implements Guardrail<String> {
    static final String NAME = "one-of";

    /** What models put round a word: quotes, code and emphasis, and a full stop behind it. */
    private static final String DRESS = "\"'`*_ \t\r\n.!\u201C\u201D\u2018\u2019";

    private final Set<String> allowed;
    private final Map<String, String> byForm;
    private final Verdict<String> block;

    private OneOf(Set<String> allowed, boolean forgiving) {
        this.allowed = allowed;
        Map<String, String> forms = new HashMap<>();
        if (forgiving) {
            allowed.forEach(each -> forms.put(form(each), each));
        }
        byForm = Map.copyOf(forms);
        block = Verdict.block(
                new Finding(NAME, "not-allowed", "the answer is none of the " + allowed.size() + " that are allowed"));
    }

    static Guardrail<String> of(String @Nullable [] answers, boolean forgiving) {
        Faults faults = new Faults(NAME);
        Set<String> allowed = new LinkedHashSet<>();
        Set<String> forms = new LinkedHashSet<>();
        for (String answer : answers == null ? new String[0] : answers) {
            faults.when(answer == null, "an answer is null; remove it or give a text");
            if (answer != null) {
                faults.when(!allowed.add(answer), "the answer \"" + answer + "\" is there twice; remove one")
                        .when(
                                forgiving && !forms.add(form(answer)),
                                "the answer \"" + answer
                                        + "\" differs from another in case, quotes or a full stop only; use oneOf");
            }
        }
        faults.when(
                answers == null || answers.length == 0, "there is no answer; give at least one, such as \"approve\"");
        return faults.or(NAME, () -> new OneOf(Set.copyOf(allowed), forgiving));
    }

    private static String form(String answer) {
        int start = 0;
        int end = answer.length();
        while (start < end && DRESS.indexOf(answer.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && DRESS.indexOf(answer.charAt(end - 1)) >= 0) {
            end--;
        }
        return answer.substring(start, end).toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Cost cost() {
        return Cost.CHEAP;
    }

    @Override
    public Verdict<String> check(@Nullable String answer) {
        if (answer == null) {
            return Verdict.block(new Finding(NAME, "missing-text", "there is no answer"));
        }
        if (allowed.contains(answer)) {
            return Verdict.pass();
        }
        String meant = byForm.isEmpty() ? null : byForm.get(form(answer));
        return meant == null
                ? block
                : Verdict.rewrite(
                        meant,
                        new Finding(NAME, "rewritten", "the answer was one of those allowed but for case and dress"));
    }
}
