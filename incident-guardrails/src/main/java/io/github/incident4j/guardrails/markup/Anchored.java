// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import org.jspecify.annotations.Nullable;

/** A rule that a function reads from its trigger on. */
record Anchored(String rule, String category, String triggers, boolean atWordStart, Finder finder)
        implements Recogniser {

    /** Reads what stands at a trigger. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Hit find(View view, int at);
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }

    static Hit sure(int from, int to) {
        return new Hit(from, to, 0.9, 0.9);
    }
}
