// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.guardrails.scan;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows what one kind of value looks like. A scanner calls {@link #find} at each trigger, so a recogniser looks at a
 * bounded number of characters round it, and every text takes linear time. Values with a fixed layout need no class of
 * their own: see {@link LayoutRecogniser}.
 *
 * <p>A recogniser is used by several threads at once; it keeps no state.
 */
public interface Recogniser {

    /** {@return the name of the rule, small letters, digits and hyphens} */
    String rule();

    /** {@return the kind of trouble, such as {@code pii}} */
    String category();

    /** {@return what to put in a value's place: the rule's name in capitals, with underscores} */
    default String label() {
        return rule().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** {@return the ASCII characters at which to look} */
    String triggers();

    /** {@return whether to look only where no ASCII letter or digit stands before the trigger} */
    default boolean atWordStart() {
        return true;
    }

    /** {@return the words, each of small letters only, that make a value nearby more likely} */
    default Set<String> context() {
        return Set.of();
    }

    /** {@return what is wrong with this recogniser, one sentence for each fault} */
    default List<String> faults() {
        return List.of();
    }

    /**
     * Looks for a value at a trigger.
     *
     * @param view the text
     * @param at the index of the trigger in the view
     * @return the span, or null when there is no value
     */
    @Nullable
    Hit find(View view, int at);
}
