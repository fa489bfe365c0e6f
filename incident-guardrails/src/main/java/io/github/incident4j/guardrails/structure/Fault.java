// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.structure;

import io.github.incident4j.model.Finding;

/**
 * What is wrong with a text.
 *
 * @param category the kind of trouble
 * @param why what is wrong, in words of ours that quote nothing of the text
 * @param at the index of the UTF-16 unit at which it shows
 */
record Fault(String category, String why, int at) {

    /** The same fault where the text is part of a larger one. */
    Fault shifted(int by) {
        return new Fault(category, why, at + by);
    }

    Finding in(String text, String rule) {
        return new Finding(rule, category, why + " at " + Position.of(text, at));
    }
}
