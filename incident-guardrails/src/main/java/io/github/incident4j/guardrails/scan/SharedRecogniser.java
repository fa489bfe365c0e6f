// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/**
 * One of several rules with one {@link Look}. They are the same in all but their names, labels and context words; above
 * all in their triggers and reach.
 */
public interface SharedRecogniser extends Recogniser {

    /** {@return the look, the same object for all rules that share it} */
    Look look();

    @Override
    default @Nullable Hit find(View view, int at) {
        Look.Seen seen = look().at(view, at);
        return seen != null && seen.rule().equals(rule()) ? seen.hit() : null;
    }
}
