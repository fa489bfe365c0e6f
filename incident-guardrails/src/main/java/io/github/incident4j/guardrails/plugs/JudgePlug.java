// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.plugs;

import io.github.incident4j.guardrail.Verdict;
import io.github.incident4j.guardrails.internal.Faults;
import io.github.incident4j.model.Finding;
import io.github.incident4j.model.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judge and the categories that it may name; see {@link Plugs}.
 *
 * <p>Immutable.
 */
public final class JudgePlug {
    private final String name;
    private final Judge judge;
    private final List<@Nullable String> categories;

    JudgePlug(String name, Judge judge, String @Nullable [] categories) {
        this.name = name;
        this.judge = judge;
        this.categories = categories == null ? List.of() : new ArrayList<>(Arrays.asList(categories));
    }

    /** {@return the guardrail, with the default options} */
    public PlugRail rail() {
        return rail(PlugOptions.options());
    }

    /**
     * The guardrail.
     *
     * @param options how the judge is called; batches are a fault, since a judge takes one text
     * @return the guardrail; close it when it is no longer used
     */
    public PlugRail rail(PlugOptions options) {
        Faults faults = new Faults("judge '" + name + "'")
                .whenNull(judge, "the judge", "llm::judge")
                .whenNull(options, "the options", "PlugOptions.options()")
                .when(categories.isEmpty(), "there are no categories; give those that the judge may name")
                .when(
                        options != null && options.batch() > 1,
                        "a judge takes one text at a time; leave the batch out, or write a Classifier");
        Names.faultOf("guardrail", name).ifPresent(fault -> faults.when(true, fault));
        categories.forEach(
                category -> Names.faultOf("category", category).ifPresent(fault -> faults.when(true, fault)));
        if (options != null) {
            faults.all(options.faults());
        }
        if (!faults.found().isEmpty()) {
            return new PlugRail(name, faults.found());
        }
        return new PlugRail(
                name,
                new PlugRail.Model<Judgement>() {
                    @Override
                    public List<@Nullable Judgement> answers(List<String> texts) throws Exception {
                        List<@Nullable Judgement> read = new ArrayList<>();
                        for (String text : texts) {
                            read.add(read(judge.judge(text)));
                        }
                        return read;
                    }

                    @Override
                    public int bytes(Judgement answer) {
                        return 0; // the category is one of those declared
                    }

                    @Override
                    public Verdict<String> verdict(Judgement answer, String text) {
                        return judged(answer);
                    }
                },
                options);
    }

    /** The judgement with the category as it was declared, or null where it is no answer. */
    private @Nullable Judgement read(@Nullable Judgement given) {
        Judgement.Ruling ruling = given == null ? null : given.ruling();
        if (given == null || ruling == null) {
            return null;
        }
        if (ruling == Judgement.Ruling.PASS) {
            return Judgement.pass();
        }
        for (String category : categories) {
            if (category != null && category.equals(given.category())) {
                return new Judgement(ruling, category);
            }
        }
        return null;
    }

    private Verdict<String> judged(Judgement judgement) {
        Finding finding =
                new Finding(name, judgement.category(), "the judge finds " + judgement.category() + " in the text");
        return switch (judgement.ruling()) {
            case PASS -> Verdict.pass();
            case FLAG -> Verdict.flag(finding);
            case RETRY -> Verdict.retry(finding);
            case BLOCK -> Verdict.block(finding);
        };
    }
}
