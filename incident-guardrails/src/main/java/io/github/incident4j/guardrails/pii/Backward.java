// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.BackwardRecogniser;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule without a fixed layout whose values begin before their trigger. */
record Backward(
        String rule, String triggers, boolean atWordStart, Set<String> context, Start start, Anchored.Finder finder)
        implements BackwardRecogniser {

    /** Finds where a value may begin that is triggered at a place. */
    @FunctionalInterface
    interface Start {
        int before(View view, int at);
    }

    @Override
    public String category() {
        return Pii.CATEGORY;
    }

    @Override
    public int earliestStart(View view, int at) {
        return start.before(view, at);
    }

    /** A value goes on before its trigger behind a character over which it reaches where this stands alone. */
    @Override
    public boolean mayStandBefore(char c) {
        return start.before(View.of(String.valueOf(c)), 1) < 1;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }
}
