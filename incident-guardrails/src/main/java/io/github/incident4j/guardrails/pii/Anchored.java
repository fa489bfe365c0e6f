// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.pii;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule without a fixed layout, read by a function from its trigger on. */
record Anchored(String rule, String triggers, boolean atWordStart, Set<String> context, Finder finder)
        implements Recogniser {

    /** Reads a value at a trigger. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Hit find(View view, int at);
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
