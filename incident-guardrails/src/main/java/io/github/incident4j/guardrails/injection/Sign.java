// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.injection;

import io.github.incident4j.guardrails.scan.Hit;
import io.github.incident4j.guardrails.scan.Recogniser;
import io.github.incident4j.guardrails.scan.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule that a function reads, from its trigger on. */
record Sign(
        String rule,
        String triggers,
        boolean atWordStart,
        List<String> literals,
        boolean readsFolded,
        int reach,
        Finder finder)
        implements Recogniser {
    static final String WORD_STARTS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /** Reads what stands at a trigger. */
    @FunctionalInterface
    interface Finder {
        @Nullable
        Hit find(View view, int at);
    }

    static Sign at(String rule, String triggers, boolean atWordStart, int reach, Finder finder) {
        return new Sign(rule, triggers, atWordStart, List.of(), false, reach, finder);
    }

    static Sign atLiterals(String rule, List<String> literals, boolean readsFolded, int reach, Finder finder) {
        return new Sign(rule, "", false, literals, readsFolded, reach, finder);
    }

    static Hit hit(int from, int to, double confidence) {
        return new Hit(from, to, confidence, confidence);
    }

    @Override
    public String category() {
        return InjectionRails.CATEGORY;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return finder.find(view, at);
    }
}
