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

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }
}
