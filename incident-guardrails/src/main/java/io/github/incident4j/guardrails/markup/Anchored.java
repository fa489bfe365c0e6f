// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.markup;

import io.github.incident4j.guardrails.scan.BackwardRecogniser;
import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.View;
import org.jspecify.annotations.Nullable;

/** A rule that a function reads from its trigger on. */
record Anchored(String rule, String category, String triggers, Start start, Finder finder)
        implements BackwardRecogniser {
    private static final int REACH = 4_608; // a link of 2,048 characters behind as many slashes

    /** Finds where what is triggered at a place, or later, may begin. */
    @FunctionalInterface
    interface Start {
        int before(View view, int at);
    }

    /** Reads what stands at a trigger. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Hit find(View view, int at);
    }

    @Override
    public boolean atWordStart() {
        return false;
    }

    @Override
    public int reach() {
        return REACH;
    }

    @Override
    public int earliestStart(View view, int at) {
        return start.before(view, at);
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }

    static Hit sure(int from, int to) {
        return new Hit(from, to, 0.9, 0.9);
    }
}
