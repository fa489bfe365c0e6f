// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/**
 * Finds where more characters that do not show stand than a {@link View} can pass over. What they divide is not read as
 * one value, so every rail puts them on record.
 */
record Excess() implements Recogniser {

    @Override
    public String rule() {
        return "invisible-run";
    }

    @Override
    public String category() {
        return "disguise";
    }

    @Override
    public String triggers() {
        return String.valueOf(View.EXCESS);
    }

    @Override
    public int reach() {
        return 1;
    }

    @Override
    public @Nullable Hit find(View view, int at) {
        return view.charAt(at - 1) == View.EXCESS ? null : new Hit(at, at + 1, 1, 1);
    }
}
