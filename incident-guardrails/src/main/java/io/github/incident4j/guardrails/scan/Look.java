// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import org.jspecify.annotations.Nullable;

/**
 * A look at the text on behalf of several rules, such as those for links, of which one at most holds. It is taken once
 * at each trigger, however many of the {@link SharedRecogniser rules} ask. All else is as with a {@link Recogniser}.
 */
@FunctionalInterface
public interface Look {

    /**
     * Looks for a value of any of the rules.
     *
     * @param view the text
     * @param at the index of the trigger in the view, for a literal that of its first character
     * @return what is there, or null when there is no value
     */
    @Nullable
    Seen at(View view, int at);

    /**
     * A value, and the rule that it is one of.
     *
     * @param rule the rule's name
     * @param hit the span
     */
    record Seen(String rule, Hit hit) {}
}
