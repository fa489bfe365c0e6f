// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.LayoutRecogniser;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A rule without a fixed layout, read by a function from its trigger on. */
record Anchored(
        String rule,
        String triggers,
        boolean atWordStart,
        Set<String> context,
        Set<String> against,
        boolean verifies,
        int digitWithin,
        IntPredicate run,
        Runs runs,
        Finder finder)
        implements Recogniser {

    /** One whose values may have no digit and begin with any run. */
    Anchored(String rule, String triggers, boolean atWordStart, Set<String> context, Finder finder) {
        this(
                rule,
                triggers,
                atWordStart,
                context,
                Set.of(),
                false,
                -1,
                length -> true,
                (first, between, second) -> true,
                finder);
    }

    /** One whose values have a digit at most so many characters behind the trigger. */
    Anchored withDigitWithin(int characters) {
        return new Anchored(rule, triggers, atWordStart, context, against, verifies, characters, run, runs, finder);
    }

    /** One with words against its values; see {@link Recogniser#against()}. */
    Anchored withAgainst(Set<String> words) {
        return new Anchored(rule, triggers, atWordStart, context, words, verifies, digitWithin, run, runs, finder);
    }

    /** One that verifies more than the form; see {@link Recogniser#verifies()}. */
    Anchored verified() {
        return new Anchored(rule, triggers, atWordStart, context, against, true, digitWithin, run, runs, finder);
    }

    /** One whose values begin with so many letters and digits. */
    Anchored withRun(IntPredicate lengths) {
        return new Anchored(
                rule, triggers, atWordStart, context, against, verifies, digitWithin, lengths, runs, finder);
    }

    /** One whose values begin with such runs; see {@link Recogniser#mayBeginWithRuns}. */
    Anchored withRuns(Runs beginnings) {
        return new Anchored(
                rule, triggers, atWordStart, context, against, verifies, digitWithin, run, beginnings, finder);
    }

    /** Whether a value may begin with two runs. */
    @FunctionalInterface
    interface Runs {
        boolean test(int first, char between, int second);
    }

    /** Reads a value at a trigger. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Hit find(View view, int at);
    }

    /** The first of two readings of one rule that finds a value; context words are those of the first. */
    static Anchored either(LayoutRecogniser first, LayoutRecogniser second) {
        String triggers = first.triggers() + second.triggers();
        Anchored either = new Anchored(first.rule(), triggers, true, first.context(), (view, at) -> {
            Hit hit = first.find(view, at);
            return hit == null ? second.find(view, at) : hit;
        });
        Anchored known = first.verifies() ? either.verified() : either;
        return known.withAgainst(first.against())
                .withRun(length -> first.mayBeginWithRun(length) || second.mayBeginWithRun(length))
                .withRuns((run, between, next) ->
                        first.mayBeginWithRuns(run, between, next) || second.mayBeginWithRuns(run, between, next));
    }

    @Override
    public boolean mayBeginWithRun(int length) {
        return run.test(length);
    }

    @Override
    public boolean mayBeginWithRuns(int first, char between, int second) {
        return run.test(first) && runs.test(first, between, second);
    }

    @Override
    public String category() {
        return Pii.CATEGORY;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }
}
