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
        int digitWithin,
        IntPredicate run,
        Finder finder)
        implements Recogniser {

    /** One whose values may have no digit and begin with any run. */
    Anchored(String rule, String triggers, boolean atWordStart, Set<String> context, Finder finder) {
        this(rule, triggers, atWordStart, context, -1, length -> true, finder);
    }

    /** One whose values have a digit at most so many characters behind the trigger. */
    Anchored withDigitWithin(int characters) {
        return new Anchored(rule, triggers, atWordStart, context, characters, run, finder);
    }

    /** One whose values begin with so many letters and digits. */
    Anchored withRun(IntPredicate lengths) {
        return new Anchored(rule, triggers, atWordStart, context, digitWithin, lengths, finder);
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
        return either.withRun(length -> first.mayBeginWithRun(length) || second.mayBeginWithRun(length));
    }

    @Override
    public boolean mayBeginWithRun(int length) {
        return run.test(length);
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
