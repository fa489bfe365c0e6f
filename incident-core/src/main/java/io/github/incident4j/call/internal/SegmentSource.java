// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.call.internal;

import io.github.incident4j.call.CallContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of a segment attribute comes from.
 *
 * @param attribute the attribute's name
 * @param fromInput reads it from the input; null if it is read from the context
 */
public record SegmentSource<I>(String attribute, @Nullable Function<? super I, @Nullable String> fromInput) {
    /** Stands in a row of values for one that could not be read, until {@link #takeUnreadable}; known by identity. */
    @SuppressWarnings("StringOperationCanBeSimplified") // no value of the host's may be the same object
    private static final String UNREADABLE = new String("unreadable");

    @Nullable
    String valueFor(I input, CallContext context) {
        if (fromInput == null) {
            return context.attributes().get(attribute);
        }
        try {
            return fromInput.apply(input);
        } catch (Throwable e) { // nobody knows what it is; the host's call must not suffer for it
            Interruptions.keep(e);
            return UNREADABLE;
        }
    }

    /** Which of the values could not be read; they are null afterwards. Null if all could be. */
    @SuppressWarnings("ReferenceEquality") // see UNREADABLE
    static boolean @Nullable [] takeUnreadable(@Nullable String[] values) {
        boolean[] unreadable = null;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == UNREADABLE) {
                unreadable = unreadable == null ? new boolean[values.length] : unreadable;
                unreadable[i] = true;
                values[i] = null;
            }
        }
        return unreadable;
    }
}
