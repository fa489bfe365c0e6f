// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

/** Knows values that begin before their trigger, such as an e-mail address, whose trigger is the sign {@code @}. */
public interface BackwardRecogniser extends Recogniser {

    /**
     * Where a value may begin that is triggered at a place, or later. The text from there on is held back until it is
     * known whether the trigger comes.
     *
     * @param view the text; what lies at and behind {@code at} is not shown
     * @param at the index of a trigger, or the end of a text that may go on
     * @return the smallest index at which a value begins, {@code at} when none does
     */
    int earliestStart(View view, int at);

    /**
     * Whether a character may stand directly before the trigger in a value. Behind another one {@link #earliestStart}
     * is not asked, as the value then begins with its trigger.
     *
     * @param c the character; one beyond ASCII is not asked for
     * @return whether it may
     */
    default boolean mayStandBefore(char c) {
        return true;
    }
}
